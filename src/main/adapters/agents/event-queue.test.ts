import { expect, it } from 'vitest';
import { createEventQueue } from './event-queue.ts';
import type { AgentEvent } from '../../runtime/agent-backend.ts';

async function all(events: AsyncIterable<AgentEvent>): Promise<AgentEvent[]> {
  const seen: AgentEvent[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

it('delivers what was queued before the reader came, then what comes, then ends', async () => {
  const queue = createEventQueue();
  queue.push({ type: 'notice', text: '1' });
  const seen = all(queue.events);
  await Promise.resolve();
  queue.push({ type: 'notice', text: '2' });
  queue.end();
  queue.push({ type: 'notice', text: 'late' });
  expect(await seen).toEqual([
    { type: 'notice', text: '1' },
    { type: 'notice', text: '2' },
  ]);
});

it('joins text that follows text of its kind exactly as sent, and never across another event', async () => {
  const queue = createEventQueue();
  for (const delta of ['a', ' b', '\n']) queue.push({ type: 'text', delta });
  queue.push({ type: 'thought', delta: 'hm' });
  queue.push({ type: 'text', delta: 'c' });
  queue.end();
  expect(await all(queue.events)).toEqual([
    { type: 'text', delta: 'a b\n' },
    { type: 'thought', delta: 'hm' },
    { type: 'text', delta: 'c' },
  ]);
});

it('refuses events when the reader is too far behind, and recovers when it reads', async () => {
  const queue = createEventQueue({ events: 3, characters: 1_000 });
  const push = (n: number): boolean => queue.push({ type: 'notice', text: String(n) });
  expect([push(1), push(2), push(3), push(4)]).toEqual([true, true, true, false]);
  const reader = queue.events[Symbol.asyncIterator]();
  await reader.next();
  expect(push(5)).toBe(true);
});

it('counts characters too: few events that are large are as much as many that are small', async () => {
  const queue = createEventQueue({ events: 1_000, characters: 10 });
  expect(queue.push({ type: 'text', delta: '12345' })).toBe(true);
  expect(queue.push({ type: 'text', delta: '67890' })).toBe(true);
  expect(queue.push({ type: 'text', delta: '!' })).toBe(false);
  await queue.events[Symbol.asyncIterator]().next();
  expect(queue.push({ type: 'text', delta: '!' })).toBe(true);
});

it('keeps order over many events read while they are written', async () => {
  const queue = createEventQueue();
  const seen = all(queue.events);
  for (let i = 0; i < 5_000; i += 1) {
    queue.push({ type: 'notice', text: String(i) });
    if (i % 7 === 0) await Promise.resolve();
  }
  queue.end();
  expect((await seen).map((event) => (event.type === 'notice' ? Number(event.text) : -1))).toEqual(
    Array.from({ length: 5_000 }, (_, i) => i),
  );
});
