import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEventStore } from '../../src/main/adapters/sqlite/event-store.ts';
import { event } from '../../src/shared/goal/events.ts';
import { CommandId, goalIdFrom } from '../../src/shared/kernel/ids.ts';
import type { Benchmark } from '../../tooling/benchmark.ts';

const ROUNDS = 1_000;

/** One acknowledged event with its receipt and list row in one synchronous transaction; the slowest of a hundred. */
export const benchmark: Benchmark = {
  id: 'P1',
  name: 'durable append of one event, p99',
  unit: 'ms',
  goal: 'at most 2 ms',
  async run() {
    const dir = mkdtempSync(join(tmpdir(), 'omk-append-'));
    const store = openEventStore(join(dir, 'goals.db'));
    const goalId = goalIdFrom(0, '00000000');
    const times: number[] = [];
    try {
      for (let round = 0; round < ROUNDS; round += 1) {
        const startedAt = performance.now();
        store.append({
          goalId,
          expectedVersion: round,
          events: [event('project.changed', { what: ['x'.repeat(300)], byOperator: false })],
          at: round,
          actor: 'host',
          commandId: CommandId.parse(`command-${round}-bench`),
          causationId: null,
          receipt: '{"ok":true}',
          row: '{}',
        });
        times.push(performance.now() - startedAt);
      }
    } finally {
      store.close();
      rmSync(dir, { recursive: true, force: true });
    }
    const p99 = times.toSorted((a, b) => a - b)[Math.floor(ROUNDS * 0.99)] ?? 0;
    return { value: p99, counters: { events: ROUNDS } };
  },
};
