import { cp, mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Api } from '../../../shared/api/index.ts';
import type { GoalRow } from '../../../shared/api/goals.ts';
import { formatDuration } from '../../../shared/goal/duration.ts';
import { statusWord } from '../../../shared/goal/status-table.ts';
import { newTimeline } from '../../../shared/timeline/model.ts';
import { entryText } from '../../../shared/timeline/rows.ts';
import { addEvent } from '../../../shared/timeline/timeline.ts';
import type { Client } from '../../../shared/rpc/connect.ts';
import type { Config } from '../../host/config.ts';
import { parseFlags } from '../args.ts';
import { findGoal, openSession, readEvents, readGoal } from '../client.ts';
import type { Io } from '../io.ts';
import { failed, misused } from '../io.ts';
import { inert } from '../../../shared/safe-text.ts';

const options = { json: { type: 'boolean' }, to: { type: 'string' } } as const;

type View = (o: {
  client: Client<Api>;
  row: GoalRow;
  json: boolean;
  to: string | null;
  io: Io;
}) => Promise<void>;

/** Commands that only read; none starts anything, with or without a host. */
const views: Readonly<Record<string, View>> = {
  async status({ row, json, io }) {
    if (json) return document(io, { goal_id: row.goalId, status: row.status, line: row.line });
    io.out(`${statusWord(row.status)} (${row.status})  ${inert(row.line)}\n`);
  },
  async show({ client, row, json, io }) {
    if (json) return document(io, row);
    io.out(`${inert(row.title)}\n${row.goalId}\n${statusWord(row.status)}  ${inert(row.line)}\n`);
    io.out(
      `Project ${inert(row.project.path)}, agent ${inert(row.agentName)}, ${formatDuration(row.agentMs)} of agent time\n`,
    );
    io.out(`Gates   ${row.gates.passed} of ${row.gates.total} passed\n`);
    const proof = await client.proofs.get({ goalId: row.goalId });
    if (proof) io.out(`Proof   ${proof.path}\n`);
  },
  async events({ client, row, json, io }) {
    const events = await readEvents(client, row.goalId);
    if (json) {
      for (const event of events) io.out(`${JSON.stringify(event)}\n`);
      return;
    }
    const timeline = newTimeline();
    for (const event of events) addEvent(timeline, event);
    for (const entry of timeline.entries) {
      io.out(`${new Date(entry.at).toISOString()}  ${inert(entryText(entry))}\n`);
    }
  },
  async budget({ client, row, json, io }) {
    const state = await readGoal(client, row.goalId);
    if (!state.exists) return;
    const { budget, spend } = state;
    if (json) return document(io, { goal_id: row.goalId, budget, spend: { ...spend } });
    io.out('Goal budget\n');
    io.out(
      `  Time    ${formatDuration(spend.agentMs)} of ${budget.timeMs === null ? 'no limit' : formatDuration(budget.timeMs)}\n`,
    );
    io.out(
      `  Tokens  ${spend.tokensTotal} of ${budget.tokens ?? 'no limit'}${spend.unmetered ? ' (unmetered: estimated by omk)' : ''}\n`,
    );
    io.out(
      `  Money   $${spend.usd.toFixed(2)} of ${budget.usd === null ? 'no limit' : `$${budget.usd.toFixed(2)}`}\n`,
    );
    io.out(`  Gates   ${formatDuration(spend.gateMs)}, not counted against the time budget\n`);
  },
  async diff({ client, row, json, io }) {
    const diff = await client.goals.diff({ goalId: row.goalId, commit: null });
    if (json) return document(io, diff);
    if (!diff) throw failed('There is no result to compare yet.');
    io.out(diff.patch.split('\n').map(inert).join('\n'));
  },
  async proof({ client, row, json, io }) {
    const proof = await client.proofs.get({ goalId: row.goalId });
    if (!proof) throw failed('There is no proof yet: nothing was verified.');
    if (json) return document(io, proof.json);
    const markdown = await client.proofs.markdown({ goalId: row.goalId });
    io.out(`${(markdown?.text ?? '').split('\n').map(inert).join('\n')}\n${proof.path}\n`);
  },
  async questions({ row, json, io }) {
    if (json) return document(io, row.questions);
    if (row.questions.length === 0) io.out('Nothing needs you.\n');
    for (const { questionId, question } of row.questions) {
      io.out(`${questionId}\n  ${inert(question.title)}\n`);
      if (question.context !== '') io.out(`  ${inert(question.context)}\n`);
      if (question.subject !== undefined)
        io.out(
          `${question.subject
            .split('\n')
            .map((line) => `    ${inert(line)}`)
            .join('\n')}\n`,
        );
      if (question.quote !== undefined) io.out(`  The agent: ${inert(question.quote)}\n`);
      question.choices.forEach((choice, index) => io.out(`  ${index + 1}. ${inert(choice.label)}\n`));
    }
  },
  async export({ client, row, to, io }) {
    if (to === null) throw misused('Say where to: omk goal export [ID] --to DIR.');
    const proof = await client.proofs.get({ goalId: row.goalId });
    if (!proof) throw failed('There is nothing to export yet: nothing was verified.');
    const target = resolve(io.cwd, to);
    await mkdir(target, { recursive: true, mode: 0o700 });
    await cp(dirname(proof.path), target, { recursive: true, errorOnExist: true, force: false });
    io.out(`${target}\n`);
  },
};

export const viewNames = [...Object.keys(views), 'replay', 'list'];

export async function lookAtGoal(
  name: string,
  args: readonly string[],
  config: Config,
  io: Io,
): Promise<number> {
  const flags = parseFlags(args, options);
  const session = await openSession(config, { drive: false });
  try {
    const json = flags.flag('json');
    if (name === 'list') return await listGoals(session.client, json, io);
    const view = views[name === 'replay' ? 'events' : name];
    if (!view) throw misused(`There is no command "omk goal ${name}".`);
    const row = await findGoal(session.client, flags.positionals[0]);
    await view({ client: session.client, row, json, to: flags.text('to'), io });
    return 0;
  } finally {
    await session.close();
  }
}

async function listGoals(client: Client<Api>, json: boolean, io: Io): Promise<number> {
  const rows = await client.goals.list({});
  if (json) document(io, rows);
  else if (rows.length === 0)
    io.out('There are no goals yet. Start one: omk goal run "<text>" --repo DIR.\n');
  else
    for (const row of rows)
      io.out(`${row.goalId}  ${row.status.padEnd(19)} ${inert(row.title).slice(0, 80)}\n`);
  return 0;
}

function document(io: Io, value: unknown): void {
  io.out(`${JSON.stringify(value, null, 2)}\n`);
}
