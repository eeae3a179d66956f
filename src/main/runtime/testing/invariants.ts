import type { GoalEvent } from '../../../shared/goal/events.ts';
import { noGoal } from '../../../shared/goal/state.ts';
import type { GoalState } from '../../../shared/goal/state.ts';
import { verdict } from '../../../shared/goal/verdict.ts';
import { drivesAgent, GoalStatus, Reason } from '../../../shared/goal/vocabulary.ts';
import type { AttemptKind } from '../../../shared/goal/vocabulary.ts';
import type { Adversary } from './adversary.ts';
import type { Truth } from './outcomes.ts';
import type { World } from './world.ts';

class Broken extends Error {}
const broken = (what: string, event?: GoalEvent): never => {
  throw new Broken(event ? `${what} (event ${event.version}, ${event.type})` : what);
};

/** What a log may never say, counted from the log alone, so that a mistake in the fold cannot hide itself. */
export function checkLog(log: readonly GoalEvent[], truths: readonly Truth[]): void {
  const live = new Map<string, { readonly what: string; readonly fence: number }>();
  const ended = new Set<string>();
  const openOfGoal = new Set<string>();
  const beside = new Set<string>();
  const opened =
    log[0]?.type === 'goal.opened' ? log[0].payload : broken('The log does not begin with its opening.');
  let lastFence = 0;
  let concluded = false;
  let paused = false;
  let quietSinceStop = false;
  let wave = 0;
  /** Per task: each has as many as the policy allows. */
  const tries = new Map<string, number>();
  const untold = new Set<string>();
  let planAccepted = false;
  let planningFailed = false;
  let spent = 0;
  let limit = opened.budget.tokens;
  const usages = new Set<string>();
  /** The wave in which an agent began. */
  const waves = new Map<string, { readonly wave: number; readonly taskId: string }>();
  const kinds = new Map<string, AttemptKind>();
  let accepted: Extract<GoalEvent, { type: 'goal.accepted' }> | null = null;
  let landed: string | null = null;

  for (const event of log) {
    if (concluded) broken('Something follows the conclusion', event);
    if (!quiet.has(event.type) && event.type !== 'goal.stopped') quietSinceStop = false;
    switch (event.type) {
      case 'attempt.started': {
        const { attemptId, kind, taskId, fence } = event.payload;
        const what = `${kind} ${taskId ?? ''}`;
        if ([...live.values()].some((one) => one.what === what))
          broken(`Two live attempts at ${what}`, event);
        if (fence <= lastFence) broken('A fence that does not rise', event);
        if (ended.has(attemptId)) broken('An attempt that begins again', event);
        if (paused) broken('An attempt that begins in a pause', event);
        if (drivesAgent(kind) && limit !== null && spent >= limit)
          broken('An agent that begins without budget', event);
        if (kind === 'agent' && !planAccepted) broken('An agent that begins without a plan', event);
        if (kind === 'plan' && planningFailed) broken('Planning that goes on although it failed', event);
        kinds.set(attemptId, kind);
        lastFence = fence;
        live.set(attemptId, { what, fence });
        if (kind === 'agent') waves.set(attemptId, { wave, taskId: taskId ?? '' });
        break;
      }
      case 'attempt.finished':
      case 'attempt.failed':
      case 'attempt.lost': {
        const one = live.get(event.payload.attemptId);
        if (one?.fence !== event.payload.fence) broken('An outcome of nothing that is in flight', event);
        live.delete(event.payload.attemptId);
        ended.add(event.payload.attemptId);
        if (event.type === 'attempt.failed' && kinds.get(event.payload.attemptId) === 'plan')
          planningFailed = true;
        const worked = waves.get(event.payload.attemptId);
        if (event.type === 'attempt.finished' && worked?.wave === wave) {
          const used = (tries.get(worked.taskId) ?? 0) + 1;
          tries.set(worked.taskId, used);
          if (used > opened.policy.maxAttempts) broken('More tries than the policy allows', event);
        }
        break;
      }
      case 'goal.retried':
      case 'goal.rejected':
        wave += 1;
        tries.clear();
        planningFailed = false;
        break;
      case 'goal.paused':
        paused = true;
        break;
      case 'goal.resumed':
        paused = false;
        planningFailed = false;
        break;
      case 'plan.accepted':
        planAccepted = true;
        break;
      case 'question.asked':
        if (event.payload.question.blocks === 'acceptance') beside.add(event.payload.questionId);
        else if (event.payload.attemptId === null) openOfGoal.add(event.payload.questionId);
        if (openOfGoal.size > 1 || beside.size > 1) broken('Two questions at a time', event);
        break;
      case 'question.answered':
        planningFailed = false;
        openOfGoal.delete(event.payload.questionId);
        beside.delete(event.payload.questionId);
        break;
      case 'question.withdrawn':
        openOfGoal.delete(event.payload.questionId);
        beside.delete(event.payload.questionId);
        break;
      case 'note.written':
        if (accepted) broken('A note that no agent can come to', event);
        untold.add(event.payload.noteId);
        break;
      case 'note.delivered':
        if (!untold.delete(event.payload.noteId)) broken('A note told twice, or never written', event);
        if (!live.has(event.payload.attemptId)) broken('A note told to nobody', event);
        break;
      case 'budget.spent': {
        const { usageId, tokens, meteredTokens } = event.payload;
        if (!usages.has(usageId)) {
          spent +=
            meteredTokens +
            (tokens ? tokens.input + tokens.output + tokens.cacheRead + tokens.cacheWrite : 0);
        }
        usages.add(usageId);
        break;
      }
      case 'budget.extended':
        limit = event.payload.total.tokens;
        break;
      case 'goal.accepted': {
        if (accepted) broken('A second acceptance', event);
        if (beside.size > 0) broken('Accepted while nobody has said whose a change was', event);
        accepted = event;
        const { commit, tree, by } = event.payload;
        const proof = truths.filter((one) => one.commit === commit && one.tree === tree);
        if (!proof.some((one) => one.passed)) broken('Accepted what never passed', event);
        const red = opened.policy.kind !== 'change' || proof.some((one) => one.redToGreen);
        if (by === 'policy' && !red) broken('Policy accepted what nothing turned green for', event);
        if (by === 'policy' && opened.policy.accept !== 'auto')
          broken('Policy accepted without being asked to', event);
        if (by === 'policy' && openOfGoal.size > 0) broken('Policy accepted over an open question', event);
        break;
      }
      case 'result.landed':
        landed = event.payload.commit;
        if (accepted?.payload.commit !== landed) broken('Landed what nobody accepted', event);
        break;
      case 'goal.stopped':
        if (quietSinceStop) broken('A second stop although nothing happened', event);
        if (live.size > 0) broken('A stop with something in flight', event);
        quietSinceStop = true;
        break;
      case 'goal.concluded':
        concluded = true;
        if (live.size > 0) broken('A conclusion with something in flight', event);
        if (openOfGoal.size > 0) broken('A conclusion over an open question', event);
        if (event.payload.status === 'ready' && (!accepted || landed !== accepted.payload.commit)) {
          broken('Ready without acceptance and landing', event);
        }
        break;
      case 'goal.opened':
      case 'goal.cancel_requested':
      case 'attempt.renewed':
      case 'attempt.late_report':
      case 'conversation.opened':
      case 'base.pinned':
      case 'oracle.defined':
      case 'oracle.trusted':
      case 'setup.sealed':
      case 'base.checked':
      case 'plan.proposed':
      case 'slice.committed':
      case 'slice.kept':
      case 'task.proposed':
      case 'claim.made':
      case 'candidate.verified':
      case 'review.received':
      case 'proof.issued':
      case 'project.changed':
        break;
    }
  }
}

/** Events that do not by themselves set a stopped goal going. */
const quiet: ReadonlySet<string> = new Set([
  'budget.spent',
  'project.changed',
  'proof.issued',
  'attempt.late_report',
  'goal.paused',
  'note.written',
]);

/** Every prefix has a status with reasons; what is said of the whole holds for the parts. */
export function checkPrefixes(world: World, truths: readonly Truth[]): void {
  let state: GoalState = noGoal;
  checkVerdict(state, truths);
  for (const event of world.log) {
    state = world.core.evolve(state, event);
    checkVerdict(state, truths);
  }
}

function checkVerdict(state: GoalState, truths: readonly Truth[]): void {
  const { status, reasons, secondary } = verdict(state);
  if (!GoalStatus.safeParse(status).success) broken(`A status that does not exist: ${status}`);
  if (reasons.length === 0) broken(`${status} without a reason`);
  for (const one of [...reasons, ...secondary])
    if (!Reason.safeParse(one).success) broken(`Not a reason: ${JSON.stringify(one)}`);
  if (status !== 'ready' || !state.exists) return;
  const { accepted, landed } = state;
  const proven = truths.some(
    (one) =>
      one.passed &&
      one.commit === landed?.commit &&
      one.commit === accepted?.commit &&
      one.tree === accepted.tree,
  );
  if (!proven) broken('Ready on bytes that no gate passed');
}

/** The sum of what was spent, each usage once. */
export function checkSpend({ log, goal }: World): void {
  const seen = new Map(
    log.flatMap((one) => (one.type === 'budget.spent' ? [[one.payload.usageId, one.payload] as const] : [])),
  );
  const sum = (
    of: (one: {
      agentMs: number;
      gateMs: number;
      tokens: { input: number; output: number } | null;
    }) => number,
  ) => [...seen.values()].reduce((total, one) => total + of(one), 0);
  if (goal.spend.agentMs !== sum((one) => one.agentMs)) broken('Time was not counted once');
  if (goal.spend.tokensTotal !== sum((one) => (one.tokens ? one.tokens.input + one.tokens.output : 0))) {
    broken('Tokens were not counted once');
  }
}

/** A play that ended: it is at rest, says so once, and its state is a function of its log. */
export function checkAll(adversary: Adversary): void {
  const { world, truths } = adversary;
  checkLog(world.log, truths);
  checkPrefixes(world, truths);
  checkSpend(world);
  const planned = world.core.plan(world.state, world.now, { agents: 4, gates: 4 });
  if (
    JSON.stringify(planned) !==
    JSON.stringify(world.core.plan(world.state, world.now, { agents: 4, gates: 4 }))
  ) {
    broken('The plan changes by being looked at');
  }
  if (!adversary.comesToRest()) broken('The goal does not come to rest');
  checkLog(world.log, truths);
  const { goal } = world;
  if (goal.attempts.some((one) => one.outcome.type === 'in_flight'))
    broken('Something hangs in flight for ever');
  if (!goal.paused && !goal.stopped && !goal.concluded) broken('At rest without saying why');
  if (world.core.settle(goal).length > 0) broken('At rest for another reason than said');
}
