import type { Benchmark } from '../../tooling/benchmark.ts';
import { runDemo } from './demo-run.ts';

/** From the start of the process to its end, repository made and verdict printed included. */
export const benchmark: Benchmark = {
  id: 'D1',
  name: 'omk demo, from goal to ready',
  unit: 's',
  goal: 'under 20 s on 2 cores',
  async run() {
    const { wallMs, events } = await runDemo();
    return { value: wallMs / 1_000, counters: { events: events.length } };
  },
};
