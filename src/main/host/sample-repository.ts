import { mkdir } from 'node:fs/promises';
import { writeSample } from '../demo-agent/sample.ts';
import { initRepository } from '../adapters/git/init-repository.ts';

export { sampleGoal } from '../demo-agent/sample.ts';

/** The demonstration's repository: written anew, with one commit. */
export async function makeSampleRepository(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  writeSample(dir);
  await initRepository(dir, 'Ledger with two bugs');
}
