import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { guard } from './guard.ts';
import { followTree, identify, runMarker } from './process-tree.ts';
import { sandboxCommand } from './sandbox.ts';
import type { SandboxError } from './sandbox.ts';
import { ended, openStdio } from './stdio.ts';
import type { Stdio } from './stdio.ts';
import { stopTree } from './stop.ts';
import type { ExitInfo, ManagedProcess, SpawnOptions, StopReport } from './types.ts';

/** How often the process table is searched for descendants that leave their session, where no namespace holds them. */
const SNAPSHOT_MS = 500;

/**
 * Starts one program in a process group of its own, with exactly the environment given and, if asked, inside namespaces.
 * Never throws and never falls back: what cannot be started or isolated ends at once with a `spawnError`.
 *
 * With namespaces, a program that dies of a signal is reported as a shell does: code 128 + signal number.
 */
export function spawnManaged(o: SpawnOptions): ManagedProcess {
  if (o.signal?.aborted === true)
    return notStarted({ code: 'ABORT_ERR', message: 'The start was cancelled.' });
  const isolated = o.sandbox.use === 'namespaces';
  const sandboxed = isolated ? sandboxCommand({ ...o, extraPipe: o.extraPipe }) : null;
  if (sandboxed !== null && !sandboxed.ok) return notStarted(sandboxed.error);
  // Inside namespaces the folder may exist only there; the script that sets them up looks itself.
  if (!isolated && !isFolder(o.cwd))
    return notStarted({ code: 'ENOENT', message: `The folder ${o.cwd} does not exist.` });

  let stdio: Stdio;
  try {
    stdio = openStdio({ stdin: o.stdin, extra: o.extraPipe !== undefined });
  } catch (error) {
    return notStarted(describe(error, o.argv[0]));
  }
  const argv = sandboxed?.value.argv ?? o.argv;
  const controlFd = sandboxed?.value.controlFd ?? null;
  let child: ChildProcess;
  try {
    child = spawn(argv[0], argv.slice(1), {
      cwd: isolated ? '/' : o.cwd,
      env: { ...o.env },
      detached: true,
      stdio: slots(stdio, o.extraPipe, controlFd),
    });
  } catch (error) {
    stdio.handOver();
    return notStarted(describe(error, o.argv[0]), stdio);
  }
  stdio.handOver();
  return manage(child, stdio, o, controlFd);
}

function manage(
  child: ChildProcess,
  stdio: Stdio,
  o: SpawnOptions,
  controlFd: number | null,
): ManagedProcess {
  const pid = child.pid ?? null;
  const marker =
    controlFd === null ? runMarker({ tmpDir: o.env['TMPDIR'], cwd: o.cwd }) : { tmpDir: null, dir: null };
  const tree = pid === null ? null : followTree(identify(pid), marker);
  if (tree !== null) guard.add(tree.root, marker);
  const look = (): void => {
    const escaped = tree?.snapshot() ?? [];
    if (escaped.length > 0 && tree !== null) guard.escaped(tree.root, escaped);
  };
  const timer = controlFd === null && tree !== null ? setInterval(look, SNAPSHOT_MS).unref() : null;
  const verdict = controlFd === null ? null : readVerdict(child.stdio[controlFd] as Readable);

  const exited = new Promise<ExitInfo>((resolve) => {
    child.once('error', (error) => {
      // Also raised when a signal could not be sent; only a child without an id never started.
      if (pid === null) resolve({ code: null, signal: null, spawnError: describe(error, o.argv[0]) });
    });
    child.once('exit', (code, signal) => {
      look();
      if (verdict === null) resolve({ code, signal, spawnError: null });
      else void verdict.then((spawnError) => resolve(outcome(code, signal, spawnError)));
    });
  });

  let stopping: Promise<StopReport> | null = null;
  const stop = (how: { readonly graceMs: number; readonly term: boolean }): Promise<StopReport> => {
    stopping ??= stopTree({ tree, exited, stdin: stdio.stdin, ...how }).finally(() => {
      if (timer !== null) clearInterval(timer);
      if (tree !== null) guard.remove(tree.root);
      tree?.release();
    });
    return stopping;
  };
  if (o.signal !== undefined) {
    const onAbort = (): void => void stop({ graceMs: 0, term: true });
    o.signal.addEventListener('abort', onAbort, { once: true });
    void exited.then(() => o.signal?.removeEventListener('abort', onAbort));
  }
  return {
    pid,
    stdin: stdio.stdin,
    stdout: stdio.stdout,
    stderr: stdio.stderr,
    extra: stdio.extra,
    isolated: controlFd === null ? 'none' : 'namespaces',
    exited,
    stop,
  };
}

/** Placing is by position: whatever lies between is closed for the child. */
function slots(stdio: Stdio, extraPipe: number | undefined, controlFd: number | null): StdioOptions {
  const last = Math.max(2, extraPipe ?? 0, controlFd ?? 0);
  const list: (number | 'pipe' | 'ignore')[] = [stdio.fds.stdin, stdio.fds.stdout, stdio.fds.stderr];
  for (let fd = 3; fd <= last; fd += 1) {
    if (fd === extraPipe && stdio.fds.extra !== null) list.push(stdio.fds.extra);
    else list.push(fd === controlFd ? 'pipe' : 'ignore');
  }
  return list;
}

/** What the sandbox script reports: `null` once the program was started. */
async function readVerdict(control: Readable): Promise<SandboxError | null> {
  let text = '';
  try {
    for await (const chunk of control) text += String(chunk).slice(0, 4_000);
  } catch {
    // Cut off: whatever arrived decides.
  }
  if (text.startsWith('R')) return null;
  if (text.startsWith('E')) {
    const [code = '', ...words] = text.slice(1).trim().split(' ');
    return { code, message: words.join(' ') };
  }
  return {
    code: 'sandbox.failed',
    message:
      'The sandbox could not be set up: the system refused a namespace (its words are on standard error).',
  };
}

const outcome = (code: number | null, signal: string | null, spawnError: SandboxError | null): ExitInfo =>
  // Killed while it was being set up is a death, not a refusal.
  spawnError !== null && signal !== null && spawnError.code === 'sandbox.failed'
    ? { code, signal, spawnError: null }
    : spawnError === null
      ? { code, signal, spawnError }
      : { code: null, signal: null, spawnError };

function notStarted(error: SandboxError, stdio?: Stdio): ManagedProcess {
  const exit: ExitInfo = { code: null, signal: null, spawnError: error };
  return {
    pid: null,
    stdin: stdio?.stdin ?? ended(),
    stdout: stdio?.stdout ?? ended(),
    stderr: stdio?.stderr ?? ended(),
    extra: stdio?.extra ?? null,
    isolated: 'none',
    exited: Promise.resolve(exit),
    stop: async () => ({ exit, survivors: [], tookMs: 0 }),
  };
}

function describe(error: unknown, program: string): SandboxError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'EUNKNOWN';
  const reasons: Record<string, string> = {
    ENOENT: `The program ${program} was not found.`,
    EACCES: `The program ${program} may not be executed.`,
    E2BIG: `The command line and environment of ${program} are too long.`,
  };
  return {
    code,
    message:
      reasons[code] ??
      `The program ${program} could not be started (${error instanceof Error ? error.message : code}).`,
  };
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
