import { describe, expect, it } from 'vitest';
import { foldGoal } from '../../shared/goal/evolve.ts';
import { CommandId } from '../../shared/kernel/ids.ts';
import { attemptId, opened, started, story } from '../../shared/testing/story.ts';
import { createConnection } from '../connection.ts';
import type { HostConnection } from '../connection.ts';
import { acceptableGoal, liveSignals, runningAgent, runningGoal } from '../testing/scenes.ts';
import { fakeHost } from '../testing/fake-host.ts';
import type { FakeWorld } from '../testing/fake-host.ts';
import { createGoalMirrors } from './goal-mirrors.ts';
import { createGoalMirror } from './goal.ts';
import type { GoalData } from './goal.ts';
import { createGoalsMirror } from './goals.ts';
import type { Mirror } from './create-mirror.ts';
import { createPending } from './pending.ts';
import { stateAt } from './travel.ts';

function page(world: FakeWorld) {
  const host = fakeHost(world);
  const connection: HostConnection = createConnection({ open: host.connect, wait: () => Promise.resolve() });
  let ids = 0;
  const pending = createPending({
    connection,
    now: () => 0,
    newId: () => CommandId.parse(`command-of-page-${(ids += 1)}`),
  });
  const flush = (publish: () => void): void => publish();
  return { host, connection, pending, flush, now: () => 42 };
}

const settled = async (mirror: Mirror<GoalData>, version: number): Promise<GoalData> => {
  await expect.poll(() => mirror.store.getState().data.version).toBe(version);
  return mirror.store.getState().data;
};

describe('mirror of a goal', () => {
  it('holds exactly what the host folds from the same log', async () => {
    const told = acceptableGoal();
    const at = page({ logs: [told.events] });
    const mirror = createGoalMirror({ ...at, goalId: told.goalId });
    const data = await settled(mirror, told.events.length);
    expect(data.state).toEqual(foldGoal(told.events));
    mirror.close();
    at.connection.close();
  });

  it('goes on from where it was after a lost connection, without a row twice', async () => {
    const told = acceptableGoal();
    const at = page({ logs: [told.events] });
    const mirror = createGoalMirror({ ...at, goalId: told.goalId });
    const before = await settled(mirror, told.events.length);
    const rows = before.timeline.entries.length;
    const { client } = at.connection.store.getState();
    at.host.cut();
    await expect.poll(() => at.connection.store.getState().client).not.toBe(client);
    told.tell('goal.paused', {}, { actor: 'operator' });
    const last = told.events.at(-1);
    if (last) at.host.append(last);
    const after = await settled(mirror, told.events.length);
    expect(after.timeline.entries).toHaveLength(rows + 1);
    expect(after.state).toEqual(foldGoal(told.events));
    mirror.close();
    at.connection.close();
  });

  it('shows what an attempt in flight said before the page was there, and what it says now', async () => {
    const told = runningGoal();
    const signals = liveSignals(told.goalId);
    const at = page({ logs: [told.events], tails: new Map([[runningAgent, signals.slice(0, 1)]]) });
    const mirror = createGoalMirror({ ...at, goalId: told.goalId });
    const texts = (): string[] =>
      mirror.store
        .getState()
        .data.timeline.entries.filter((entry) => entry.version === null)
        .map((entry) => `${entry.lead}${entry.spans[0]?.text.slice(0, 12)}`);
    await expect.poll(texts).toEqual(['The failure ']);
    at.host.signal(told.goalId, signals.slice(1, 2));
    await expect.poll(texts).toEqual(['The failure ', 'Ran`pnpm vitest']);
    mirror.close();
    at.connection.close();
  });

  it('forgets what an attempt was doing once it has ended', async () => {
    const told = story()
      .tell('goal.opened', opened('x'))
      .tell('attempt.started', started('one', 'agent', 1));
    const at = page({ logs: [told.events] });
    const mirror = createGoalMirror({ ...at, goalId: told.goalId });
    await settled(mirror, 2);
    at.host.signal(told.goalId, [
      {
        type: 'activity',
        goalId: told.goalId,
        attemptId: attemptId('one'),
        label: 'x',
        silentMs: 0,
        done: null,
        total: null,
      },
    ]);
    await expect.poll(() => mirror.store.getState().data.live.activities.size).toBe(1);
    told.tell('attempt.finished', { attemptId: attemptId('one'), fence: 1, evidence: [] });
    const last = told.events.at(-1);
    if (last) at.host.append(last);
    await expect.poll(() => mirror.store.getState().data.live.activities.size).toBe(0);
    mirror.close();
    at.connection.close();
  });

  it('is shared by everybody who looks, and closed by the last', async () => {
    const told = acceptableGoal();
    const at = page({ logs: [told.events] });
    const mirrors = createGoalMirrors(at);
    const mirror = mirrors.open(told.goalId);
    expect(mirrors.open(told.goalId)).toBe(mirror);
    mirrors.release(told.goalId);
    await settled(mirror, told.events.length);
    mirrors.release(told.goalId);
    expect(mirrors.open(told.goalId)).not.toBe(mirror);
    at.connection.close();
  });
});

describe('travelling in time', () => {
  it('gives every earlier state as the log has it', async () => {
    const told = story().tell('goal.opened', opened('x'));
    for (let index = 0; index < 450; index += 1)
      told.tell(index % 2 === 0 ? 'goal.paused' : 'goal.resumed', {});
    const at = page({ logs: [told.events] });
    const mirror = createGoalMirror({ ...at, goalId: told.goalId });
    const data = await settled(mirror, told.events.length);
    expect(data.checkpoints.map((one) => one.version)).toEqual([200, 400]);
    const { signal } = new AbortController();
    const client = await at.connection.whenLive(signal);
    for (const version of [1, 199, 200, 333, 450, 451]) {
      const then = await stateAt(client, told.goalId, data, version, signal);
      expect(then).toEqual(foldGoal(told.events.slice(0, version)));
    }
    mirror.close();
    at.connection.close();
  });
});

describe('commands of the page', () => {
  it('are sent again with the same id when the connection is lost before the answer', async () => {
    const told = acceptableGoal();
    const at = page({ logs: [told.events] });
    await at.connection.whenLive(new AbortController().signal);
    const seen: string[] = [];
    const answer = at.pending.send(
      { kind: 'goal.pause', subject: told.goalId },
      async (client, commandId) => {
        seen.push(commandId);
        if (seen.length === 1) at.host.cut();
        return client.goals.pause({ commandId, goalId: told.goalId });
      },
    );
    expect(at.pending.store.getState().size).toBe(1);
    expect(await answer).toMatchObject({ ok: true });
    expect(new Set(seen).size).toBe(1);
    expect(seen.length).toBe(2);
    expect(at.pending.store.getState().size).toBe(0);
    at.connection.close();
  });

  it('are no longer pending once their event has arrived', async () => {
    const told = acceptableGoal();
    const at = page({ logs: [told.events] });
    const mirror = createGoalMirror({ ...at, goalId: told.goalId });
    await settled(mirror, told.events.length);
    let release: () => void = () => {};
    const held = at.pending.send({ kind: 'goal.pause', subject: told.goalId }, async () => {
      await new Promise<void>((resolve) => (release = resolve));
      return { ok: true, value: null };
    });
    await expect.poll(() => at.pending.store.getState().size).toBe(1);
    told.tell('goal.paused', {});
    const last = told.events.at(-1);
    if (last) at.host.append({ ...last, commandId: CommandId.parse('command-of-page-1') });
    await expect.poll(() => at.pending.store.getState().size).toBe(0);
    release();
    await held;
    mirror.close();
    at.connection.close();
  });
});

describe('list of goals', () => {
  it('follows the host, row by row', async () => {
    const told = acceptableGoal();
    const at = page({ logs: [told.events.slice(0, 3)] });
    const mirror = createGoalsMirror(at.connection, at.flush);
    await expect.poll(() => mirror.store.getState().data.complete).toBe(true);
    for (const event of told.events.slice(3)) at.host.append(event);
    await expect
      .poll(() => mirror.store.getState().data.rows.get(told.goalId)?.version)
      .toBe(told.events.length);
    expect(mirror.store.getState().data.rows.get(told.goalId)?.questions).toHaveLength(1);
    mirror.close();
    at.connection.close();
  });
});
