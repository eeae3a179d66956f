import { randomBytes } from 'node:crypto';
import type { AgentBackend, AgentSession, AgentStart, BackendError } from '../../../runtime/agent-backend.ts';
import { err, ok } from '../../../../shared/kernel/result.ts';
import type { Result } from '../../../../shared/kernel/result.ts';
import type { ExitInfo, ManagedProcess, SpawnOptions } from '../../process/types.ts';
import { agentEnv } from '../agent-env.ts';
import { agentSandbox } from '../agent-sandbox.ts';
import { createEventQueue } from '../event-queue.ts';
import { openTranscript } from '../transcript.ts';
import type { Transcript } from '../transcript.ts';
import { openWireClient } from './client.ts';
import type { WireClient } from './client.ts';
import { createConversation } from './conversation.ts';
import { errorFromClose, errorFromRpc } from './errors.ts';
import { prepareLaunch } from './launch.ts';
import type { Launch } from './launch.ts';
import { Initialized } from './schema.ts';

export type WireBackendDeps = {
  readonly spawn: (o: SpawnOptions) => ManagedProcess;
  /** PATH, LANG and TERM of the host. */
  readonly baseEnv: Readonly<Record<string, string>>;
  /** Where the person's own configuration and login are read from. */
  readonly userHome: string;
  /** omk's own, as it introduces itself. */
  readonly version?: string;
  /** After which an approval is refused and a question dismissed, should the host not answer at all. */
  readonly hostDeadlineMs?: number;
  readonly now?: () => number;
};

const PROTOCOL = '1.10';
/** The host parks questions itself, much earlier. */
const HOST_DEADLINE_MS = 24 * 60 * 60 * 1_000;
/** Output that was written before the process ended is read for that long. */
const DRAIN_MS = 1_000;

/** Drives agents that speak Wire (`kimi --wire`, the demonstration agent, commands a person names). */
export function createWireBackend(deps: WireBackendDeps): AgentBackend {
  return {
    kind: 'wire',
    async start(o) {
      const launch = tryLaunch(o, deps);
      if (!launch.ok) return launch;
      const transcript = openTranscript(o.transcriptPath, { secrets: Object.values(o.env) });
      const child = deps.spawn({
        argv: launch.value.argv,
        cwd: o.workDir,
        env: agentEnv({
          base: deps.baseEnv,
          home: o.home,
          tmpDir: o.tmpDir,
          env: o.env,
          extra: launch.value.env,
        }),
        sandbox: agentSandbox({ start: o, argv: launch.value.argv, bind: launch.value.bind }),
        stdin: null,
      });
      return startSession({ o, deps, launch: launch.value, child, transcript });
    },
  };
}

function tryLaunch(o: AgentStart, deps: WireBackendDeps): Result<Launch, BackendError> {
  try {
    return ok(prepareLaunch(o, { userHome: deps.userHome, use: o.sandbox.use }));
  } catch (error) {
    return err({
      code: 'spawn_failed',
      message: "The agent's private home could not be written; check the disk and its permissions.",
      retryable: true,
      detail: { reason: error instanceof Error ? error.message : String(error) },
    });
  }
}

async function startSession(c: {
  readonly o: AgentStart;
  readonly deps: WireBackendDeps;
  readonly launch: Launch;
  readonly child: ManagedProcess;
  readonly transcript: Transcript;
}): ReturnType<AgentBackend['start']> {
  const { o, deps, child, transcript } = c;
  const nonce = randomBytes(6).toString('hex');
  const queue = createEventQueue();
  const lastWords = keepLastWords(child, transcript);

  let ending: Promise<Stopped> | null = null;
  /** Ends the process and everything around it; the first caller says why. */
  const endWith = (error: BackendError | null, graceMs: number): Promise<Stopped> => {
    ending ??= (async () => {
      const stopped = await child.stop({ graceMs, term: false });
      await drained(child);
      conversation.end(error ?? exitError(stopped.exit, lastWords()));
      client.close({ type: 'ended' });
      queue.end();
      transcript.close();
      return { survivors: stopped.survivors, tookMs: stopped.tookMs };
    })();
    return ending;
  };

  const conversation = createConversation({
    client: () => client,
    host: o.host,
    timeouts: o.timeouts,
    hostDeadlineMs: deps.hostDeadlineMs ?? HOST_DEADLINE_MS,
    queue,
    nonce,
    now: deps.now ?? (() => performance.now()),
    abandon: (error) => void endWith(error, 0),
  });
  const client: WireClient = openWireClient({
    stdin: child.stdin,
    stdout: child.stdout,
    transcript,
    handlers: conversation.handlers,
  });
  void client.closed.then((reason) => {
    const error = errorFromClose(reason);
    if (error !== null) void endWith(error, 0);
  });
  void child.exited.then(() => endWith(null, 0));

  const agent = await shakeHands(client, child, o, deps, lastWords);
  if (!agent.ok) {
    await endWith(agent.error, 0);
    return agent;
  }
  if (o.mode === 'plan') await client.request('set_plan_mode', { enabled: true });

  let stopping: Promise<Stopped> | null = null;
  const stop = async (): Promise<Stopped> => {
    const startedAt = performance.now();
    await conversation.cancel('stopped');
    const { survivors } = await endWith(null, o.timeouts.stopMs);
    return { survivors, tookMs: Math.round(performance.now() - startedAt) };
  };
  const session: AgentSession = {
    sessionId: c.launch.sessionId ?? `wire-${nonce}`,
    agent: agent.value,
    caps: {
      steer: false,
      replay: false,
      usage: 'live',
      questions: 'many',
      hostExec: false,
      hostFs: false,
      failureReporting: 'protocol',
    },
    isolated: child.isolated,
    events: queue.events,
    prompt: conversation.prompt,
    cancel: conversation.cancel,
    stop: () => (stopping ??= stop()),
  };
  return ok(session);
}

type Stopped = { readonly survivors: readonly number[]; readonly tookMs: number };

async function shakeHands(
  client: WireClient,
  child: ManagedProcess,
  o: AgentStart,
  deps: WireBackendDeps,
  lastWords: () => string,
): Promise<Result<AgentSession['agent'], BackendError>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), o.timeouts.handshakeMs);
  });
  const answered = await Promise.race([
    client.request('initialize', {
      protocol_version: PROTOCOL,
      client: { name: 'omk', version: deps.version ?? '0' },
      capabilities: { supports_question: true, supports_plan_mode: false },
      ...(o.host.tools !== undefined && { external_tools: o.host.tools.list }),
    }),
    child.exited,
    late,
  ]);
  clearTimeout(timer);
  if (answered === 'late')
    return err({
      code: 'handshake_timeout',
      message: `The agent did not answer within ${Math.round(o.timeouts.handshakeMs / 1_000)} s after its start.`,
      retryable: true,
    });
  if (!('type' in answered)) {
    await drained(child);
    return err(exitError(answered, lastWords()));
  }
  if (answered.type === 'closed')
    return err(errorFromClose(answered.reason) ?? exitError(await child.exited, lastWords()));
  if (answered.type === 'error') {
    // The handshake is optional in Wire: a server without it takes prompts all the same.
    if (answered.code === -32601) return ok({ name: o.spec.name, version: 'unknown', protocol: 'wire' });
    return err({
      ...errorFromRpc(answered.code, answered.message),
      code: 'protocol_error',
      retryable: false,
    });
  }
  const said = Initialized.safeParse(answered.result).data;
  return ok({
    name: said?.server?.name ?? o.spec.name,
    version: said?.server?.version ?? 'unknown',
    protocol: `wire ${said?.protocol_version ?? 'unknown'}`,
  });
}

function exitError(exit: ExitInfo, words: string): BackendError {
  if (exit.spawnError !== null)
    return {
      code: 'spawn_failed',
      message: `${exit.spawnError.message.replace(/\.$/, '')}; check the agent's command.`,
      retryable: false,
      detail: { reason: exit.spawnError.code, ...(words === '' ? {} : { stderr: words }) },
    };
  const how = exit.signal === null ? `code ${exit.code ?? 'unknown'}` : exit.signal;
  return {
    code: 'process_exit',
    message: `The agent's process ended (${how})${words === '' ? '' : `; its last words: ${words.split('\n').at(-1)?.slice(0, 300) ?? ''}`}.`,
    retryable: true,
    detail: { exitCode: exit.code, signal: exit.signal, stderr: words },
  };
}

const MAX_WORDS = 4_000;
const MAX_RECORDED = 1024 * 1024;

/** Reads standard error, so that it never blocks the agent, and keeps its end. */
function keepLastWords(child: ManagedProcess, transcript: Transcript): () => string {
  let words = '';
  let recorded = 0;
  child.stderr.on('data', (chunk: Buffer) => {
    const text = chunk.toString('utf8');
    words = (words + text).slice(-MAX_WORDS);
    recorded += text.length;
    if (recorded <= MAX_RECORDED) transcript.text('err', text);
  });
  return () => words.trim();
}

/** Everything the process wrote has been read; a daemon that holds the pipe is not waited for. */
async function drained(child: ManagedProcess): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, DRAIN_MS);
  });
  const ends = [child.stdout, child.stderr].map((stream) =>
    stream.closed ? Promise.resolve() : new Promise<void>((resolve) => stream.once('close', resolve)),
  );
  await Promise.race([Promise.all(ends), late]);
  clearTimeout(timer);
}
