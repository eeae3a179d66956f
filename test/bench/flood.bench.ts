import type { Benchmark } from '../../tooling/benchmark.ts';
import { loadHost } from './agents-load.ts';

/** An agent that streams as fast as it is read; the memory is the most the host's process ever held. */
export const benchmark: Benchmark = {
  id: 'P6',
  name: 'an agent prints 500 MB: peak memory of the host',
  unit: 'MB',
  goal: 'under 120 MB, at most 5 MB kept',
  runs: 3,
  async run({ quick }) {
    const load = await loadHost(1, 'flood', quick ? '50000000' : '500000000');
    return {
      value: load.peakMb,
      counters: {
        completed: load.completed,
        streamedMB: Math.round(load.streamed / 1e6),
        keptMB: Math.ceil(load.keptMb * 10) / 10,
      },
    };
  },
};
