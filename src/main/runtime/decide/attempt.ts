import { hasUsage, reserveReading, reserveTurn } from '../../../shared/goal/budget.ts';
import type { AttemptResult, GoalCommand, Rejection } from '../../../shared/goal/commands.ts';
import { event } from '../../../shared/goal/events.ts';
import type { NewEvent } from '../../../shared/goal/events.ts';
import { nextSteps } from '../../../shared/goal/next-step.ts';
import { openQuestions } from '../../../shared/goal/questions.ts';
import type { Attempt, OpenGoal } from '../../../shared/goal/state.ts';
import { graphProblems } from '../../../shared/goal/graph.ts';
import { drivesAgent } from '../../../shared/goal/vocabulary.ts';
import type { Failure } from '../../../shared/goal/vocabulary.ts';
import { canonicalJson } from '../../../shared/kernel/json.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { unreadableGates } from './ask.ts';
import { mintQuestionId, refuse, sealQuestion } from './context.ts';
import type { DecideContext, Decided } from './context.ts';

/** Long enough to survive one missed renewal of a runner that renews every minute. */
export const leaseMs = 120_000;

type Command<T extends GoalCommand['type']> = Extract<GoalCommand, { type: T }>;
type Outcome = Command<'attempt.report'>['outcome'];

export function beginAttempt(
  state: OpenGoal,
  command: Command<'attempt.begin'>,
  ctx: DecideContext,
): Decided {
  const { attemptId, kind, taskId } = command;
  const due = nextSteps(state).some(
    (one) => one.type === 'start' && one.kind === kind && one.taskId === taskId,
  );
  if (!due || state.attempts.some((one) => one.attemptId === attemptId)) {
    return refuse('attempt.not_due', 'This is not what the goal needs now.');
  }
  const unlimited = { allowanceMs: null, allowanceTokens: null };
  return ok([
    event('attempt.started', {
      attemptId,
      kind,
      taskId,
      fence: state.nextFence,
      leaseUntil: ctx.now + leaseMs,
      ...(kind === 'agent' ? reserveTurn(state) : drivesAgent(kind) ? reserveReading(state) : unlimited),
    }),
  ]);
}

export function renewAttempt(
  state: OpenGoal,
  command: Command<'attempt.renew'>,
  ctx: DecideContext,
): Decided {
  const live = liveAttempt(state, command.attemptId, command.fence);
  if (!live.ok) return live;
  const { attemptId, fence, leaseUntil } = live.value;
  // A clock that went back must not shorten a lease.
  return ok([
    event('attempt.renewed', { attemptId, fence, leaseUntil: Math.max(leaseUntil, ctx.now + leaseMs) }),
  ]);
}

export function openConversation(state: OpenGoal, command: Command<'conversation.open'>): Decided {
  const live = liveAttempt(state, command.attemptId, command.fence);
  if (!live.ok) return live;
  const { attemptId, taskId } = live.value;
  if (taskId === null) return refuse('attempt.not_due', 'Only work on a task is gone on with.');
  const { conversationId, prompt } = command;
  return ok([event('conversation.opened', { attemptId, taskId, conversationId, prompt })]);
}

export function loseAttempt(state: OpenGoal, command: Command<'attempt.lose'>, ctx: DecideContext): Decided {
  const attempt = state.attempts.find((one) => one.attemptId === command.attemptId);
  const live = liveAttempt(state, command.attemptId, attempt?.fence ?? 0);
  if (!live.ok) return live;
  const { attemptId, fence, leaseUntil, taskId } = live.value;
  if (command.reason === 'lease_expired' && ctx.now < leaseUntil) {
    return refuse('attempt.not_due', 'The lease of this attempt has not run out.');
  }
  const kept =
    command.kept && taskId !== null ? [event('slice.kept', { ...command.kept, attemptId, taskId })] : [];
  // A parked question outlives its attempt: its answer goes to the next one.
  const withdrawn =
    command.reason === 'interrupted' && !state.cancelRequested ? [] : withdrawOf(state, attemptId);
  return ok([...withdrawn, ...kept, event('attempt.lost', { attemptId, fence, reason: command.reason })]);
}

export function reportAttempt(
  state: OpenGoal,
  command: Command<'attempt.report'>,
  ctx: DecideContext,
): Decided {
  const attempt = state.attempts.find((one) => one.attemptId === command.attemptId);
  if (!attempt) return refuse('attempt.unknown', 'This goal has no such attempt.');
  if (attempt.outcome.type !== 'in_flight' || attempt.fence !== command.fence)
    return lateReport(attempt, command);
  const { attemptId, fence } = attempt;
  const evidence = command.outcome.evidence.slice(0, 40);
  const wrong =
    command.outcome.type === 'finished' ? contradiction(state, attempt, command.outcome.result) : null;
  const failure = command.outcome.type === 'failed' ? command.outcome.failure : wrong;
  return ok([
    ...withdrawOf(state, attemptId),
    ...gateTime(state, attempt, command.outcome),
    ...(command.outcome.type === 'failed' ? leftovers(attempt, command.outcome) : []),
    failure
      ? event('attempt.failed', { attemptId, fence, failure, evidence })
      : event('attempt.finished', { attemptId, fence, evidence }),
    ...(command.outcome.type === 'finished' && !wrong ? facts(attempt, command.outcome.result, ctx) : []),
  ]);
}

/** A report nobody waits for is no outcome; the first one of an attempt is kept as evidence, later ones leave no trace. */
function lateReport(attempt: Attempt, { fence, outcome }: Command<'attempt.report'>): Decided {
  if (attempt.lateReported) return refuse('attempt.fenced', 'This attempt has ended already.');
  const { attemptId } = attempt;
  return ok([event('attempt.late_report', { attemptId, fence, outcome: outcome.type })]);
}

/** The attempt, if it is in flight under this fence. */
export function liveAttempt(
  state: OpenGoal,
  attemptId: Attempt['attemptId'],
  fence: number,
): Result<Attempt, Rejection> {
  const attempt = state.attempts.find((one) => one.attemptId === attemptId);
  if (!attempt) return err({ code: 'attempt.unknown', message: 'This goal has no such attempt.' });
  if (attempt.outcome.type === 'in_flight' && attempt.fence === fence) return ok(attempt);
  return err({ code: 'attempt.fenced', message: 'This attempt has ended already.' });
}

const withdrawOf = (state: OpenGoal, attemptId: Attempt['attemptId']): readonly NewEvent[] =>
  openQuestions(state)
    .filter((one) => one.attemptId === attemptId)
    .map(({ questionId }) =>
      event('question.withdrawn', { questionId, reason: 'The attempt that asked has ended.' }),
    );

/** Gate time that came with the report rather than by itself; the id makes sending it both ways harmless. */
function gateTime(state: OpenGoal, { attemptId }: Attempt, outcome: Outcome): readonly NewEvent[] {
  const gateMs =
    outcome.type === 'failed' ? outcome.gateMs : 'gateMs' in outcome.result ? outcome.result.gateMs : 0;
  const usageId = `${attemptId}:gates`;
  if (!gateMs || hasUsage(state, usageId)) return [];
  return [
    event('budget.spent', { attemptId, usageId, tokens: null, meteredTokens: 0, usd: 0, agentMs: 0, gateMs }),
  ];
}

function leftovers(
  { attemptId, taskId }: Attempt,
  outcome: Extract<Outcome, { type: 'failed' }>,
): readonly NewEvent[] {
  if (taskId === null) return [];
  return [
    ...(outcome.slice ? [event('slice.committed', { ...outcome.slice, attemptId, taskId })] : []),
    ...(outcome.kept ? [event('slice.kept', { ...outcome.kept, attemptId, taskId })] : []),
  ];
}

/** A result that does not fit what was asked for proves nothing: omk made a mistake, and says so. */
function contradiction(state: OpenGoal, attempt: Attempt, result: AttemptResult): Failure | null {
  const kind = result.kind === 'prepare_unreadable' ? 'prepare' : result.kind;
  const infra = (code: string, message: string): Failure => ({
    code,
    message,
    retry: 'never',
    blame: 'infra',
  });
  if (kind !== attempt.kind) {
    return infra('attempt.wrong_result', `omk began ${attempt.kind} and was told the result of ${kind}.`);
  }
  if (result.kind === 'verify') {
    const { commit, tree, baseTree } = result.verification;
    const known = state.candidates.some((one) => one.commit === commit && one.tree === tree);
    if (!known || baseTree !== state.base?.tree) {
      return infra(
        'verification.wrong_tree',
        'What was verified is not what the agent delivered. Nothing is concluded from it.',
      );
    }
  }
  if (result.kind === 'plan') {
    const [problem] = graphProblems(result.tasks);
    return problem === undefined ? null : { ...infra('plan.invalid', problem), blame: 'agent' };
  }
  if (result.kind === 'review') {
    const { commit, tree } = result.review;
    if (!state.candidates.some((one) => one.commit === commit && one.tree === tree))
      return infra('review.wrong_tree', 'What was reviewed is not what the agent delivered.');
  }
  if (result.kind === 'land' && result.landed.commit !== state.accepted?.commit) {
    return infra('landing.wrong_commit', 'What landed is not the commit that was accepted.');
  }
  return null;
}

function facts(
  { attemptId, taskId }: Attempt,
  result: AttemptResult,
  ctx: DecideContext,
): readonly NewEvent[] {
  switch (result.kind) {
    case 'prepare':
      return [event('base.pinned', result.base), event('oracle.defined', result.oracle)];
    case 'prepare_unreadable':
      return [
        event('base.pinned', result.base),
        event('question.asked', {
          questionId: mintQuestionId(ctx),
          attemptId: null,
          question: sealQuestion(unreadableGates(result.message), ctx),
        }),
      ];
    case 'setup':
      return [event('setup.sealed', result.sealed)];
    case 'base':
      return [event('base.checked', result.checked)];
    case 'agent':
      return taskId === null ? [] : [event('slice.committed', { ...result.slice, attemptId, taskId })];
    case 'plan': {
      const { tasks, documents } = result;
      const digest = ctx.digest(canonicalJson({ tasks, documents }));
      return [event('plan.proposed', { source: 'agent', tasks, digest, documents })];
    }
    case 'review':
      return [event('review.received', { ...result.review, attemptId })];
    case 'verify':
      return [event('candidate.verified', { ...result.verification, attemptId })];
    case 'land':
      return [event('result.landed', result.landed)];
  }
}
