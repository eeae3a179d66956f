import type { Benchmark } from '../../tooling/benchmark.ts';
import { loadHost } from './agents-load.ts';

const AGENTS = 16;

/** Sixteen processes that stream fifty pieces a second each, over what a model does. */
export const benchmark: Benchmark = {
  id: 'P13',
  name: '16 agents at once: event-loop delay of the host, p99',
  unit: 'ms',
  goal: 'under 20 ms',
  runs: 3,
  async run({ quick }) {
    const load = await loadHost(AGENTS, 'pace', '20', quick ? '100' : '500');
    return { value: load.delayP99Ms, counters: { agents: AGENTS, completed: load.completed } };
  },
};
