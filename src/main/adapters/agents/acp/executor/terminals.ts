import type { Readable } from 'node:stream';
import type { ExitInfo, ManagedProcess, Sandbox, SpawnOptions } from '../../../process/types.ts';
import { createTailBuffer } from './tail-buffer.ts';
import type { TailBuffer } from './tail-buffer.ts';

export type ExitStatus = { readonly exitCode: number | null; readonly signal: string | null };

/** What a command has come to, for the card of the tool call that ran it. */
export type TerminalReport = {
  readonly command: string;
  readonly output: string;
  /** `null` while it runs, and when a signal ended it. */
  readonly exitCode: number | null;
};

export type Terminals = {
  create(o: {
    readonly argv: readonly [string, ...string[]];
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    readonly outputLimit: number;
    /** As it is shown. */
    readonly command: string;
  }): string;
  /** `null`: no terminal has this id, or it was released. */
  output(id: string): {
    readonly output: string;
    readonly truncated: boolean;
    readonly exitStatus: ExitStatus | null;
  } | null;
  exit(id: string): Promise<ExitStatus> | null;
  /** Ends the command; its output can still be read. Settles when nothing of it runs. */
  kill(id: string): Promise<void> | null;
  release(id: string): Promise<void> | null;
  /** Also of terminals that were released. */
  report(id: string): TerminalReport | null;
  /** Commands that have not ended. */
  readonly running: number;
  /** Ends every command. Resolves with what survived; empty is the promise. */
  endAll(): Promise<readonly number[]>;
};

type Terminal = {
  readonly command: string;
  readonly process: ManagedProcess;
  readonly buffer: TailBuffer;
  readonly exit: Promise<ExitStatus>;
  status: ExitStatus | null;
  survivors: readonly number[];
  killed: boolean;
  released: boolean;
};

/** What was written before the end is read for that long. */
const DRAIN_MS = 500;
const OUTPUT_EVERY_MS = 500;
/** Reports that are kept: cards of older calls have theirs already. */
const MAX_REPORTS = 200;
const MAX_REPORT = 16 * 1024;

/**
 * Commands that omk runs for an agent, each in a process group of its own and in the same isolation as the agent. What a command leaves in
 * the background ends with it. If the host dies, the guard over all of its processes ends them.
 */
export function createTerminals(o: {
  readonly spawn: (options: SpawnOptions) => ManagedProcess;
  readonly sandbox: Sandbox;
  /** A command that runs has said something more; now and then, not for every byte. */
  readonly onOutput: (id: string) => void;
}): Terminals {
  const open = new Map<string, Terminal>();
  const ended = new Map<string, TerminalReport>();
  const marks = new Set<number>();
  let made = 0;

  /**
   * The agent and all of its commands share one temporary folder, by whose name orphans are known where no namespace holds them: each command
   * gets a name of its own for it.
   */
  const marked = (env: Readonly<Record<string, string>>, mark: number): Readonly<Record<string, string>> => {
    const tmpDir = env['TMPDIR'];
    if (tmpDir === undefined || o.sandbox.use === 'namespaces') return env;
    return { ...env, TMPDIR: tmpDir + '/.'.repeat(mark) };
  };
  const freeMark = (): number => {
    let mark = 1;
    while (marks.has(mark)) mark += 1;
    marks.add(mark);
    return mark;
  };

  const settle = async (id: string, one: Omit<Terminal, 'exit'>): Promise<ExitStatus> => {
    const exit = await one.process.exited;
    if (exit.spawnError !== null) one.buffer.push(Buffer.from(`${exit.spawnError.message}\n`));
    // What it left behind would hold the pipe open.
    one.survivors = (await one.process.stop({ graceMs: 0, term: false })).survivors;
    await drained(one.process.stdout);
    one.buffer.end();
    one.status = statusOf(exit, one.killed);
    ended.set(id, reportOf(one));
    const oldest = ended.keys().next();
    if (ended.size > MAX_REPORTS && oldest.done !== true) ended.delete(oldest.value);
    return one.status;
  };

  const present = (id: string): Terminal | null => {
    const found = open.get(id);
    return found === undefined || found.released ? null : found;
  };

  const end = async (one: Terminal, term: boolean): Promise<void> => {
    if (one.status === null) {
      one.killed = true;
      one.survivors = (await one.process.stop({ graceMs: 0, term })).survivors;
    }
    // What cannot even be killed must not keep the caller waiting.
    await within(one.exit, 2 * DRAIN_MS);
  };

  return {
    create({ argv, cwd, env, outputLimit, command }) {
      made += 1;
      const id = `term-${made}`;
      const mark = freeMark();
      const process = o.spawn({
        // One pipe for both, as in a terminal: the order is the one in which the command wrote.
        argv: ['/bin/sh', '-c', 'exec "$@" 2>&1', 'sh', ...argv],
        cwd,
        env: marked(env, mark),
        sandbox: o.sandbox,
        stdin: '',
      });
      const buffer = createTailBuffer(outputLimit);
      const hear = everySoOften(OUTPUT_EVERY_MS, () => o.onOutput(id));
      for (const stream of [process.stdout, process.stderr]) {
        stream.on('data', (chunk: Buffer) => {
          buffer.push(chunk);
          hear.wake();
        });
      }
      const state = { command, process, buffer, status: null, survivors: [], killed: false, released: false };
      const exit = settle(id, state);
      const one: Terminal = Object.assign(state, { exit });
      open.set(id, one);
      void exit.then(() => {
        hear.stop();
        marks.delete(mark);
        if (one.released) open.delete(id);
      });
      return id;
    },
    output(id) {
      const one = present(id);
      if (one === null) return null;
      const { text, truncated } = one.buffer.read();
      return { output: text, truncated, exitStatus: one.status };
    },
    exit: (id) => present(id)?.exit ?? null,
    kill(id) {
      const one = present(id);
      return one === null ? null : end(one, true);
    },
    release(id) {
      const one = present(id);
      if (one === null) return null;
      one.released = true;
      if (one.status !== null) open.delete(id);
      return end(one, true);
    },
    report(id) {
      const one = open.get(id);
      return one === undefined ? (ended.get(id) ?? null) : reportOf(one);
    },
    get running() {
      return [...open.values()].filter((one) => one.status === null).length;
    },
    async endAll() {
      const all = [...open.values()];
      await Promise.all(all.map((one) => end(one, false)));
      return all.flatMap((one) => one.survivors);
    },
  };
}

/** In namespaces a shell reports a signal as 128 and its number: only of our own we know that it was one. */
function statusOf(exit: ExitInfo, killed: boolean): ExitStatus {
  if (exit.spawnError !== null) return { exitCode: 127, signal: null };
  if (killed && (exit.code === null || exit.code > 128))
    return { exitCode: null, signal: exit.signal ?? (exit.code === 137 ? 'SIGKILL' : 'SIGTERM') };
  return { exitCode: exit.code, signal: exit.signal };
}

const reportOf = (one: Pick<Terminal, 'command' | 'buffer' | 'status'>): TerminalReport => ({
  command: one.command,
  output: tail(one.buffer.read().text),
  exitCode: one.status?.exitCode ?? null,
});

/** The end is what counts: there it says what failed. */
const tail = (text: string): string =>
  text.length <= MAX_REPORT ? text : `[… the beginning left out …]\n${text.slice(-MAX_REPORT)}`;

async function drained(stream: Readable): Promise<void> {
  if (stream.closed || stream.readableEnded) return;
  const ends = new Promise<void>((resolve) => {
    stream.once('close', resolve);
    stream.once('end', resolve);
  });
  await within(ends, DRAIN_MS);
}

async function within(promise: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, late]);
  clearTimeout(timer);
}

function everySoOften(ms: number, run: () => void): { readonly wake: () => void; readonly stop: () => void } {
  let timer: NodeJS.Timeout | null = null;
  return {
    wake() {
      timer ??= setTimeout(() => {
        timer = null;
        run();
      }, ms).unref();
    },
    stop() {
      if (timer !== null) clearTimeout(timer);
    },
  };
}
