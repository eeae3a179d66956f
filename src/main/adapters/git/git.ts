import { existsSync } from 'node:fs';
import { execa } from 'execa';
import type { Failure } from '../../../shared/goal/vocabulary.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { diskFull, failure } from './failure.ts';

/** Everything git is told beyond the command, so that no configuration, hook, filter or network of others can take part. */
const hardening = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.attributesFile=/dev/null',
  'core.excludesFile=/dev/null',
  'core.sshCommand=false',
  'core.alternateRefsCommand=false',
  'core.pager=cat',
  'core.editor=false',
  'core.symlinks=true',
  'core.protectHFS=true',
  'core.protectNTFS=true',
  'core.quotePath=false',
  'core.bigFileThreshold=16m',
  'credential.helper=',
  'diff.external=',
  'fastimport.unpackLimit=0',
  'gc.auto=0',
  'maintenance.auto=false',
  'pack.threads=2',
  'protocol.allow=never',
  'submodule.recurse=false',
  'commit.gpgSign=false',
  'safe.directory=*',
].flatMap((setting) => ['-c', setting]);

const second = 1_000;

export type GitOptions = {
  /** Always named, so that git never looks for a repository by itself. */
  readonly gitDir: string;
  readonly args: readonly [string, ...string[]];
  readonly input?: string | Uint8Array;
  /** Additions to the fixed environment: object stores, an index of ours, dates. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  /** Exit codes that are answers rather than failures. */
  readonly accept?: readonly number[];
};

export type GitOutput = { readonly stdout: Buffer; readonly stderr: string; readonly code: number };

/** Runs the git command line: argv only, no shell, a complete environment, limits on time and output. */
export type Git = {
  run(o: GitOptions): Promise<Result<GitOutput, Failure>>;
  /** For streams; the caller reads stdout to its end and then asks `settle`. */
  start(o: GitOptions): GitProcess;
  /** Waits for a started process and translates how it ended. */
  settle(o: GitOptions, process: GitProcess): Promise<Result<null, Failure>>;
};

type Place = { readonly home: string; readonly path: string };

const environment = (place: Place, o: GitOptions): Record<string, string> => ({
  PATH: place.path,
  HOME: place.home,
  XDG_CONFIG_HOME: place.home,
  LC_ALL: 'C',
  TZ: 'UTC',
  GIT_DIR: o.gitDir,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_GRAFT_FILE: '/dev/null',
  GIT_NO_LAZY_FETCH: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: 'false',
  SSH_ASKPASS: 'false',
  GIT_SSH_COMMAND: 'false',
  GIT_PAGER: 'cat',
  GIT_EDITOR: 'false',
  GIT_AUTHOR_NAME: 'omk',
  GIT_AUTHOR_EMAIL: 'omk@localhost',
  GIT_COMMITTER_NAME: 'omk',
  GIT_COMMITTER_EMAIL: 'omk@localhost',
  ...o.env,
});

function launch(place: Place, o: GitOptions) {
  return execa('git', [...hardening, ...o.args], {
    cwd: o.gitDir,
    env: environment(place, o),
    extendEnv: false,
    encoding: 'buffer',
    // stderr is taken off the pipe by execa, or a talkative git would wait for its reader for ever.
    buffer: { stdout: false, stderr: true },
    maxBuffer: { stderr: 1024 * 1024 },
    reject: false,
    stripFinalNewline: false,
    timeout: o.timeoutMs ?? 120 * second,
    forceKillAfterDelay: second,
    // What git started itself would keep its pipes open.
    killDescendants: true,
    ...(o.signal ? { cancelSignal: o.signal } : {}),
  });
}

export type GitProcess = ReturnType<typeof launch>;

/**
 * `home` is an empty folder nobody writes to. `path` is where git is looked for; nothing of omk's own environment is
 * inherited.
 */
export function createGit(place: Place): Git {
  const start = (o: GitOptions): GitProcess => launch(place, o);

  const settle = async (o: GitOptions, process: GitProcess): Promise<Result<null, Failure>> => {
    const end = await process;
    if (!end.failed || accepts(o, end.exitCode)) return ok(null);
    return err(explain(o, end, ending(end.stderr)));
  };

  const run = async (o: GitOptions): Promise<Result<GitOutput, Failure>> => {
    const end = await execa('git', [...hardening, ...o.args], {
      cwd: o.gitDir,
      env: environment(place, o),
      extendEnv: false,
      encoding: 'buffer',
      reject: false,
      stripFinalNewline: false,
      maxBuffer: o.maxBytes ?? 64 * 1024 * 1024,
      timeout: o.timeoutMs ?? 120 * second,
      forceKillAfterDelay: second,
      // What git started itself would keep its pipes open.
      killDescendants: true,
      ...(o.input === undefined ? { stdin: 'ignore' as const } : { input: o.input }),
      ...(o.signal ? { cancelSignal: o.signal } : {}),
    });
    const stderr = ending(end.stderr);
    if (end.failed && !accepts(o, end.exitCode)) return err(explain(o, end, stderr));
    const { buffer, byteOffset, byteLength } = end.stdout;
    return ok({ stdout: Buffer.from(buffer, byteOffset, byteLength), stderr, code: end.exitCode ?? 0 });
  };

  return { run, start, settle };
}

const accepts = (o: GitOptions, code: number | undefined): boolean =>
  code !== undefined && o.accept?.includes(code) === true;

const ending = (stderr: Uint8Array | undefined): string =>
  Buffer.from(stderr ?? [])
    .toString('utf8')
    .slice(-4_000);

type Ended = {
  readonly code?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly isCanceled: boolean;
  readonly timedOut: boolean;
  readonly isMaxBuffer: boolean;
};

function explain(o: GitOptions, end: Ended, stderr: string): Failure {
  const command = `git ${o.args[0]}`;
  const detail = { command: o.args.slice(0, 12), exitCode: end.exitCode ?? null, stderr };
  if (end.isCanceled)
    return failure('git.cancelled', `${command} was stopped because its work was cancelled.`, detail);
  // A missing working folder reads like a missing program.
  if (end.code === 'ENOENT' && !existsSync(o.gitDir))
    return failure(
      'workspace.missing',
      'The goal’s own copy of the repository is gone. Start the goal again.',
      detail,
    );
  if (end.code === 'ENOENT')
    return failure('git.missing', 'Git was not found. Install git 2.31 or newer, then continue.', detail);
  if (end.timedOut) return failure('git.timed_out', `${command} took too long and was stopped.`, detail);
  if (end.isMaxBuffer || end.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
    return failure('git.too_much_output', `${command} answered with more than omk accepts.`, detail);
  if (/No space left on device|Out of diskspace|Disk quota exceeded/i.test(stderr)) return diskFull(detail);
  const reason =
    stderr.split('\n').find((line) => /^(?:fatal|error):/.test(line)) ?? stderr.split('\n')[0] ?? '';
  return failure('git.failed', `${command} failed: ${reason.slice(0, 500) || 'it gave no reason'}.`, detail);
}
