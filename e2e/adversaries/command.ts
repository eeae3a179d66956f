import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { How, Prepared } from './case.ts';
import type { Command, LogEvent } from './seen.ts';

const here = import.meta.dirname;
const cli = join(here, '..', '..', 'src', 'main', 'cli', 'main.ts');
const LIMIT_MS = 180_000;

/** Runs omk's command line as a person would, with nothing of this process's surroundings but its PATH. */
export function command(
  world: Prepared,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  hooked: boolean,
  o: How,
  meanwhile: () => void,
): Promise<Command> {
  const preload = [
    ...(hooked ? ['--import', join(here, 'without.ts')] : []),
    ...(o.preload === undefined ? [] : ['--import', o.preload]),
  ];
  const started = performance.now();
  return new Promise((resolve) => {
    const [program, ...words] = [...(o.enter ?? []), process.execPath, ...preload, cli, ...argv] as [string];
    const child = spawn(program, words, {
      cwd: world.root,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: world.home,
        OMK_HOME: world.state,
        NODE_COMPILE_CACHE: join(tmpdir(), 'omk-test-compile-cache'),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    let timer: NodeJS.Timeout | undefined;
    let told = o.when === undefined;
    const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      // Counted from the first sign of life: how long a process takes to start says nothing about omk.
      if (o.killAfterMs !== undefined) timer ??= setTimeout(() => child.kill('SIGKILL'), o.killAfterMs);
      stdout += chunk;
      if (told || !stdout.includes(o.when ?? '')) return;
      told = true;
      meanwhile();
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    child.on('close', (code) => {
      clearTimeout(timer);
      clearTimeout(limit);
      resolve({ argv, code, stdout, stderr, ms: performance.now() - started, ...parsed(stdout) });
    });
  });
}

function parsed(stdout: string): Pick<Command, 'status' | 'reasons' | 'events' | 'proofPath'> {
  const lines = stdout.split('\n').flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return isRecord(value) ? [value] : [];
    } catch {
      return []; // a line that was cut off by a kill, or words for a person
    }
  });
  const result = lines.find((line) => line['type'] === 'result');
  return {
    status: (result?.['status'] as string | undefined) ?? null,
    reasons: (result?.['reasons'] as Command['reasons'] | undefined) ?? [],
    proofPath: (result?.['proof_path'] as string | null | undefined) ?? null,
    events: lines.filter((line) => 'payload' in line) as unknown as LogEvent[],
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object';
