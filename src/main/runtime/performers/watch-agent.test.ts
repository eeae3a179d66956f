import { expect, test } from 'vitest';
import type { Signal } from '../../../shared/signals.ts';
import type { AgentEvent } from '../agent-backend.ts';
import { openGoal } from '../testing/world.ts';
import { watchAgent } from './watch-agent.ts';

/** A watch over an agent whose time a test moves, second by second. */
function watched(waiting: () => boolean = () => false) {
  const world = openGoal().driveTo('agent');
  const signals: Signal[] = [];
  let now = 0;
  let due: { readonly at: number; readonly run: () => void } | null = null;
  const watch = watchAgent({
    context: { goal: world.goal, attempt: world.begin(), emit: (signal) => signals.push(signal) },
    clock: { now: () => now, monotonic: () => now },
    timers: {
      after(ms, run) {
        const mine = { at: now + ms, run };
        due = mine;
        return () => {
          if (due === mine) due = null;
        };
      },
    },
    observe: () => {},
    waiting,
  });
  const pass = (seconds: number): void => {
    for (let second = 0; second < seconds; second += 1) {
      now += 1_000;
      if (due !== null && due.at <= now) due.run();
    }
  };
  const hear = (...events: readonly AgentEvent[]): Promise<void> =>
    watch.read(
      (async function* () {
        yield* events;
      })(),
    );
  const silence = (): number => {
    const last = signals.findLast((signal) => signal.type === 'activity');
    return last?.type === 'activity' ? last.silentMs : -1;
  };
  return { watch, signals, pass, hear, silence };
}

test('silence is shown as it grows, and gone with the first sign of life', async () => {
  const { watch, signals, pass, hear, silence } = watched();
  watch.activity('kimi works');
  pass(4);
  expect(silence()).toBe(0);
  pass(60);
  expect(silence()).toBe(64_000);
  expect(signals.at(-1)).toMatchObject({ label: 'kimi works' });
  await hear({ type: 'alive' });
  expect(silence()).toBe(0);
});

test('after five minutes it is said once that the agent seems to be stalled', async () => {
  const { signals, pass, hear } = watched();
  const said = () => signals.filter((signal) => signal.type === 'notice').length;
  pass(299);
  expect(said()).toBe(0);
  pass(200);
  expect(said()).toBe(1);
  await hear({ type: 'text', delta: 'still here' });
  pass(301);
  expect(said()).toBe(2);
});

test('an agent that waits for a person has every reason to be silent', () => {
  const { signals, pass } = watched(() => true);
  pass(1_000);
  expect(signals).toEqual([]);
});

test('nothing is said of an agent that has ended', () => {
  const { watch, signals, pass } = watched();
  watch.close();
  pass(1_000);
  expect(signals).toEqual([]);
});

test('plans, retries, context and what sub-agents do are passed on in words', async () => {
  const { signals, hear } = watched();
  const tool: AgentEvent = {
    type: 'tool',
    id: 'agent-0/call',
    name: 'Bash',
    kind: 'execute',
    state: 'running',
    paths: [],
    command: 'npm test',
    exitCode: null,
    output: null,
    subagent: 'agent-0',
  };
  await hear(
    {
      type: 'plan',
      items: [
        { title: 'First', status: 'done' },
        { title: 'Second', status: 'in_progress' },
      ],
    },
    { type: 'retry', attempt: 2, max: 3, error: '500' },
    { type: 'context', used: 1_000, max: 4_000 },
    tool,
    { ...tool, subagent: null },
    { type: 'unmapped', name: 'x' },
  );
  expect(
    signals.map(({ goalId: _, attemptId: __, ...rest }: Signal & { attemptId?: unknown }) => rest),
  ).toMatchObject([
    { type: 'activity', label: 'Second', done: 1, total: 2 },
    { type: 'notice', text: 'The model call failed (500); try 2 of 3.' },
    { type: 'context', used: 1_000, max: 4_000 },
    { type: 'tool', label: 'Sub-agent: npm test' },
    { type: 'tool', label: 'npm test' },
  ]);
});
