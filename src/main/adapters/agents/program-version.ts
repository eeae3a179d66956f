import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captureOutput } from '../process/capture.ts';
import type { ManagedProcess, SpawnOptions } from '../process/types.ts';
import { noSandbox } from '../process/types.ts';
import type { Program } from './find-program.ts';

/** What a program answered to `--version`: all it wrote, and the number in it. `null`: it did not answer with success. */
export type VersionAnswer = { readonly text: string; readonly version: string | null } | null;

const LIMIT_MS = 5_000;

/** Asks programs for their version, each only once until it is replaced on disk (decisions.md H25). */
export function createVersionProbe(o: {
  readonly spawn: (options: SpawnOptions) => ManagedProcess;
  readonly path: string;
  readonly limitMs?: number;
}): (program: Pick<Program, 'path' | 'real' | 'mtimeMs'>) => Promise<VersionAnswer> {
  const known = new Map<string, Promise<VersionAnswer>>();
  return (program) => {
    const key = `${program.real}\0${program.mtimeMs}`;
    const answer = known.get(key) ?? askTwice(program.path, o);
    known.set(key, answer);
    // Silence may be the machine's: what stayed without an answer is asked again the next time.
    void answer.then((said) => said === null && known.delete(key));
    return answer;
  };
}

type Asking = { readonly spawn: (options: SpawnOptions) => ManagedProcess; readonly path: string };

/** Kimi Code was seen to take 6.8 s the first time after it was installed, and 1.2 s once its files were read. */
async function askTwice(program: string, o: Asking & { readonly limitMs?: number }): Promise<VersionAnswer> {
  const limitMs = o.limitMs ?? LIMIT_MS;
  const first = await ask(program, o, limitMs);
  const answer = first === 'late' ? await ask(program, o, limitMs * 3) : first;
  return answer === 'late' ? null : answer;
}

async function ask(program: string, o: Asking, limitMs: number): Promise<VersionAnswer | 'late'> {
  // A home of its own: asking must leave no trace in the person's.
  const home = mkdtempSync(join(tmpdir(), 'omk-version-'));
  const child = o.spawn({
    argv: [program, '--version'],
    cwd: home,
    env: { PATH: o.path, HOME: home, TMPDIR: home, LANG: 'C.UTF-8' },
    sandbox: noSandbox,
    stdin: '',
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    void child.stop({ graceMs: 0, term: false });
  }, limitMs);
  try {
    const output = captureOutput(child.stdout, { keepHead: 4_000, keepTail: 0 });
    child.stderr.resume();
    const exit = await child.exited;
    await child.stop({ graceMs: 0, term: false });
    const { text } = await output;
    if (exit.code !== 0) return late ? 'late' : null;
    return { text: text.trim(), version: /\d+\.\d+(?:\.\d+)?(?:-[\w.]+)?/.exec(text)?.[0] ?? null };
  } finally {
    clearTimeout(timer);
    rmSync(home, { recursive: true, force: true });
  }
}

/** `true` when `version` is at least `minimum`, number by number; what cannot be read is not. */
export function atLeast(version: string | null, minimum: readonly number[]): boolean {
  if (version === null) return false;
  const parts = version.split('-')[0]?.split('.').map(Number) ?? [];
  for (const [index, wanted] of minimum.entries()) {
    const part = parts[index] ?? 0;
    if (Number.isNaN(part)) return false;
    if (part !== wanted) return part > wanted;
  }
  return true;
}
