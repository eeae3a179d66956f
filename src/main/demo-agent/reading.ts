import { readFileSync } from 'node:fs';
import type { Turn } from './turn.ts';

/** How omk's prompts for sessions that only read begin; the demonstration agent has no other way to know them. */
export const planOpening = 'Plan the work on this goal.';
export const reviewOpening = 'Review this change.';

/** One task, as an engineer would plan a bug of two lines. */
export async function plan(turn: Turn): Promise<void> {
  await look(turn, 'src/money.js');
  turn.usage(1_100, 90);
  sayJson(turn, {
    brief:
      'Amounts lose a zero: cents below ten are written without it, and one decimal is read as single cents.',
    technical_plan:
      'Pad the cents to two digits on both sides, in formatCents and in parseCents. Nothing else changes.',
    test_spec:
      'The two tests that fail now pass: the zero of amounts below ten cents, and one decimal. The other four stay green.',
    tasks: [
      {
        id: 'pad-cents',
        title: 'Pad the cents when amounts are written and read',
        description:
          'In src/money.js, formatCents pads the rest to two digits at its start and parseCents pads what follows the point to two digits at its end.',
        dependencies: [],
        read_set: ['src', 'test'],
        write_set: ['src/money.js'],
        acceptance: ['node --test passes', 'formatCents(5) is 0.05 and parseCents of 1.5 is 150'],
        risk: 'low',
      },
    ],
    open_questions: [],
  });
}

/** One remark, so that a person can see what a second opinion looks like. */
export async function review(turn: Turn): Promise<void> {
  await look(turn, 'src/money.js');
  turn.usage(1_300, 70);
  const lines = readFileSync('src/money.js', 'utf8').split('\n');
  const at = lines.findIndex((line) => line.includes('rest.padEnd'));
  sayJson(turn, {
    summary: 'The change does what the goal asks for. More than two decimals are still read wrong.',
    findings:
      at < 0
        ? []
        : [
            {
              section: 'code',
              rule: 'unchecked input',
              severity: 'note',
              file: 'src/money.js',
              line: at + 1,
              message:
                'Three decimals, such as 1.234, are still taken as 234 cents. Refuse them, or cut them off.',
            },
          ],
  });
}

const look = (turn: Turn, path: string): Promise<boolean> =>
  turn.tool('ReadFile', { path }, async () => ({ ok: true, output: readFileSync(path, 'utf8') }));

export const sayJson = (turn: Turn, document: object): void =>
  turn.say(`\`\`\`json\n${JSON.stringify(document, null, 2)}\n\`\`\`\n`);
