import type { AttemptId, QuestionId } from '../kernel/ids.ts';
import { evolveBudgetSpent, noUsage } from './budget.ts';
import type { GoalEvent } from './events.ts';
import { noGoal } from './state.ts';
import type { AskedQuestion, Attempt, GoalState, OpenGoal } from './state.ts';

type Of<T extends GoalEvent['type']> = Extract<GoalEvent, { type: T }>;

/**
 * The one fold, used by host and renderer. Never rejects, reads no clock, changes only what the event says. An event about
 * an attempt or a question it does not know changes nothing but version and counts.
 */
export function evolve(state: GoalState, event: GoalEvent): GoalState {
  if (!state.exists) return event.type === 'goal.opened' ? opened(event) : state;
  const next: OpenGoal = {
    ...state,
    version: event.version,
    position: event.position,
    updatedAt: event.at,
    counts: { ...state.counts, [event.type]: (state.counts[event.type] ?? 0) + 1 },
  };
  return apply(next, event);
}

/** Folds a whole stream from nothing. */
export const foldGoal = (events: readonly GoalEvent[]): GoalState =>
  events.reduce(evolve, noGoal as GoalState);

function opened(event: Of<'goal.opened'>): OpenGoal {
  return {
    exists: true,
    goalId: event.goalId,
    version: event.version,
    position: event.position,
    openedAt: event.at,
    updatedAt: event.at,
    opened: event.payload,
    phase: 'intake',
    paused: false,
    cancelRequested: false,
    stopped: null,
    concluded: null,
    base: null,
    oracle: null,
    trustedDigest: null,
    setup: null,
    baseChecked: null,
    plan: null,
    tasks: [],
    attempts: [],
    nextFence: 1,
    questions: [],
    notes: [],
    candidates: [],
    kept: null,
    conversations: [],
    proposals: [],
    claims: [],
    verifications: [],
    reviews: [],
    accepted: null,
    rejections: [],
    proof: null,
    landed: null,
    budget: event.payload.budget,
    spend: {
      tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
      tokensTotal: 0,
      usd: 0,
      agentMs: 0,
      gateMs: 0,
      unmetered: false,
    },
    usageSeen: noUsage,
    marks: { base: 0, oracle: 0, plan: 0, wave: event.version, cleared: event.version, extended: 0 },
    approvedOracles: [],
    projectChanges: [],
    isolation: null,
    counts: { 'goal.opened': 1 },
  };
}

function apply(state: OpenGoal, event: GoalEvent): OpenGoal {
  const { at, version } = event;
  switch (event.type) {
    case 'goal.opened':
      return state;
    case 'goal.paused':
      return { ...state, paused: true };
    case 'goal.resumed':
      return { ...going(state), paused: false, marks: { ...state.marks, cleared: version } };
    case 'goal.retried':
      return { ...going(state), marks: { ...state.marks, cleared: version, wave: version } };
    case 'goal.cancel_requested':
      return { ...going(state), cancelRequested: true };
    case 'goal.accepted':
      return { ...going(state), accepted: { ...event.payload, at, version } };
    case 'goal.rejected':
      return {
        ...going(state),
        rejections: [...state.rejections, { ...event.payload, at, version }],
        marks: { ...state.marks, cleared: version, wave: version },
      };
    case 'goal.stopped':
      return { ...state, stopped: { ...event.payload, at } };
    case 'goal.concluded':
      return state.concluded ? state : { ...state, stopped: null, concluded: { ...event.payload, at } };

    case 'question.asked': {
      if (state.questions.some((one) => one.questionId === event.payload.questionId)) return state;
      const asked: AskedQuestion = {
        ...event.payload,
        askedAt: at,
        askedVersion: version,
        state: { type: 'open' },
      };
      return { ...state, questions: [...state.questions, asked] };
    }
    case 'question.answered':
      return answered(state, event);
    case 'question.withdrawn': {
      const { questionId, reason } = event.payload;
      return closeQuestion(state, questionId, { type: 'withdrawn', at, reason });
    }

    case 'note.written': {
      const { noteId, text } = event.payload;
      return { ...state, notes: [...state.notes, { noteId, text, writtenAt: at, told: null }] };
    }
    case 'note.delivered': {
      const { noteId, attemptId, how } = event.payload;
      return {
        ...state,
        notes: state.notes.map((one) =>
          one.noteId === noteId && one.told === null ? { ...one, told: { attemptId, how, at } } : one,
        ),
      };
    }

    case 'attempt.started':
      return started(state, event);
    case 'attempt.renewed': {
      const { attemptId, leaseUntil } = event.payload;
      return changeAttempt(state, attemptId, (one) => ({ ...one, leaseUntil }));
    }
    case 'attempt.finished':
      return ended(state, event, { type: 'finished', at }, event.payload.evidence);
    case 'attempt.failed':
      return ended(
        state,
        event,
        { type: 'failed', at, failure: event.payload.failure },
        event.payload.evidence,
      );
    case 'attempt.lost':
      return ended(state, event, { type: 'lost', at, reason: event.payload.reason }, []);
    case 'attempt.late_report':
      return changeAttempt(state, event.payload.attemptId, (one) => ({ ...one, lateReported: true }));

    case 'conversation.opened': {
      const others = state.conversations.filter((one) => one.taskId !== event.payload.taskId);
      return { ...state, conversations: [...others, event.payload] };
    }

    case 'base.pinned':
      return { ...state, base: event.payload, marks: { ...state.marks, base: version } };
    case 'oracle.defined':
      // What was sealed, run or trusted belonged to the oracle before this one.
      return {
        ...state,
        phase: 'verification_design',
        oracle: event.payload,
        trustedDigest: null,
        setup: null,
        baseChecked: null,
        marks: { ...state.marks, oracle: version },
      };
    case 'oracle.trusted':
      return { ...state, trustedDigest: event.payload.digest };
    case 'setup.sealed':
      return { ...state, setup: event.payload };
    case 'base.checked':
      return { ...state, phase: 'planning', baseChecked: event.payload, isolation: event.payload.isolation };

    case 'plan.proposed':
      return {
        ...state,
        phase: 'decomposition',
        plan: { proposed: event.payload, accepted: false },
        marks: { ...state.marks, plan: version },
      };
    case 'plan.accepted':
      if (!state.plan || state.plan.proposed.digest !== event.payload.digest) return state;
      return { ...state, plan: { ...state.plan, accepted: true }, tasks: state.plan.proposed.tasks };

    case 'slice.committed':
      return { ...state, kept: null, candidates: [...state.candidates, { ...event.payload, at, version }] };
    case 'slice.kept':
      return { ...state, kept: event.payload };
    case 'task.proposed':
      return { ...state, proposals: [...state.proposals, event.payload] };
    case 'claim.made':
      return { ...state, claims: [...state.claims, event.payload] };
    case 'candidate.verified':
      return {
        ...state,
        phase: 'proof',
        isolation: event.payload.isolation,
        verifications: [...state.verifications, { ...event.payload, at, version }],
      };
    case 'review.received':
      return { ...state, reviews: [...state.reviews, { ...event.payload, at, version }] };
    case 'proof.issued':
      return { ...state, proof: { ...event.payload, version } };
    case 'result.landed':
      return { ...state, landed: event.payload };
    case 'project.changed':
      return {
        ...state,
        projectChanges: [...state.projectChanges, { ...event.payload, at, version }].slice(-20),
      };

    case 'budget.spent':
      return evolveBudgetSpent(state, event.payload);
    case 'budget.extended':
      return { ...going(state), budget: event.payload.total, marks: { ...state.marks, extended: version } };
  }
}

/** Something happened that may resume a stopped goal: the stop it made is history. */
const going = (state: OpenGoal): OpenGoal => ({ ...state, stopped: null });

function started(state: OpenGoal, { payload, at, version }: Of<'attempt.started'>): OpenGoal {
  if (state.attempts.some((one) => one.attemptId === payload.attemptId)) return state;
  const attempt: Attempt = {
    ...payload,
    startedAt: at,
    startedVersion: version,
    endedVersion: null,
    evidence: [],
    lateReported: false,
    outcome: { type: 'in_flight' },
  };
  return {
    ...going(state),
    phase: payload.kind === 'agent' ? 'execution' : state.phase,
    attempts: [...state.attempts, attempt],
    nextFence: Math.max(state.nextFence, payload.fence + 1),
  };
}

/** An attempt has at most one outcome, and only its own fence can give it one. */
function ended(
  state: OpenGoal,
  event: Of<'attempt.finished' | 'attempt.failed' | 'attempt.lost'>,
  outcome: Attempt['outcome'],
  evidence: Attempt['evidence'],
): OpenGoal {
  const { attemptId, fence } = event.payload;
  return changeAttempt(state, attemptId, (one) =>
    one.outcome.type === 'in_flight' && one.fence === fence
      ? { ...one, outcome, evidence, endedVersion: event.version }
      : one,
  );
}

function answered(state: OpenGoal, { payload, at, version, actor }: Of<'question.answered'>): OpenGoal {
  const asked = state.questions.find((one) => one.questionId === payload.questionId);
  if (asked?.state.type !== 'open') return state;
  const { choice, text } = payload;
  const closed = closeQuestion(going(state), asked.questionId, {
    type: 'answered',
    at,
    version,
    by: actor,
    choice,
    text,
  });
  if (asked.question.kind !== 'oracle.changed' || choice !== 'approve') return closed;
  const judged = state.verifications.findLast((one) => one.version < asked.askedVersion);
  if (!judged?.proposedOracle) return closed;
  return {
    ...closed,
    approvedOracles: [...state.approvedOracles, { digest: judged.proposedOracle, version }],
  };
}

function closeQuestion(state: OpenGoal, id: QuestionId, closed: AskedQuestion['state']): OpenGoal {
  return {
    ...state,
    questions: state.questions.map((one) =>
      one.questionId === id && one.state.type === 'open' ? { ...one, state: closed } : one,
    ),
  };
}

function changeAttempt(state: OpenGoal, id: AttemptId, change: (one: Attempt) => Attempt): OpenGoal {
  return { ...state, attempts: state.attempts.map((one) => (one.attemptId === id ? change(one) : one)) };
}
