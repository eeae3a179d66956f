import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Failure, GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { Digest } from '../../../shared/kernel/ids.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import type { GateRun, RunReport } from '../../runtime/verification/gate-run.ts';
import { shellPart } from '../../runtime/verification/own-runner.ts';
import { identify, treePath } from '../../runtime/verification/test-report.ts';
import type { Artifacts } from '../../runtime/ports.ts';
import type { ManagedProcess, Sandbox, SpawnOptions } from '../process/types.ts';
import { boundedOutput } from './bounded-output.ts';
import type { BoundedOutput } from './bounded-output.ts';
import { sandboxFailed } from './failures.ts';
import { expandGlobs } from './expand-globs.ts';
import { NEUTRAL_ROOT } from './place.ts';
import type { Place } from './place.ts';
import { instrumented, parseReport, REPORT_FD, reportsOnStdout } from './parsers/runner.ts';
import type { ToolPath } from './tools.ts';

const OUTPUT_HEAD = 512 * 1024;
const OUTPUT_TAIL = 512 * 1024;
const MAX_REPORT = 64 * 1024 * 1024;
const MAX_PROBE_OUTPUT = 1024 * 1024;
/** After everything of a run is dead, its pipes end at once; this is for the case that they do not, on a busy machine too. */
const DRAIN_MS = 15_000;

export type RunDeps = {
  readonly spawn: (options: SpawnOptions) => ManagedProcess;
  readonly artifacts: Artifacts;
  readonly tools: ToolPath;
  readonly redact: (text: string) => string;
  readonly monotonic: () => number;
};

export type RunOptions = {
  readonly gate: GateSpec;
  readonly place: Place;
  readonly namespaces: boolean;
  /** Beyond the fixed allow-list: values of the variables the gate names, registry settings for setup. */
  readonly env: Readonly<Record<string, string>>;
  readonly hide: readonly string[];
  readonly observe?: Observer;
  readonly signal: AbortSignal;
};

/** Takes what is to be compared with something: both streams as they come, and the tree when everything of the run is dead. */
export type Observer = {
  readonly stdout: BoundedOutput;
  readonly stderr: BoundedOutput;
  readonly after: (place: Place) => Promise<void>;
};

/**
 * Runs one gate once in a prepared place. Everything of it is dead when this returns; nothing is concluded here. A `Failure`
 * is never the gate's doing: the sandbox could not be made, or its evidence could not be kept.
 */
export async function runGate(deps: RunDeps, o: RunOptions): Promise<Result<GateRun, Failure>> {
  const started = deps.monotonic();
  const argv = await commandOf(deps, o);
  if (typeof argv === 'string') return ok(notRun(argv));

  const onStdout = reportsOnStdout(o.gate.parser);
  const env = { ...environment(deps.tools, o), ...o.env };
  const child = deps.spawn({
    argv,
    cwd: join(o.namespaces ? o.place.inside.tree : o.place.tree, o.gate.cwd),
    env,
    sandbox: sandboxOf(deps.tools, o),
    stdin: o.gate.stdin ?? '',
    signal: o.signal,
    ...(o.gate.parser === 'none' || onStdout ? {} : { extraPipe: REPORT_FD }),
  });
  const output = boundedOutput(OUTPUT_HEAD, OUTPUT_TAIL);
  const stdout = boundedOutput(MAX_PROBE_OUTPUT, 0);
  const report = boundedOutput(MAX_REPORT, 0);
  const drained = Promise.all([
    drain(child.stdout, (chunk) => {
      output.push(chunk);
      if (o.gate.kind === 'probe') stdout.push(chunk);
      if (onStdout) report.push(chunk);
      o.observe?.stdout.push(chunk);
    }),
    drain(child.stderr, (chunk) => {
      output.push(chunk);
      o.observe?.stderr.push(chunk);
    }),
    child.extra === null ? null : drain(child.extra, (chunk) => report.push(chunk)),
  ]);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    void child.stop({ graceMs: 0, term: false });
  }, o.gate.timeoutMs);
  const exit = await child.exited;
  clearTimeout(timer);
  // What the gate leaves running would outlive its verdict, and could still write.
  const stopped = await child.stop({ graceMs: 0, term: false });
  const ended = await within(drained, DRAIN_MS);

  if (exit.spawnError?.code.startsWith('sandbox.') === true)
    return err(sandboxFailed(exit.spawnError.message));
  const kept = await keep(deps, o, output, report);
  if (!kept.ok) return kept;
  const evidence = kept.value;
  await o.observe?.after(o.place);
  const names = Object.keys(env).toSorted();
  if (exit.spawnError !== null) return ok({ ...notRun(exit.spawnError.message), evidence, env: names });
  const read = readReport(deps, o, report, ended);
  return ok({
    exit: exit.code,
    expectedExit: o.gate.expect?.exit ?? 0,
    timedOut,
    notStarted: null,
    durationMs: deps.monotonic() - started,
    report:
      timedOut && o.gate.parser !== 'none' ? { state: 'unreadable', why: 'the gate was stopped.' } : read,
    voided:
      stopped.survivors.length > 0
        ? `${stopped.survivors.length} processes of this run could not be ended, so its result does not count.`
        : null,
    mismatch: o.gate.kind === 'probe' ? mismatchOf(o.gate, exit.code, stdout) : null,
    evidence,
    env: names,
  });
}

function notRun(why: string): GateRun {
  return {
    exit: null,
    expectedExit: 0,
    timedOut: false,
    notStarted: why,
    durationMs: 0,
    report: { state: 'none' },
    voided: null,
    mismatch: null,
    evidence: [],
  };
}

/** The real argv: programs resolved on the clean PATH or inside the tree, globs expanded, reporter added. A string says why not. */
async function commandOf(deps: RunDeps, o: RunOptions): Promise<[string, ...string[]] | string> {
  const inShell = shellPart(o.gate.argv);
  const [name, ...args] = inShell?.argv ?? o.gate.argv;
  if (name === undefined) return 'This gate has no command.';
  let program = name;
  let rest = args;
  if (name.includes('/')) {
    if (!name.startsWith('/')) program = join(o.place.inside.tree, o.gate.cwd, name);
  } else {
    const found = await deps.tools.find(name);
    if (found === null) return `The program ${name} is not on the PATH that omk uses for gates.`;
    program = found;
  }
  if (o.gate.parser === 'pytest' && /^py\.?test$/.test(basename(name))) {
    const python = await interpreterOf(program);
    if (python === null)
      return `omk cannot tell which Python ${name} belongs to; write the gate as python3 -m pytest.`;
    [program, rest] = [python, ['-m', 'pytest', ...args]];
  }
  if (o.gate.parser === 'node-tap' || o.gate.parser === 'mocha-json')
    rest = await expandGlobs(join(o.place.tree, o.gate.cwd), rest);
  const argv: [string, ...string[]] = [program, ...rest];
  return instrumented(o.gate.parser, inShell === null ? argv : builtFirst(inShell.script, argv));
}

/** What still is a pattern names files that the commands before the runner make: the shell expands it when they are there. */
function builtFirst(script: string, argv: readonly string[]): [string, ...string[]] {
  // A shell knows no `**`; a runner that does takes it as it is.
  const isPattern = (word: string): boolean =>
    /^[\w./][\w./*?-]*$/.test(word) && /[*?]/.test(word) && !word.includes('**');
  // Behind an option it may be that option's value, as the name of tests is.
  const isLate = (word: string, at: number): boolean =>
    isPattern(word) && (word.includes('/') || !/^-(?!-test$)/.test(argv[at - 1] ?? ''));
  const late = argv.filter(isLate);
  const text = late.length === 0 ? script : script.replace('"$@"', () => `"$@" ${late.join(' ')}`);
  return ['sh', '-c', text, 'sh', ...argv.filter((word, at) => !isLate(word, at))];
}

async function interpreterOf(script: string): Promise<string | null> {
  const text = (await readFile(script).catch(() => Buffer.alloc(0))).subarray(0, 300).toString('utf8');
  return /^#!(\/\S*python[\d.]*)\s*$/m.exec(text.split('\n')[0] ?? '')?.[1] ?? null;
}

/** The allow-list (truth §1). No variable speaks of omk, of CI or of a test. */
function environment(tools: ToolPath, o: RunOptions): Record<string, string> {
  const { home, tmp, tree } = o.place.inside;
  const path = tools.dirs.join(':');
  // These ask as a person's own shell would, so that code cannot tell it from use by what gates are given (decisions X15).
  if (o.gate.kind === 'probe' || o.gate.kind === 'golden')
    return {
      PATH: path,
      HOME: home,
      PWD: tree,
      USER: 'user',
      LOGNAME: 'user',
      SHELL: '/bin/sh',
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
    };
  return {
    PATH: path,
    HOME: home,
    TMPDIR: tmp,
    LANG: 'C.UTF-8',
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONNOUSERSITE: '1',
    GOTOOLCHAIN: 'local',
    ...(o.gate.network ? {} : { CARGO_NET_OFFLINE: 'true', GOPROXY: 'off', npm_config_offline: 'true' }),
  };
}

function sandboxOf(tools: ToolPath, o: RunOptions): Sandbox {
  const inTmp = (path: string): boolean => path === NEUTRAL_ROOT || path.startsWith(`${NEUTRAL_ROOT}/`);
  return {
    use: o.namespaces ? 'namespaces' : 'none',
    network: o.gate.network,
    readOnlyRoot: o.namespaces,
    writable: [],
    // The private /tmp hides what is in the real one; a mask needs something to lie on.
    hide: o.namespaces ? outermost(o.hide.filter((path) => !inTmp(path) && existsSync(path))) : [],
    readOnly: [],
    bind: [
      { from: o.place.root, to: NEUTRAL_ROOT, readOnly: false },
      ...tools.dirs.filter(inTmp).map((dir) => ({ from: dir, to: dir, readOnly: true })),
    ],
  };
}

/** What lies inside a hidden folder is hidden with it, and has nothing to lie a mask on. */
function outermost(paths: readonly string[]): string[] {
  return [...new Set(paths)].filter(
    (path) => !paths.some((other) => other !== path && path.startsWith(`${other}/`)),
  );
}

async function drain(stream: NodeJS.ReadableStream, take: (chunk: Buffer) => void): Promise<void> {
  try {
    for await (const chunk of stream) take(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  } catch {
    // A pipe that breaks has ended; whether the report in it is whole is seen when it is read.
  }
}

async function within(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const done = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return done;
}

async function keep(
  deps: RunDeps,
  o: RunOptions,
  output: BoundedOutput,
  report: BoundedOutput,
): Promise<Result<Digest[], Failure>> {
  const evidence: Digest[] = [];
  const texts = [
    output,
    ...(o.gate.parser === 'none' || reportsOnStdout(o.gate.parser) ? [] : [report]),
  ].filter((one) => one.total > 0);
  for (const text of texts) {
    const stored = await deps.artifacts.put(deps.redact(text.text()));
    if (!stored.ok) return stored;
    evidence.push(stored.value);
  }
  return ok(evidence);
}

function readReport(deps: RunDeps, o: RunOptions, report: BoundedOutput, ended: boolean): RunReport {
  if (o.gate.parser === 'none') return { state: 'none' };
  if (!ended) return { state: 'unreadable', why: 'something held its pipe open after the gate had ended.' };
  if (report.total === 0) return { state: 'unreadable', why: 'the runner wrote none.' };
  if (report.total > MAX_REPORT) return { state: 'unreadable', why: 'it is larger than 64 MiB.' };
  const parsed = parseReport(o.gate.parser, report.text());
  if (!parsed.ok) return { state: 'unreadable', why: parsed.error };
  const { tree, home, tmp } = o.place.inside;
  const roots = [tree, ...(o.namespaces ? [] : o.place.aliases), home, tmp];
  // Reports of other tools name files as seen from where the gate ran.
  const at = (file: string): string =>
    o.gate.cwd !== '' && file !== '' && !file.startsWith('/') ? `${o.gate.cwd}/${file}` : file;
  return {
    state: 'parsed',
    report: {
      tests: identify(
        parsed.value.tests.map((test) => ({ ...test, file: at(test.file) })),
        { roots, redact: deps.redact },
      ),
      fileErrors: parsed.value.fileErrors.map((error) => ({
        file: treePath(at(error.file), roots),
        message: deps.redact(error.message).slice(0, 500),
      })),
    },
  };
}

function mismatchOf(gate: GateSpec, exit: number | null, stdout: BoundedOutput): string | null {
  const wanted = gate.expect?.exit ?? 0;
  if (exit !== wanted) return `It should end with exit code ${wanted} and ended with ${exit ?? 'none'}.`;
  if (gate.expect?.stdout !== undefined && stdout.text() !== gate.expect.stdout)
    return 'Its standard output is not what was expected.';
  return null;
}
