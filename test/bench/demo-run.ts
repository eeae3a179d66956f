import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { GoalEvent } from '../../src/shared/goal/events.ts';

const cli = join(import.meta.dirname, '..', '..', 'out', 'main', 'cli.js');

/** One `omk demo` of the built command line: its events, and how long the whole process took. */
export async function runDemo(): Promise<{ readonly wallMs: number; readonly events: readonly GoalEvent[] }> {
  const root = mkdtempSync(join(tmpdir(), 'omk-bench-'));
  try {
    const startedAt = performance.now();
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [cli, 'demo', '--json', '--keep', join(root, 'demo')],
      {
        env: { PATH: process.env['PATH'] ?? '', HOME: root },
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    const wallMs = performance.now() - startedAt;
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as GoalEvent | { type: 'result'; status: string });
    const result = lines.at(-1);
    if (result?.type !== 'result' || result.status !== 'ready')
      throw new Error(`The demo did not end ready: ${stdout.slice(-500)}`);
    return { wallMs, events: lines.filter((one): one is GoalEvent => 'payload' in one) };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** What the agent and the gates themselves took, from the log, ms. */
export function agentAndGatesMs(events: readonly GoalEvent[]): number {
  let ms = 0;
  for (const event of events) {
    if (event.type === 'budget.spent') ms += event.payload.agentMs;
    if (event.type === 'base.checked' || event.type === 'candidate.verified') {
      for (const gate of event.payload.gates) ms += gate.durationMs;
    }
  }
  return ms;
}
