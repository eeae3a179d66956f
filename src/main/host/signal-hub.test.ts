import { expect, test } from 'vitest';
import { AttemptId, GoalId } from '../../shared/kernel/ids.ts';
import type { Signal } from '../../shared/signals.ts';
import { createSignalHub } from './signal-hub.ts';

const goalId = GoalId.parse('goal-20260101-120000-000-0a1b2c3d');
const attemptId = AttemptId.parse('attempt-one');
const text = (delta: string, type: 'text' | 'thought' = 'text'): Signal => ({
  type,
  goalId,
  attemptId,
  delta,
});
const tool = (toolId: string, detail: string): Signal => ({
  type: 'tool',
  goalId,
  attemptId,
  toolId,
  label: 'Ran it',
  kind: 'execute',
  state: 'ok',
  paths: [],
  detail,
});

function hear() {
  const due: (() => void)[] = [];
  const hub = createSignalHub({
    after(_ms, run) {
      due.push(run);
      return () => undefined;
    },
  });
  let called = 0;
  const hearing = hub.subscribe(goalId, () => (called += 1));
  return {
    hub,
    hearing,
    called: () => called,
    tick: () => due.splice(0).forEach((run) => run()),
  };
}

const length = (signals: readonly Signal[]): number => JSON.stringify(signals).length;
const dropped = (signals: readonly Signal[]): number =>
  signals[0]?.type === 'dropped' ? signals[0].count : 0;

test('text of one attempt comes as one piece per batch, in order with what else it did', () => {
  const { hub, hearing, called, tick } = hear();
  for (const one of [text('a'), text('b'), text('c', 'thought'), tool('t', ''), text('d')]) hub.publish(one);
  expect(called()).toBe(0);
  tick();
  expect(called()).toBe(1);
  expect(hearing.take()).toEqual([text('ab'), text('c', 'thought'), tool('t', ''), text('d')]);
  expect(hearing.take()).toEqual([]);
  tick();
  expect(called()).toBe(1);
});

test('whoever takes nothing costs no more than the buffer, and is told how much was left out', () => {
  const { hub, hearing, tick } = hear();
  for (let at = 0; at < 2_000; at += 1) {
    for (let piece = 0; piece < 10; piece += 1) hub.publish(text('x'.repeat(100)));
    tick();
  }
  const taken = hearing.take();
  expect(length(taken)).toBeLessThan(270_000);
  expect(length(taken)).toBeGreaterThan(230_000);
  expect(dropped(taken)).toBeGreaterThan(100);
  // Told once.
  hub.publish(text('y'));
  expect(hearing.take()).toEqual([text('y')]);
});

test('a burst larger than the buffer loses its beginning, not all of it', () => {
  for (const burst of [
    [text('x'.repeat(1_000_000))],
    Array.from({ length: 100_000 }, () => text('0123456789')),
  ]) {
    const { hub, hearing } = hear();
    for (const one of burst) hub.publish(one);
    hub.publish(text('end'));
    const taken = hearing.take();
    const last = taken.at(-1);
    expect(last?.type === 'text' && last.delta.endsWith('end')).toBe(true);
    expect(length(taken)).toBeGreaterThan(230_000);
    expect(length(taken)).toBeLessThan(270_000);
    expect(dropped(taken)).toBeGreaterThan(40);
  }
});

test('what a tool said counts at its real size', () => {
  const { hub, hearing } = hear();
  for (let at = 0; at < 1_000; at += 1) hub.publish(tool(`t${at}`, 'x'.repeat(4_000)));
  const taken = hearing.take();
  expect(length(taken)).toBeLessThan(300_000);
  expect(dropped(taken) + taken.length - 1).toBe(1_000);
});

test('many small pieces that cannot be joined are bounded too', () => {
  const { hub, hearing } = hear();
  for (let at = 0; at < 10_000; at += 1) hub.publish(text('x', at % 2 === 0 ? 'text' : 'thought'));
  expect(hearing.take()).toHaveLength(2_001);
});

test('what is due before a commit is due at once, for that goal', () => {
  const { hub, called } = hear();
  hub.publish(text('a'));
  hub.flush(GoalId.parse('goal-20260101-120000-000-0a1b2c3e'));
  expect(called()).toBe(0);
  hub.flush(goalId);
  expect(called()).toBe(1);
});

test('nothing is kept for whoever has gone', () => {
  const { hub, hearing, called, tick } = hear();
  hearing.close();
  hub.publish(text('a'));
  tick();
  expect(called()).toBe(0);
  expect(hearing.take()).toEqual([]);
});
