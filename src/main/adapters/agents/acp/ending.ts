import type { BackendError } from '../../../runtime/agent-backend.ts';
import type { ExitInfo, ManagedProcess } from '../../process/types.ts';
import type { EventQueue } from '../event-queue.ts';
import type { Transcript } from '../transcript.ts';
import type { AcpClient, CloseReason } from './client.ts';
import type { Conversation } from './conversation.ts';

/** The one way a session ends, whoever begins it: the process, the connection, omk's limits, or a wish to stop. */
export type Ending = {
  /** The process cannot be talked to any more, and why. Pending until then. */
  readonly failed: Promise<BackendError>;
  /** Everything is over: process swept, events ended, transcript on disk. */
  readonly over: Promise<void>;
  /** Closes its input, waits `graceMs`, kills the group and looks for survivors. Never TERM first: that orphans its shells. */
  stop(graceMs: number): Promise<{ readonly survivors: readonly number[]; readonly tookMs: number }>;
  /** Kills at once: the agent does what cannot be tolerated. */
  abandon(error: BackendError): Promise<void>;
};

/** What was written before a death is read for that long; a survivor may hold the pipe open. */
const DRAIN_MS = 500;
/** A process that closed a pipe is usually about to exit and then says more. */
const EXIT_MS = 1_000;
const TAIL = 4_096;
const MAX_ERR_LINE = 8_192;

export function createEnding(o: {
  readonly process: ManagedProcess;
  readonly client: AcpClient;
  readonly conversation: Conversation;
  readonly transcript: Transcript;
  readonly queue: EventQueue;
}): Ending {
  const { process, client, conversation } = o;
  const errors = followErrors(process, o.transcript);
  let resolveFailed: (error: BackendError) => void = () => undefined;
  const failed = new Promise<BackendError>((resolve) => {
    resolveFailed = resolve;
  });
  let resolveOver: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    resolveOver = resolve;
  });

  const fail = (error: BackendError): void => {
    client.close({ type: 'stopped' });
    conversation.end(error);
    resolveFailed(error);
  };

  let sweeping: Promise<{ readonly survivors: readonly number[]; readonly tookMs: number }> | null = null;
  const sweep = (graceMs: number) => {
    sweeping ??= (async () => {
      const [report, commands] = await Promise.all([
        process.stop({ graceMs, term: false }),
        conversation.endCommands(),
      ]);
      await within(Promise.all([client.closed, errors.ended]), DRAIN_MS);
      fail(exitError(report.exit, errors.tail()));
      o.queue.end();
      o.transcript.close();
      resolveOver();
      return { survivors: [...report.survivors, ...commands], tookMs: report.tookMs };
    })();
    return sweeping;
  };

  void process.exited.then(async (exit) => {
    await within(Promise.all([client.closed, errors.ended]), DRAIN_MS);
    fail(exitError(exit, errors.tail()));
    // What the process left behind, e.g. the real agent below a wrapper that died.
    await sweep(0);
  });

  void client.closed.then(async (reason) => {
    const error = closeError(reason);
    if (error === null) return;
    if (reason.type === 'violation' || (await within(process.exited, EXIT_MS)) === null) {
      fail(error);
      await sweep(0);
    }
  });

  return {
    failed,
    over,
    stop: sweep,
    async abandon(error) {
      fail(error);
      await sweep(0);
    },
  };
}

/** `null`: the process's own end says more, or omk closed the connection itself. */
function closeError(reason: CloseReason): BackendError | null {
  switch (reason.type) {
    case 'violation':
      return {
        code: 'protocol_error',
        message: {
          line_too_long: 'The agent sent a line of more than 32 MiB and was stopped.',
          too_many_bad_lines: 'The agent sent more than 1,000 lines that are no messages and was stopped.',
          unread_input: 'The agent does not read what it is sent and was stopped.',
        }[reason.violation],
        retryable: true,
        detail: { violation: reason.violation },
      };
    case 'output_closed':
    case 'input_closed':
      return {
        code: 'protocol_error',
        message: 'The agent closed its connection without ending and was stopped.',
        retryable: true,
        detail: { reason: reason.type },
      };
    case 'exited':
    case 'stopped':
      return null;
  }
}

function exitError(exit: ExitInfo, tail: string): BackendError {
  const detail = { exitCode: exit.code, signal: exit.signal, stderr: tail };
  if (exit.spawnError !== null)
    return { code: 'spawn_failed', message: exit.spawnError.message, retryable: false, detail };
  if (/does not provide an export named|ERR_UNKNOWN_BUILTIN_MODULE|Unsupported Node/.test(tail)) {
    return {
      code: 'spawn_failed',
      message:
        'This agent does not run on the Node it was started with; Kimi Code needs Node 22.19 or newer.',
      retryable: false,
      detail,
    };
  }
  const how = exit.signal ?? (exit.code === null ? 'unknown cause' : `exit code ${exit.code}`);
  return { code: 'process_exit', message: `The agent's process ended (${how}).`, retryable: true, detail };
}

/** Standard error goes to the transcript line by line; its end is kept for the message of a death. */
function followErrors(process: ManagedProcess, transcript: Transcript) {
  let tail = '';
  let line = '';
  const ended = new Promise<void>((resolve) => {
    process.stderr.once('end', resolve);
    process.stderr.once('close', resolve);
    process.stderr.on('error', () => resolve());
  });
  process.stderr.setEncoding('utf8');
  process.stderr.on('data', (text: string) => {
    tail = (tail + text).slice(-TAIL);
    const lines = (line + text).split('\n');
    line = (lines.pop() ?? '').slice(0, MAX_ERR_LINE);
    for (const whole of lines) transcript.text('err', whole.slice(0, MAX_ERR_LINE));
  });
  void ended.then(() => {
    if (line !== '') transcript.text('err', line);
  });
  return { ended, tail: () => tail.trim() };
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
