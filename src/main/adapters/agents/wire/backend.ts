import { randomBytes } from 'node:crypto';
import type { AgentBackend, AgentSession, AgentStart, BackendError } from '../../../runtime/agent-backend.ts';
import { err, ok } from '../../../../shared/kernel/result.ts';
import type { Result } from '../../../../shared/kernel/result.ts';
import type { ManagedProcess, SpawnOptions } from '../../process/types.ts';
import { agentEnv } from '../agent-env.ts';
import { agentSandbox } from '../agent-sandbox.ts';
import { createEventQueue } from '../event-queue.ts';
import { withRealPaths } from '../real-paths.ts';
import { createSessionLocks, sessionBusy } from '../session-locks.ts';
import type { SessionLocks } from '../session-locks.ts';
import { keepLogin } from '../login/keep-login.ts';
import { openTranscript } from '../transcript.ts';
import type { Transcript } from '../transcript.ts';
import { inUserHome } from '../user-home.ts';
import { openWireClient } from './client.ts';
import type { WireClient } from './client.ts';
import { createConversation } from './conversation.ts';
import { errorFromClose } from './errors.ts';
import { drained, exitError, shakeHands } from './handshake.ts';
import { prepareLaunch } from './launch.ts';
import type { Launch } from './launch.ts';

export type WireBackendDeps = {
  readonly spawn: (o: SpawnOptions) => ManagedProcess;
  /** PATH, LANG and TERM of the host. */
  readonly baseEnv: Readonly<Record<string, string>>;
  /** Where the person's own configuration and login are read from. */
  readonly userHome: string;
  /** Folders of omk's own that an agent which uses the person's home must not change. */
  readonly protect?: readonly string[];
  /** omk's own, as it introduces itself. */
  readonly version?: string;
  /** After which an approval is refused and a question dismissed, should the host not answer at all. */
  readonly hostDeadlineMs?: number;
  readonly now?: () => number;
};

/** The host parks questions itself, much earlier. */
const HOST_DEADLINE_MS = 24 * 60 * 60 * 1_000;

/** Drives agents that speak Wire (`kimi --wire`, the demonstration agent, commands a person names). */
export function createWireBackend(deps: WireBackendDeps): AgentBackend {
  const locks = createSessionLocks();
  return {
    kind: 'wire',
    async start(asked) {
      const o = inUserHome(asked, deps);
      const launch = tryLaunch(o, deps);
      if (!launch.ok) return launch;
      const { sessionId } = launch.value;
      if (sessionId !== null && !locks.take(sessionId)) return err(sessionBusy);
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
        sandbox: agentSandbox({ ...launch.value, start: o }),
        stdin: null,
      });
      return startSession({ o, deps, launch: launch.value, child, transcript, locks });
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
  readonly locks: SessionLocks;
}): ReturnType<AgentBackend['start']> {
  const { o, deps, child, transcript } = c;
  const nonce = randomBytes(6).toString('hex');
  const queue = createEventQueue();
  const login = keepLogin(c.launch.kept);
  const lastWords = keepLastWords(child, transcript);

  let ending: Promise<Stopped> | null = null;
  /** Ends the process and everything around it; the first caller says why. */
  const endWith = (error: BackendError | null, graceMs: number): Promise<Stopped> => {
    ending ??= (async () => {
      const stopped = await child.stop({ graceMs, term: false });
      login.close();
      await drained(child);
      conversation.end(error ?? exitError(stopped.exit, lastWords()));
      client.close({ type: 'ended' });
      queue.end();
      transcript.close();
      if (c.launch.sessionId !== null) c.locks.release(c.launch.sessionId);
      return { survivors: stopped.survivors, tookMs: stopped.tookMs };
    })();
    return ending;
  };

  const conversation = createConversation({
    client: () => client,
    host: withRealPaths(o.host, o),
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

  const greeted = await shakeHands({
    client,
    conversation,
    child,
    start: o,
    version: deps.version ?? '0',
    resuming: o.resumeSessionId !== null && c.launch.sessionId === o.resumeSessionId,
    lastWords,
  });
  if (!greeted.ok) {
    await endWith(greeted.error, 0);
    return greeted;
  }
  const { agent, resumed, planMode } = greeted.value;
  for (const text of greeted.value.notices) queue.push({ type: 'notice', text });

  let stopping: Promise<Stopped> | null = null;
  const stop = async (): Promise<Stopped> => {
    const startedAt = performance.now();
    await conversation.cancel('stopped');
    const { survivors } = await endWith(null, o.timeouts.stopMs);
    return { survivors, tookMs: Math.round(performance.now() - startedAt) };
  };
  const session: AgentSession = {
    sessionId: c.launch.sessionId ?? `wire-${nonce}`,
    resumed,
    agent,
    caps: {
      steer: true,
      replay: c.launch.sessionId !== null,
      contextUsage: true,
      planMode,
      usage: 'live',
      questions: 'many',
      hostExec: false,
      hostFs: false,
      failureReporting: 'protocol',
    },
    isolated: child.isolated,
    events: queue.events,
    prompt: conversation.prompt,
    steer: conversation.steer,
    async setMode(mode) {
      const reply = await client.request('set_plan_mode', { enabled: mode === 'plan' });
      if (reply.type === 'result' || (mode !== 'plan' && !planMode)) return ok(null);
      return err({
        code: 'protocol_error',
        message: `The agent did not take the mode "${mode}".`,
        retryable: false,
      });
    },
    cancel: conversation.cancel,
    stop: () => (stopping ??= stop()),
  };
  return ok(session);
}

type Stopped = { readonly survivors: readonly number[]; readonly tookMs: number };

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
