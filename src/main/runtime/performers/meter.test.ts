import { expect, test } from 'vitest';
import type { Payload } from '../../../shared/goal/events.ts';
import type { AgentEvent, TurnResult } from '../agent-backend.ts';
import { openGoal } from '../testing/world.ts';
import { createMeter } from './meter.ts';

const turn = (more: Partial<TurnResult>): TurnResult => ({
  outcome: 'completed',
  confirmed: true,
  error: null,
  usage: null,
  streamedBytes: 0,
  finalText: '',
  ...more,
});

/** A meter over an attempt that may spend this many tokens, at a clock that stands still. */
function metered(allowanceTokens: number) {
  const attempt = { ...openGoal().driveTo('agent').begin(), allowanceTokens, allowanceMs: null };
  const spent: Pick<Payload<'budget.spent'>, 'usageId'>[] = [];
  const stopped: string[] = [];
  const meter = createMeter({
    attempt,
    clock: { now: () => 0, monotonic: () => 0 },
    timers: { after: () => () => undefined },
    spend: (usage) => void spent.push(usage),
    promptBytes: 0,
    isKnown: () => false,
    stop: (limit) => stopped.push(limit),
  });
  const observe = (...events: readonly AgentEvent[]): void => events.forEach((event) => meter.observe(event));
  return { meter, observe, spent, stopped };
}

test('what an agent without usage writes as arguments of its calls ends its turn at the allowance', () => {
  const { observe, stopped, meter } = metered(100_000);
  for (let piece = 0; piece < 100; piece += 1) observe({ type: 'streamed', bytes: 2_900 });
  expect(stopped).toEqual([]);
  for (let piece = 0; piece < 100; piece += 1) observe({ type: 'streamed', bytes: 2_900 });
  expect(stopped).toEqual(['tokens']);
  expect(meter.close(turn({}))).toBe('tokens');
});

test('the larger of what was seen and what the backend counted is recorded', () => {
  for (const [seen, counted, tokens] of [
    [300, 600_000, 200_000],
    [600_000, 300, 200_000],
  ] as const) {
    const { observe, meter, spent } = metered(1_000_000);
    observe({ type: 'text', delta: 'x'.repeat(seen) });
    meter.close(turn({ streamedBytes: counted }));
    expect(spent.at(-1)).toMatchObject({ tokens: null, meteredTokens: tokens });
  }
});

test('an agent that reports its tokens is judged by them alone', () => {
  const { observe, stopped, meter, spent } = metered(1_000);
  observe(
    { type: 'usage', usageId: 'one', delta: { input: 10, output: 10, cacheRead: 0, cacheWrite: 0 } },
    { type: 'streamed', bytes: 600_000 },
  );
  expect(stopped).toEqual([]);
  expect(meter.close(turn({ streamedBytes: 600_000 }))).toBeNull();
  expect(spent.map(({ usageId }) => usageId)).toEqual(['one']);
});
