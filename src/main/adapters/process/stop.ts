import type { Writable } from 'node:stream';
import { isAlive } from './proc-table.ts';
import type { KnownProcess, ProcessTree } from './process-tree.ts';
import type { ExitInfo, StopReport } from './types.ts';

/** From TERM to KILL. */
const TERM_MS = 700;
/** KILL is repeated that long for what forked in between; a process in uninterruptible sleep is reported after it. */
const SWEEP_MS = 1_000;
const POLL_MS = 10;

/** Ends a whole run; see `ManagedProcess.stop`. The sweep also runs for a program that ended by itself. */
export async function stopTree(o: {
  readonly tree: ProcessTree | null;
  readonly exited: Promise<ExitInfo>;
  readonly stdin: Writable;
  readonly graceMs: number;
  readonly term: boolean;
}): Promise<StopReport> {
  const startedAt = performance.now();
  const { tree } = o;
  if (tree === null) return { exit: await o.exited, survivors: [], tookMs: 0 };
  // Before anything dies: afterwards nobody can tell whose child an orphan was.
  tree.snapshot();
  o.stdin.end();
  await within(o.exited, o.graceMs);
  if (o.term && tree.alive().length > 0) {
    tree.signal('SIGTERM');
    await until(() => tree.alive().length === 0, TERM_MS);
  }
  const survivors = await killTree(tree);
  // A child that cannot even be killed must not keep the caller waiting.
  const exit = await within(o.exited, 500);
  return {
    exit: exit ?? { code: null, signal: null, spawnError: null },
    survivors: survivors.map(({ pid }) => pid),
    tookMs: Math.round(performance.now() - startedAt),
  };
}

/** KILL, again and again, until nothing of the run is alive or a second has passed. */
export async function killTree(tree: ProcessTree): Promise<readonly KnownProcess[]> {
  const deadline = performance.now() + SWEEP_MS;
  for (;;) {
    const alive = tree.alive();
    if (alive.length === 0) return [];
    if (performance.now() > deadline) return alive;
    tree.signal('SIGKILL');
    await until(() => alive.every((one) => !isAlive(one)), 200);
  }
}

async function until(done: () => boolean, ms: number): Promise<void> {
  const deadline = performance.now() + ms;
  while (!done() && performance.now() < deadline) await pause(POLL_MS);
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  const first = await Promise.race([promise, late]);
  clearTimeout(timer);
  return first;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
