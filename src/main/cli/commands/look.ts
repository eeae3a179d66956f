import { dirname, resolve } from 'node:path';
import type { ParseArgsOptionsConfig } from 'node:util';
import type { Api } from '../../../shared/api/index.ts';
import type { GoalRow } from '../../../shared/api/goals.ts';
import { formatDuration } from '../../../shared/goal/duration.ts';
import { statusWord } from '../../../shared/goal/status-table.ts';
import { newTimeline } from '../../../shared/timeline/model.ts';
import { entryText } from '../../../shared/timeline/rows.ts';
import { addEvent } from '../../../shared/timeline/timeline.ts';
import type { Client } from '../../../shared/rpc/connect.ts';
import type { Config } from '../../host/config.ts';
import { exportGoal } from '../../host/export-goal.ts';
import { pathsUnder } from '../../host/paths.ts';
import { parseFlags } from '../args.ts';
import type { Parsed } from '../args.ts';
import { findGoal, openSession, readEvents, readGoal } from '../client.ts';
import type { Io } from '../io.ts';
import { failed, misused } from '../io.ts';
import { document } from '../output.ts';
import { inert, inertLine } from '../../../shared/safe-text.ts';

type Looked = {
  readonly client: Client<Api>;
  readonly config: Config;
  readonly row: GoalRow;
  readonly flags: Parsed;
  readonly json: boolean;
  readonly io: Io;
};
/** Resolves with the exit code where it is not 0. */
type View = (o: Looked) => Promise<number | void>;

/** Commands that only read; none starts anything, with or without a host. */
const views: Readonly<Record<string, View>> = {
  async status({ row, json, io }) {
    if (json) return document(io, { goal_id: row.goalId, status: row.status, line: row.line });
    io.out(`${statusWord(row.status)} (${row.status})  ${inertLine(row.line)}\n`);
  },
  async show({ client, row, json, io }) {
    if (json) return document(io, row);
    io.out(`${inertLine(row.title)}\n${row.goalId}\n${statusWord(row.status)}  ${inertLine(row.line)}\n`);
    io.out(
      `Project ${inertLine(row.project.path)}, agent ${inertLine(row.agentName)}, ${formatDuration(row.agentMs)} of agent time\n`,
    );
    io.out(`Gates   ${row.gates.passed} of ${row.gates.total} passed\n`);
    const proof = await client.proofs.get({ goalId: row.goalId });
    if (proof && proof.path !== '') io.out(`Proof   ${inertLine(proof.path)}\n`);
  },
  async events({ client, row, json, io }) {
    const events = await readEvents(client, row.goalId);
    if (json) return document(io, events);
    const timeline = newTimeline();
    for (const event of events) addEvent(timeline, event);
    for (const entry of timeline.entries)
      io.out(`${new Date(entry.at).toISOString()}  ${inertLine(entryText(entry))}\n`);
  },
  async budget({ client, row, json, io }) {
    const state = await readGoal(client, row.goalId);
    if (!state.exists) throw failed(row.readOnly ?? 'This goal cannot be read.');
    const { budget, spend } = state;
    if (json) return document(io, { goal_id: row.goalId, budget, spend: { ...spend } });
    const time = budget.timeMs === null ? 'no limit' : formatDuration(budget.timeMs);
    const estimated = spend.unmetered ? ' (unmetered: estimated by omk)' : '';
    const money = budget.usd === null ? 'no limit' : `$${budget.usd.toFixed(2)}`;
    io.out('Goal budget\n');
    io.out(`  Time    ${formatDuration(spend.agentMs)} of ${time}\n`);
    io.out(`  Tokens  ${spend.tokensTotal} of ${budget.tokens ?? 'no limit'}${estimated}\n`);
    io.out(`  Money   $${spend.usd.toFixed(2)} of ${money}\n`);
    io.out(`  Gates   ${formatDuration(spend.gateMs)}, not counted against the time budget\n`);
  },
  async diff({ client, row, json, io }) {
    const diff = await client.goals.diff({ goalId: row.goalId, commit: null });
    if (!diff) throw failed('There is no result to compare yet.');
    if (json) return document(io, diff);
    io.out(inert(diff.patch));
  },
  async proof({ client, row, json, io }) {
    const proof = await client.proofs.get({ goalId: row.goalId });
    if (!proof) throw failed(noProof(row));
    if (json) return document(io, proof.json);
    const markdown = await client.proofs.markdown({ goalId: row.goalId });
    io.out(`${inert(markdown?.text ?? '')}\n${inertLine(proof.path)}\n`);
  },
  async verify({ client, row, json, io }) {
    const found = await client.proofs.verify({ goalId: row.goalId });
    if (json) document(io, { goal_id: row.goalId, ...found });
    else if (found.ok) io.out(`Unchanged since omk wrote it: ${found.checked} parts checked.\n`);
    else for (const problem of found.problems) io.out(`${inertLine(problem)}\n`);
    return found.ok ? 0 : 1;
  },
  async questions({ row, json, io }) {
    if (json) return document(io, row.questions);
    if (row.questions.length === 0) io.out('Nothing needs you.\n');
    for (const { questionId, question } of row.questions) {
      io.out(`${questionId}\n  ${inertLine(question.title)}\n`);
      if (question.context !== '') io.out(`  ${inertLine(question.context)}\n`);
      if (question.subject !== undefined) io.out(`${inert(question.subject).replace(/^/gm, '    ')}\n`);
      if (question.quote !== undefined) io.out(`  The agent: ${inertLine(question.quote)}\n`);
      question.choices.forEach((choice, index) => io.out(`  ${index + 1}. ${inertLine(choice.label)}\n`));
    }
  },
  async export({ client, config, row, flags, json, io }) {
    const to = flags.text('to');
    if (to === null || to === '') throw misused('Say where to: omk goal export [ID] --to DIR.');
    const proof = await client.proofs.get({ goalId: row.goalId });
    if (!proof) throw failed(noProof(row));
    const target = resolve(io.cwd, to);
    const done = await exportGoal({
      from: dirname(proof.path),
      artifacts: pathsUnder(config.root).artifacts,
      to: target,
    });
    if (!done.ok) throw failed(done.error.message);
    if (json) return document(io, { goal_id: row.goalId, path: target, checked: done.value.checked });
    io.out(`${inertLine(target)}\n`);
  },
};

const noProof = (row: GoalRow): string => row.readOnly ?? 'There is no proof yet: nothing was verified.';

const optionsOf = (name: string): ParseArgsOptionsConfig => ({
  json: { type: 'boolean' },
  ...(name === 'export' ? { to: { type: 'string' } } : {}),
});

export const viewNames = [...Object.keys(views), 'replay', 'list'];

export async function lookAtGoal(
  name: string,
  args: readonly string[],
  config: Config,
  io: Io,
): Promise<number> {
  const flags = parseFlags(args, optionsOf(name), { positionals: name === 'list' ? 0 : 1 });
  const session = await openSession(config, { drive: false });
  try {
    const json = flags.flag('json');
    if (name === 'list') return await listGoals(session.client, json, io);
    const view = views[name === 'replay' ? 'events' : name];
    if (!view) throw misused(`There is no command "omk goal ${name}".`);
    const row = await findGoal(session.client, flags.positionals[0]);
    return (await view({ client: session.client, config, row, flags, json, io })) ?? 0;
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
      io.out(`${row.goalId}  ${row.status.padEnd(19)} ${inertLine(row.title).slice(0, 80)}\n`);
  return 0;
}
