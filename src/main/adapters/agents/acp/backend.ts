import { randomBytes } from 'node:crypto';
import type { AgentBackend, AgentSession, AgentStart, BackendError } from '../../../runtime/agent-backend.ts';
import { err, ok } from '../../../../shared/kernel/result.ts';
import type { Result } from '../../../../shared/kernel/result.ts';
import type { ManagedProcess, SpawnOptions } from '../../process/types.ts';
import { agentEnv } from '../agent-env.ts';
import { agentSandbox } from '../agent-sandbox.ts';
import { createEventQueue } from '../event-queue.ts';
import type { EventQueue } from '../event-queue.ts';
import { keepLogin } from '../login/keep-login.ts';
import { withRealPaths } from '../real-paths.ts';
import { createSessionLocks, sessionBusy } from '../session-locks.ts';
import type { SessionLocks } from '../session-locks.ts';
import { startLimit } from '../start-limit.ts';
import { openTranscript } from '../transcript.ts';
import { inUserHome } from '../user-home.ts';
import { openAcpClient } from './client.ts';
import type { AcpClient } from './client.ts';
import { createConversation } from './session.ts';
import type { Conversation } from './conversation.ts';
import { createEnding } from './ending.ts';
import type { Ending } from './ending.ts';
import { createExecutor } from './executor/executor.ts';
import { openOwnTools } from './own-tools.ts';
import type { OwnTools, ToolServerProgram } from './own-tools.ts';
import { prepareHome } from './prepare.ts';
import { quirksFor } from './quirks.ts';
import type { Quirks } from './quirks.ts';
import { modeFor, openSession, setMode } from './sessions.ts';
import type { OpenedSession } from './sessions.ts';
import { openSidecar } from './sidecar.ts';
import { createSidecarTracker } from './sidecar-tracker.ts';

export type AcpDeps = {
  readonly spawn: (options: SpawnOptions) => ManagedProcess;
  /** PATH, LANG and TERM of the host. */
  readonly baseEnv: Readonly<Record<string, string>>;
  /** The person's home: logins are found there and linked, never changed. */
  readonly userHome: string;
  /** Folders of omk's own that an agent which uses the person's home must not change. */
  readonly protect?: readonly string[];
  /** Where the person's own Kimi Code keeps its files, when that is not the usual place. */
  readonly kimiHome?: string;
  /** omk's own version, told to the agent. */
  readonly version: string;
  /** omk's MCP server; without it an agent is offered none of omk's tools. */
  readonly toolServer?: ToolServerProgram;
  /** A question to the person is answered in the safe way after this; default 12 h. */
  readonly hostDeadlineMs?: number;
};

const HOST_DEADLINE_MS = 12 * 60 * 60 * 1_000;
/** For an agent that failed to shake hands: it has nothing to save. */
const FAILED_GRACE_MS = 300;

/**
 * Drives agents that speak the Agent Client Protocol 1 (`kimi acp`, `qwen --acp`, …) over the pipes of one process per session.
 */
export function createAcpBackend(deps: AcpDeps): AgentBackend {
  const locks = createSessionLocks();
  return {
    kind: 'acp',
    async start(o) {
      if (o.resumeSessionId !== null && !locks.take(o.resumeSessionId)) {
        return err(sessionBusy);
      }
      const started = await start(deps, locks, inUserHome(o, deps));
      if (!started.ok && o.resumeSessionId !== null) locks.release(o.resumeSessionId);
      return started;
    },
  };
}

async function start(
  deps: AcpDeps,
  locks: SessionLocks,
  o: AgentStart,
): Promise<Result<AgentSession, BackendError>> {
  const known = quirksFor(o.spec);
  // In its plan mode Kimi Code looks for its plan through whoever serves files, and breaks where there is none yet.
  const quirks = o.mode === 'plan' ? { ...known, hostFs: false } : known;
  const prepared = prepareHome({ ...deps, ...o, use: o.sandbox.use, quirks });
  if (!prepared.ok) return prepared;
  const argv = o.spec.argv as [string, ...string[]]; // its schema has at least one word
  const own = await openOwnTools({
    program: deps.toolServer ?? null,
    start: o,
    deadlineMs: deps.hostDeadlineMs ?? HOST_DEADLINE_MS,
  });
  const env = agentEnv({ base: deps.baseEnv, ...o, extra: prepared.value.env });
  const sandbox = agentSandbox({ ...prepared.value, start: o, argv: [...argv, ...own.needs] });
  const process = deps.spawn({ argv, cwd: o.workDir, env, sandbox, stdin: null });
  const running = connect(deps, o, quirks, process, { env, sandbox }, own);
  own.onActivity = () => running.conversation.handlers.onTraffic();
  const login = keepLogin(prepared.value.kept);
  void running.ending.over.then(() => {
    login.close();
    return own.close();
  });
  const opened = await shakeHands(running, { ...o, mcpServers: own.mcpServers }, quirks, deps.version);
  if (!opened.ok) {
    await running.ending.stop(o.signal.aborted ? 0 : FAILED_GRACE_MS);
    return opened;
  }
  const { sessionId } = opened.value;
  if (sessionId !== o.resumeSessionId) {
    if (o.resumeSessionId !== null) locks.release(o.resumeSessionId);
    locks.take(sessionId);
  }
  void running.ending.over.then(() => locks.release(sessionId));
  const { sessionsDir } = prepared.value;
  const tracker =
    sessionsDir === null
      ? null
      : createSidecarTracker({
          sidecar: openSidecar(sessionsDir, sessionId),
          sessionId,
          emit: (event) => void running.queue.push(event),
          now: () => performance.now(),
        });
  if (own.problem !== null) running.queue.push({ type: 'notice', text: own.problem });
  for (const text of opened.value.notices) running.queue.push({ type: 'notice', text });
  let wanted = o.mode;
  const set = async (mode: AgentStart['mode']): Promise<BackendError | null> => {
    wanted = mode;
    const done = await setMode({ client: running.client, quirks, mode, ...opened.value });
    if (!done.ok) return done.error;
    return done.value.length === 0 ? null : noMode(done.value.join(' '));
  };
  const agentVersion = opened.value.agent.version;
  running.conversation.begin({ sessionId, agentVersion, tracker, setMode: () => set(wanted) });
  return ok(sessionOf({ start: o, quirks, process, running, own, opened: opened.value, setMode: set }));
}

type Running = {
  readonly client: AcpClient;
  readonly ending: Ending;
  readonly queue: EventQueue;
  readonly conversation: Conversation;
};

/** Connects the process: everything from here on ends through `ending`, whichever way it ends. */
function connect(
  deps: AcpDeps,
  o: AgentStart,
  quirks: Quirks,
  process: ManagedProcess,
  place: Pick<SpawnOptions, 'env' | 'sandbox'>,
  own: OwnTools,
): Running {
  const secrets = Object.entries(o.env)
    .filter(([name]) => /KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL/i.test(name))
    .map(([, value]) => value);
  const transcript = openTranscript(o.transcriptPath, { secrets: [...secrets, ...own.secrets] });
  const queue = createEventQueue();
  // The three call each other; none does before the last of them exists.
  const conversation = createConversation({
    client: () => client,
    quirks,
    host: withRealPaths(own.host, o),
    timeouts: o.timeouts,
    hostDeadlineMs: deps.hostDeadlineMs ?? HOST_DEADLINE_MS,
    queue,
    nonce: randomBytes(4).toString('hex'),
    now: () => performance.now(),
    abandon: (error) => ending.abandon(error),
    makeExecutor: (calls) => createExecutor({ start: o, spawn: deps.spawn, ...place, ...calls, ...quirks }),
  });
  const client: AcpClient = openAcpClient({
    stdin: process.stdin,
    stdout: process.stdout,
    transcript,
    handlers: conversation.handlers,
  });
  const ending: Ending = createEnding({ process, client, conversation, transcript, queue });
  return { client, ending, queue, conversation };
}

/** The handshake, bounded; a death or a limit says more than the broken connection it leaves behind. */
async function shakeHands(
  running: Running,
  o: AgentStart & { readonly mcpServers: OwnTools['mcpServers'] },
  quirks: Quirks,
  version: string,
): Promise<Result<OpenedSession, BackendError>> {
  const limit = startLimit(o);
  const opening = openSession({ ...o, client: running.client, quirks, version }).then((opened) =>
    opened.ok || opened.error.detail?.['reason'] === undefined
      ? opened
      : running.ending.failed.then((error) => err(error)),
  );
  const opened = await Promise.race([opening, running.ending.failed.then((error) => err(error)), limit.over]);
  limit.release();
  return opened;
}

function sessionOf(o: {
  readonly start: AgentStart;
  readonly quirks: Quirks;
  readonly process: ManagedProcess;
  readonly running: Running;
  readonly own: OwnTools;
  readonly opened: OpenedSession;
  readonly setMode: (mode: AgentStart['mode']) => Promise<BackendError | null>;
}): AgentSession {
  const { quirks, opened, running, start: asked } = o;
  let stopping: ReturnType<AgentSession['stop']> | null = null;
  return {
    sessionId: opened.sessionId,
    resumed: opened.resumed,
    agent: opened.agent,
    caps: {
      steer: true,
      replay: opened.replay,
      contextUsage: quirks.sidecar !== null,
      planMode: modeFor(quirks, 'plan', opened.modes) !== null,
      usage: quirks.usage === 'sidecar' ? 'sidecar' : quirks.usage === 'chunk_meta' ? 'live' : 'none',
      questions: 'many',
      hostExec: quirks.hostExec,
      hostFs: quirks.hostFs,
      failureReporting: quirks.sidecar !== null ? 'sidecar' : quirks.id === 'generic' ? 'none' : 'protocol',
    },
    isolated: o.process.isolated,
    events: running.queue.events,
    prompt: (text, signal) => o.own.during(() => running.conversation.prompt(text, signal)),
    steer: (text) => running.conversation.steer(text),
    async setMode(mode) {
      if (modeFor(quirks, mode, opened.modes) === null)
        return err(noMode(`The agent has no mode like "${mode}".`));
      const error = await o.setMode(mode);
      return error === null ? ok(null) : err(error);
    },
    cancel: (reason) => running.conversation.cancel(reason),
    stop() {
      stopping ??= (async () => {
        await Promise.race([
          running.conversation.cancel('stop'),
          pause(Math.min(asked.timeouts.cancelMs, 2_000)),
        ]);
        return running.ending.stop(asked.timeouts.stopMs);
      })();
      return stopping;
    },
  };
}

const noMode = (message: string): BackendError => ({ code: 'protocol_error', message, retryable: false });

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
