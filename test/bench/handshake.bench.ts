import { rmSync } from 'node:fs';
import type { Benchmark } from '../../tooling/benchmark.ts';
import { makeRooms, openReal } from '../contract/real-agent.ts';
import { kimiCommand } from '../fakes/kimi-env.ts';
import { startModelServer } from '../fakes/model-server.ts';

/** From the spawn of the real Kimi Code to a session in its mode; its files were read before. */
export const benchmark: Benchmark = {
  id: 'A1',
  name: 'handshake of the real Kimi Code, warm',
  unit: 's',
  goal: 'under 3 s',
  async run() {
    const server = await startModelServer({ programs: {} });
    const command = kimiCommand(server.baseUrl);
    if (!command.ok) throw new Error(command.reason);
    const dir = makeRooms();
    try {
      const cold = await openReal(dir, command.value);
      await cold.session.stop();
      const startedAt = performance.now();
      const warm = await openReal(dir, command.value);
      const seconds = (performance.now() - startedAt) / 1_000;
      const { survivors } = await warm.session.stop();
      return { value: seconds, counters: { survivors: survivors.length } };
    } finally {
      await server.close();
      rmSync(dir, { recursive: true, force: true });
    }
  },
};
