import { hasUsage } from '../../../shared/goal/budget.ts';
import type { OpenGoal } from '../../../shared/goal/state.ts';
import { usesUserHome } from '../../../shared/goal/user-home.ts';
import type { Failure } from '../../../shared/goal/vocabulary.ts';
import type { Digest, Oid } from '../../../shared/kernel/ids.ts';
import type { AgentBackend, AgentHost, AgentSession, AgentStart, TurnResult } from '../agent-backend.ts';
import type { PerformContext } from '../performer.ts';
import type { Clock, Gates, Log, Timers, Workspaces } from '../ports.ts';
import { startFailure, turnFailure } from './agent-failure.ts';
import { confinement } from './confinement.ts';
import { createMeter } from './meter.ts';
import { watchAgent } from './watch-agent.ts';

/** A folder for one session that only reads, with a home of its own: no other session finds what this one thought. */
export type ReadingRoom = {
  readonly dir: string;
  readonly home: string;
  readonly tmpDir: string;
  readonly transcriptPath: string;
  readonly hide: readonly string[];
  /** Removes all of it but the transcript. */
  readonly close: () => Promise<void>;
};

export type ReadingDeps = {
  readonly backends: Readonly<Record<'wire' | 'acp', AgentBackend>>;
  readonly workspaces: Pick<Workspaces, 'tree' | 'writeTree' | 'diff'>;
  readonly gates: Pick<Gates, 'isolation'>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly timeouts: AgentStart['timeouts'];
  readonly agentEnv: (names: readonly string[]) => Readonly<Record<string, string>>;
  readonly readingRoom: (goal: OpenGoal, attemptId: string) => ReadingRoom;
  readonly sealTranscript: (path: string) => Promise<readonly Digest[]>;
};

export type Read = {
  readonly type: 'ended' | 'interrupted';
  /** Why there was no (further) answer. */
  readonly failure: Failure | null;
  readonly evidence: readonly Digest[];
};

type Reading = {
  /** What it reads, written object by object into its room. */
  readonly tree: Oid;
  readonly label: string;
  readonly first: string;
  /** Takes an answer; what it returns is asked in the same session, `null` ends it. */
  readonly next: (answer: string) => string | null;
};

/** A session in the agent's read-only mode, in a copy that is thrown away whatever becomes of it. Never rejects but for a bug. */
export async function readInSession(deps: ReadingDeps, context: PerformContext, o: Reading): Promise<Read> {
  const { goal, attempt, signal, progress } = context;
  const room = deps.readingRoom(goal, attempt.attemptId);
  try {
    progress('Making a copy to read', null, null);
    const written = await deps.workspaces.writeTree({
      goalId: goal.goalId,
      tree: o.tree,
      dir: room.dir,
      signal,
    });
    if (signal.aborted) return { type: 'interrupted', failure: null, evidence: [] };
    if (!written.ok) return { type: 'ended', failure: written.error, evidence: [] };
    const failure = await converse(deps, context, room, o);
    const evidence = await deps.sealTranscript(room.transcriptPath);
    return { type: signal.aborted ? 'interrupted' : 'ended', failure, evidence };
  } finally {
    await room.close();
  }
}

async function converse(
  deps: ReadingDeps,
  context: PerformContext,
  room: ReadingRoom,
  o: Reading,
): Promise<Failure | null> {
  const { goal, attempt, signal } = context;
  const spec = goal.opened.agent;
  const ending = new AbortController();
  const end = (): void => ending.abort(signal.reason);
  signal.addEventListener('abort', end, { once: true });
  const meter = createMeter({
    attempt,
    clock: deps.clock,
    timers: deps.timers,
    spend: context.spend,
    promptBytes: o.first.length,
    isKnown: (usageId) => hasUsage(goal, usageId),
    stop: (limit) => ending.abort(`budget_${limit}`),
  });
  const watch = watchAgent({
    context,
    clock: deps.clock,
    timers: deps.timers,
    observe: (event) => meter.observe(event),
    waiting: () => false,
  });
  let session: AgentSession | null = null;
  let turn: TurnResult | null = null;
  let failure: Failure | null = null;
  let reading: Promise<void> = Promise.resolve();
  try {
    watch.activity(`Starting ${spec.name}`);
    const started = await deps.backends[spec.protocol].start({
      spec,
      workDir: room.dir,
      home: room.home,
      tmpDir: room.tmpDir,
      env: deps.agentEnv(spec.envNames),
      resumeSessionId: null,
      mode: 'plan',
      host: readerHost(
        () =>
          session?.isolated === 'namespaces' &&
          !usesUserHome(spec) &&
          goal.opened.policy.approvals === 'auto',
      ),
      transcriptPath: room.transcriptPath,
      sandbox: {
        use: await confinement(deps.gates, goal.opened.policy),
        hide: room.hide,
        writable: [room.home, room.tmpDir],
        readOnly: [room.dir],
      },
      signal: ending.signal,
      timeouts: deps.timeouts,
    });
    if (!started.ok) failure = startFailure(started.error, spec);
    else {
      session = started.value;
      reading = watch.read(session.events);
      watch.activity(`${spec.name} ${o.label}`);
      let prompt: string | null = o.first;
      while (prompt !== null) {
        turn = await session.prompt(prompt, ending.signal);
        failure = turnFailure(turn, spec);
        prompt = failure === null && !ending.signal.aborted ? o.next(turn.finalText) : null;
      }
    }
  } finally {
    signal.removeEventListener('abort', end);
    const stopped = await session?.stop();
    if (stopped && stopped.survivors.length > 0)
      deps.log.warn('Processes of an attempt survived its stop.', {
        goalId: goal.goalId,
        pids: stopped.survivors,
      });
    await reading;
    watch.close();
  }
  const limit = meter.close(turn);
  return limit === null ? failure : allowanceSpent(limit);
}

const allowanceSpent = (limit: 'time' | 'tokens'): Failure => ({
  code: 'reading.allowance_spent',
  message: `The agent used up the ${limit === 'time' ? 'time' : 'tokens'} that a session may use in which it only reads.`,
  retry: 'never',
  blame: 'agent',
});

/** Nobody is asked for a session that only reads: it may look around where the system confines it and commands need no permission. */
const readerHost = (mayRun: () => boolean): AgentHost => ({
  approve: (request) =>
    Promise.resolve(
      mayRun() && request.command !== null
        ? { decision: 'allow_once', feedback: null }
        : {
            decision: 'reject',
            feedback:
              'This session only reads. Do not try to change or run anything; answer as you were asked to.',
          },
    ),
  ask: () => Promise.resolve(null),
});
