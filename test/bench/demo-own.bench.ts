import type { Benchmark } from '../../tooling/benchmark.ts';
import { agentAndGatesMs, runDemo } from './demo-run.ts';

/** Everything of a demo run but the agent's turn and the gates' own runs. */
export const benchmark: Benchmark = {
  id: 'D2',
  name: "omk's own part of the demo",
  unit: 's',
  goal: 'under 2 s',
  async run() {
    const { wallMs, events } = await runDemo();
    return { value: (wallMs - agentAndGatesMs(events)) / 1_000, counters: { events: events.length } };
  },
};
