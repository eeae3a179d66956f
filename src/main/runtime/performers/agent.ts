import type { Payload } from '../../../shared/goal/events.ts';
import type { OpenGoal } from '../../../shared/goal/state.ts';
import { sliceScope } from '../../../shared/goal/slice-scope.ts';
import { usesUserHome } from '../../../shared/goal/user-home.ts';
import type { Failure } from '../../../shared/goal/vocabulary.ts';
import { Bug } from '../../../shared/kernel/bug.ts';
import type { Digest } from '../../../shared/kernel/ids.ts';
import { hasUsage } from '../../../shared/goal/budget.ts';
import { conversationToContinue } from '../../../shared/goal/conversations.ts';
import { waitingNotes } from '../../../shared/goal/notes.ts';
import type { AgentBackend, AgentSession, TurnResult } from '../agent-backend.ts';
import type { Kept, PerformContext, Performer, Report } from '../performer.ts';
import type { Clock, Gates, Log, Timers, Workspaces } from '../ports.ts';
import { cannotBeDone } from '../../../shared/goal/work.ts';
import { createAgentHost } from './agent-host.ts';
import { startFailure, turnFailure } from './agent-failure.ts';
import { commitSliceOf } from './commit-slice.ts';
import { createRuntimeTools } from './agent-tools.ts';
import { confinement } from './confinement.ts';
import { createMeter } from './meter.ts';
import { proposalsInText, readProposal } from './proposal.ts';
import { continuedPrompt, taskPrompt } from './prompt.ts';
import { startAgain } from './start-again.ts';
import { tellNotes } from './tell-notes.ts';
import type { NoteTeller } from './tell-notes.ts';
import { watchAgent } from './watch-agent.ts';

type Deps = {
  readonly backends: Readonly<Record<'wire' | 'acp', AgentBackend>>;
  readonly workspaces: Workspaces;
  readonly gates: Gates;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly timeouts: {
    readonly handshakeMs: number;
    readonly stallMs: number;
    readonly cancelMs: number;
    readonly stopMs: number;
    readonly parkMs: number;
  };
  readonly agentEnv: (names: readonly string[]) => Readonly<Record<string, string>>;
  /** Private folders of one attempt; made by the host, outside the state directory's secrets. */
  readonly rooms: (
    goal: OpenGoal,
    attemptId: string,
  ) => {
    readonly home: string;
    readonly tmpDir: string;
    readonly transcriptPath: string;
    readonly hide: readonly string[];
  };
  /** Reads, redacts and stores a finished transcript as evidence. */
  readonly sealTranscript: (path: string) => Promise<readonly Digest[]>;
};

type Slice = Omit<Payload<'slice.committed'>, 'attemptId' | 'taskId'>;

/**
 * One agent process, one turn, one commit of omk's own. Dying in between leaves bytes in the worktree, which `salvage` takes or
 * the next attempt's `openSlice` puts into custody before it makes a new one, and a conversation in the log that the next attempt
 * goes on with; the process itself ends with the host.
 */
export function agentPerformer(deps: Deps): Performer {
  return async (context) => {
    const { goal, attempt, signal } = context;
    const task = goal.tasks.find((one) => one.id === attempt.taskId);
    if (!task || !goal.base) throw new Bug('An agent was due without a task or a base.');
    const base = goal.base.commit;
    context.progress('Making a worktree', null, null);
    const earlier = conversationToContinue(goal, attempt);
    const opened = await deps.workspaces.openSlice({
      goalId: goal.goalId,
      taskId: task.id,
      attemptId: attempt.attemptId,
      commit: goal.kept?.commit ?? goal.candidates.at(-1)?.commit ?? base,
      prepared: (goal.setup?.paths ?? []).filter((path) => !path.startsWith('~/')),
      // Agents find what they remember by the folder they worked in.
      ...(earlier && { inPlaceOf: earlier.attemptId }),
    });
    if (!opened.ok) return { type: 'failed', failure: opened.error, evidence: [] };
    const { dir } = opened.value;
    if (goal.setup) {
      const installed = await deps.gates.installSetup({ goalId: goal.goalId, sealed: goal.setup, dir });
      if (!installed.ok) return { type: 'failed', failure: installed.error, evidence: [] };
    }
    if (signal.aborted) return { type: 'interrupted' };
    const rooms = deps.rooms(goal, attempt.attemptId);
    // A note may be written while the agent is only being started.
    const now = (): OpenGoal => ({ ...goal, notes: context.notes.now() });
    const turn = await runTurn(deps, context, dir, rooms, {
      fresh: () => taskPrompt(now(), task),
      continued: () => continuedPrompt(now(), task),
      earlier,
      writeSet: sliceScope(goal, task).writeSet,
    });
    const evidence = await deps.sealTranscript(rooms.transcriptPath);

    const how = `Made by ${goal.opened.agent.name} for ${goal.goalId}.`;
    const committed = await commitSliceOf(deps.workspaces, goal, task, attempt.attemptId, how);
    if (!committed.ok) return { type: 'failed', failure: committed.error, evidence };
    const slice: Slice = { ...committed.value, summary: (turn.result?.finalText ?? '').slice(-8_000) };
    return conclude(context, turn, slice, evidence);
  };
}

type Turn = {
  readonly result: TurnResult | null;
  readonly failure: Failure | null;
  readonly limit: 'time' | 'tokens' | null;
  /** The agent's own words when it said that the goal cannot be reached. */
  readonly impossible: string | null;
};

async function runTurn(
  deps: Deps,
  context: PerformContext,
  dir: string,
  rooms: ReturnType<Deps['rooms']>,
  words: {
    readonly fresh: () => string;
    readonly continued: () => string;
    readonly earlier: Payload<'conversation.opened'> | null;
    readonly writeSet: readonly string[];
  },
): Promise<Turn> {
  const { goal, attempt, signal } = context;
  const spec = goal.opened.agent;
  const ending = new AbortController();
  const end = (): void => ending.abort(signal.reason);
  signal.addEventListener('abort', end, { once: true });
  let session: AgentSession | null = null;
  let waiting = 0;
  let teller: NoteTeller | null = null;
  const meter = createMeter({
    attempt,
    clock: deps.clock,
    timers: deps.timers,
    spend: context.spend,
    promptBytes: words.fresh().length,
    isKnown: (usageId) => hasUsage(goal, usageId),
    stop: (limit) => ending.abort(`budget_${limit}`),
  });
  const host = createAgentHost({
    context: { ...context, signal: ending.signal },
    boundary: () => ({
      workDir: dir,
      privateDirs: [rooms.home, rooms.tmpDir],
      confined: session?.isolated === 'namespaces' && !usesUserHome(spec),
      writeSet: words.writeSet,
    }),
    agentName: spec.name,
    hold() {
      const release = meter.hold();
      waiting += 1;
      return () => {
        release();
        waiting -= 1;
        teller?.look();
      };
    },
    parkAfterMs: deps.timeouts.parkMs,
    pause: (ms) => new Promise((resolve) => void deps.timers.after(ms, resolve)),
  });
  const taken = [...goal.tasks, ...goal.proposals.map((one) => one.task)].map((task) => task.id);
  const tools = createRuntimeTools({
    ask: (question, abort) => host.ask(question, abort),
    taken: () => taken,
    note(note) {
      const noted = context.note(note);
      if (noted.ok && note.type === 'task.propose') taken.push(note.task.id);
      return noted;
    },
  });
  const watch = watchAgent({
    context,
    clock: deps.clock,
    timers: deps.timers,
    observe: (event) => meter.observe(event),
    waiting: () => waiting > 0,
  });
  watch.activity(`Starting ${spec.name}`);
  const started = await startAgain(
    deps.backends[spec.protocol],
    {
      spec,
      workDir: dir,
      home: rooms.home,
      tmpDir: rooms.tmpDir,
      env: deps.agentEnv(spec.envNames),
      resumeSessionId: words.earlier?.conversationId ?? null,
      mode: 'ask',
      host: { ...host, tools },
      transcriptPath: rooms.transcriptPath,
      sandbox: {
        use: await confinement(deps.gates, goal.opened.policy),
        hide: rooms.hide,
        writable: [dir, rooms.home, rooms.tmpDir],
        readOnly: goal.opened.policy.approvals === 'never' ? [dir] : [],
      },
      signal: ending.signal,
      timeouts: deps.timeouts,
    },
    (text) => context.emit({ type: 'notice', goalId: goal.goalId, attemptId: attempt.attemptId, text }),
  );
  try {
    if (!started.ok) {
      const limit = meter.close(null);
      return { result: null, failure: startFailure(started.error, spec), limit, impossible: null };
    }
    session = started.value;
    const reading = watch.read(session.events);
    watch.activity(`${spec.name} works`);
    const turn = promptOnce(context, session, words, ending.signal);
    teller = tellNotes({ notes: context.notes, session, waiting: () => waiting > 0 });
    const result = await turn;
    const stopped = await session.stop();
    if (stopped.survivors.length > 0) {
      deps.log.warn('Processes of an attempt survived its stop.', {
        goalId: goal.goalId,
        pids: stopped.survivors,
      });
    }
    await reading;
    const limit = meter.close(result);
    // For agents without tools. What breaks a rule is passed over: nobody is left to be told.
    for (const proposal of proposalsInText(result.finalText))
      context.note({ type: 'task.propose', task: readProposal(proposal, taken) });
    return { result, failure: turnFailure(result, spec), limit, impossible: tools.impossible() };
  } finally {
    teller?.end();
    watch.close();
    signal.removeEventListener('abort', end);
  }
}

/** The conversation is in the log before the first word of it is sent: a death in the middle of the turn loses none. */
function promptOnce(
  context: PerformContext,
  session: AgentSession,
  { fresh, continued, earlier }: Parameters<typeof runTurn>[4],
  signal: AbortSignal,
): Promise<TurnResult> {
  const prompt = session.resumed ? continued() : fresh();
  for (const { noteId } of waitingNotes(context.notes.now())) context.notes.told(noteId, 'prompt');
  if (session.caps.replay && session.sessionId.length <= 200)
    context.remember(session.sessionId, session.resumed ? (earlier?.prompt ?? 0) + 1 : 1);
  return session.prompt(prompt, signal);
}

function conclude({ signal }: PerformContext, turn: Turn, slice: Slice, evidence: readonly Digest[]): Report {
  const { commit, tree, files, custodyRef } = slice;
  const kept: { kept?: Kept } = files > 0 ? { kept: { commit, tree, files, custodyRef } } : {};
  if (turn.limit !== null) {
    return {
      type: 'failed',
      failure: {
        code: turn.limit === 'time' ? 'budget.time_exhausted' : 'budget.tokens_exhausted',
        message:
          turn.limit === 'time'
            ? 'The time budget ended in the middle of a turn.'
            : 'The token budget ended in the middle of a turn.',
        retry: 'ask',
        blame: 'person',
      },
      evidence,
      ...(files > 0 && { slice }),
    };
  }
  if (signal.aborted) return { type: 'interrupted', ...kept };
  if (turn.impossible !== null)
    return { type: 'failed', failure: impossible(turn.impossible), evidence, ...kept };
  if (turn.failure) return { type: 'failed', failure: turn.failure, evidence, ...kept };
  return { type: 'finished', result: { kind: 'agent', slice }, evidence };
}

/** The person decides; until then nothing of the turn is judged, so that it can never come out as ready. */
const impossible = (words: string): Failure => ({
  code: cannotBeDone,
  message: 'The agent says that the goal cannot be reached as it is asked.',
  retry: 'ask',
  blame: 'person',
  detail: { words },
});
