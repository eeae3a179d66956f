import { createInterface } from 'node:readline';
import { applyGuardLine, emptyGuardState, endRuns } from './guard-state.ts';

/**
 * Program of its own that outlives the host by a moment: it hears on standard input what runs, and when that pipe closes,
 * because the host ended or was killed, it kills what still runs and ends too.
 */
async function main(): Promise<void> {
  // The terminal sends these to everybody; the pipe alone decides.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  const state = emptyGuardState();
  for await (const line of createInterface({ input: process.stdin })) applyGuardLine(state, line);
  await endRuns(state);
}

await main();
