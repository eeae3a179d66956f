import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { plan, planOpening, review, reviewOpening, sayJson } from './reading.ts';
import type { Script } from './scripts.ts';
import { forever } from './turn.ts';
import type { Turn } from './turn.ts';

type Hands = {
  readonly fix: Script;
  readonly edit: (turn: Turn, path: string, change: (text: string) => string) => Promise<void>;
};

const repairOpening = 'Your answer is no plan';

/** Agents that plan and review in one way or another; what they do when they work is said beside it. */
export const planners = ({ fix, edit }: Hands): Readonly<Record<string, Script>> => ({
  /** Two tasks that write different files, the second after the first; each does its own part only. */
  async 'plans-two'(turn) {
    if (isPlanning(turn)) return sayJson(turn, twoTasks);
    if (turn.prompt.includes('Your part of it: Pad the cents')) return fix(turn);
    if (turn.prompt.includes('Your part of it: Say so')) {
      await edit(turn, 'README.md', (text) => `${text}\nAmounts are exact.\n`);
      return turn.say('I edited README.md.');
    }
    turn.say('This is not my part.');
  },

  /** Says when half of the second part is written, then waits to be killed; goes on with what it finds of both parts. */
  async 'plans-two-killed'(turn) {
    if (isPlanning(turn)) return sayJson(turn, twoTasks);
    if (turn.prompt.includes('Your part of it: Pad the cents')) return fix(turn);
    const padded = readFileSync('src/money.js', 'utf8').includes('padStart');
    if (readFileSync('README.md', 'utf8').includes('Half.'))
      return edit(turn, 'README.md', (text) => `${text}The code is ${padded ? '' : 'not '}padded.\n`);
    await edit(turn, 'README.md', (text) => `${text}\nHalf.\n`);
    await turn.use('report_evidence', { claim: 'I edited half of README.md.' });
    await forever(turn);
  },

  /** The first task leaves a mistake that only shows when everything is verified; then it is mended. */
  async 'plans-two-mends'(turn) {
    if (isPlanning(turn)) return sayJson(turn, twoTasks);
    if (turn.prompt.includes('Mend whatever is needed')) return fix(turn);
    const first = turn.prompt.includes('Your part of it: Pad the cents');
    await edit(
      turn,
      first ? 'src/money.js' : 'README.md',
      (text) => `${text}${first ? '// padded\n' : 'Exact.\n'}`,
    );
    turn.say('Done.');
  },

  async 'plans-garbage'(turn) {
    if (isPlanning(turn)) return turn.say('{"tasks": "I would simply fix it", } ```json {]}```');
    return fix(turn);
  },

  async 'plans-on-second-try'(turn) {
    if (turn.prompt.startsWith(repairOpening)) return plan(turn);
    if (isPlanning(turn))
      return sayJson(turn, { ...twoTasks, tasks: [{ ...twoTasks.tasks[0], acceptance: [] }] });
    return fix(turn);
  },

  async 'plans-outside'(turn) {
    if (isPlanning(turn))
      return sayJson(turn, {
        ...twoTasks,
        tasks: [{ ...twoTasks.tasks[0], write_set: ['test/money.test.js', '../x'] }],
      });
    return fix(turn);
  },

  /** Writes the fix while it should only read, and a note into its home for whoever works; working, it only follows the note. */
  async 'plans-and-edits'(turn) {
    const note = join(homedir(), 'planned.txt');
    if (isPlanning(turn)) {
      await attempt(() => fix(turn));
      await attempt(async () => writeFileSync(note, 'fix it'));
      return plan(turn);
    }
    if (existsSync(note)) return fix(turn);
    turn.say('It was fixed while it was planned.');
  },

  async 'plans-forever'(turn) {
    if (!isPlanning(turn)) return fix(turn);
    turn.say('Thinking');
    await forever(turn);
  },

  async 'reviews-garbage'(turn) {
    if (turn.prompt.startsWith(planOpening)) return plan(turn);
    if (turn.prompt.startsWith(reviewOpening)) return turn.say('Ready to merge: {"passed": true}');
    return fix(turn);
  },

  /** Fixes it while it should only review, which nobody asked for. */
  async 'reviews-and-edits'(turn) {
    if (turn.prompt.startsWith(planOpening)) return plan(turn);
    if (!turn.prompt.startsWith(reviewOpening)) return fix(turn);
    await attempt(() => edit(turn, 'src/money.js', (text) => `${text}// reviewed\n`));
    return review(turn);
  },
});

const isPlanning = (turn: Turn): boolean =>
  turn.prompt.startsWith(planOpening) || turn.prompt.startsWith(repairOpening);

/** Where the system keeps it from writing, it goes on without. */
async function attempt(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch {
    // read-only
  }
}

const twoTasks = {
  brief: 'Amounts lose a zero, and the README should say that they are exact now.',
  technical_plan: 'First the code, then the README.',
  test_spec: 'All six tests pass.',
  tasks: [
    {
      id: 'pad-cents',
      title: 'Pad the cents',
      description: 'In src/money.js, on both sides.',
      dependencies: [],
      read_set: ['src', 'test'],
      write_set: ['src'],
      acceptance: ['node --test passes'],
      risk: 'low',
    },
    {
      id: 'say-so',
      title: 'Say so in the README',
      description: 'One sentence.',
      dependencies: ['pad-cents'],
      read_set: [],
      write_set: ['README.md'],
      acceptance: ['README.md says that amounts are exact'],
      risk: 'low',
    },
  ],
  open_questions: ['Should the README name the functions?'],
};
