import { randomUUID } from 'node:crypto';
import type { Api } from '../../shared/api/index.ts';
import type { GoalRow } from '../../shared/api/goals.ts';
import { foldGoal } from '../../shared/goal/evolve.ts';
import type { GoalEvent } from '../../shared/goal/events.ts';
import type { GoalState } from '../../shared/goal/state.ts';
import { CommandId, GoalId } from '../../shared/kernel/ids.ts';
import type { Client } from '../../shared/rpc/connect.ts';
import { openHere } from '../host/open-here.ts';
import type { Config } from '../host/config.ts';
import { failed } from './io.ts';

export type Session = {
  readonly client: Client<Api>;
  /** `true`: the host is this process and ends with it. */
  readonly here: boolean;
  readonly close: () => Promise<void>;
};

/** Attaches to the host of the state directory, or starts one here. `drive: false` only reads and appends; no attempt is started. */
export async function openSession(config: Config, o: { readonly drive: boolean }): Promise<Session> {
  const opened = await openHere(config, o);
  if (!opened.ok) throw failed(opened.error.message);
  return opened.value;
}

export const newCommandId = (): CommandId => CommandId.parse(randomUUID());

/** `latest`, nothing, or a strict goal id; the row it means. Throws `CommandFailed` naming what exists. */
export async function findGoal(client: Client<Api>, text: string | undefined): Promise<GoalRow> {
  const rows = await client.goals.list({});
  if (text === undefined || text === 'latest') {
    const latest = rows.toSorted((a, b) => b.openedAt - a.openedAt || (a.goalId < b.goalId ? 1 : -1))[0];
    if (!latest) throw failed('There are no goals yet. Start one: omk goal run "<text>" --repo DIR.');
    return latest;
  }
  const id = GoalId.safeParse(text);
  if (!id.success)
    throw failed(
      `"${text.slice(0, 60)}" is not a goal id. An id looks like goal-20260101-120000-000-0a1b2c3d; \`omk goal list\` shows them.`,
    );
  const row = rows.find((one) => one.goalId === id.data);
  if (!row) throw failed(`There is no goal ${id.data} here. \`omk goal list\` shows the ones there are.`);
  return row;
}

export const looksLikeGoal = (text: string | undefined): boolean =>
  text === 'latest' || GoalId.safeParse(text).success;

/** The whole log of a goal as of now. */
export async function readEvents(client: Client<Api>, goalId: GoalId): Promise<readonly GoalEvent[]> {
  const ending = new AbortController();
  const events: GoalEvent[] = [];
  for await (const item of client.goals.watch({ goalId, afterVersion: 0 }, { signal: ending.signal })) {
    if (item.type === 'events') events.push(...item.events);
    if (item.type === 'caught_up') break;
  }
  ending.abort();
  return events;
}

export const readGoal = async (client: Client<Api>, goalId: GoalId): Promise<GoalState> =>
  foldGoal(await readEvents(client, goalId));
