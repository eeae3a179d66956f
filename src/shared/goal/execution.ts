import { inFlight, isBudgetCut, usedTries } from './attempts.ts';
import type { Halt } from './attempts.ts';
import { exhaustedLimit, reserveTurn } from './budget.ts';
import { judgeCandidate, unsettledFindings, wentRedToGreen } from './candidate.ts';
import type { Judged } from './candidate.ts';
import { byDependency } from './graph.ts';
import { missingForPolicy } from './missing-evidence.ts';
import { doubtedChange } from './project-changes.ts';
import { questionSince } from './questions.ts';
import { reviewWork } from './reviewing.ts';
import type { OpenGoal, Verification } from './state.ts';
import type { Reason, TaskSpec } from './vocabulary.ts';
import { acting, asking, attemptWork, halting, nothing } from './work.ts';
import type { Work } from './work.ts';

/** Agents until every task is delivered, verification of the newest candidate, a second opinion if wanted, then acceptance. */
export function executionWork(state: OpenGoal): Work {
  const tasks = byDependency(state.tasks);
  const judged = judgeCandidate(state);
  const final = tasks.at(-1);
  if (!final) return nothing;
  const open = tasks.filter((task) => !isDelivered(state, task, task === final));
  if (open.length > 0) {
    const done = new Set(tasks.filter((task) => !open.includes(task)).map((task) => task.id));
    const ready = open.filter((task) => task.dependencies.every((id) => done.has(id)));
    return oneAtATime(
      state,
      ready.map((task) => agentWork(state, task, judged)),
    );
  }
  switch (judged.type) {
    case 'none':
    case 'empty':
    case 'sent_back':
    case 'failed':
      return agentWork(state, final, judged);
    case 'repeated':
      return isFreshNoProgress(state, judged)
        ? halting({ cause: 'failed', reasons: judged.reasons })
        : agentWork(state, final, judged);
    case 'unverified':
      return attemptWork(state, 'verify', verifyCause(state, judged.candidate.version));
    case 'asks':
      return mendingWork(state, final, judged) ?? asking({ kind: judged.kind });
    case 'passed':
      return reviewWork(state, judged.verification) ?? acceptanceWork(state, judged);
  }
}

/**
 * A task is delivered by success only. The last one needs bytes of its own that nobody sent back; of one before, a turn that
 * ended well is enough: what it left out shows when everything is verified.
 */
function isDelivered(state: OpenGoal, task: TaskSpec, final: boolean): boolean {
  const own = state.candidates.filter((one) => one.taskId === task.id);
  if (final) {
    const sentBack = state.rejections.at(-1)?.version ?? 0;
    return own.some((one) => one.version > sentBack && one.tree !== state.base?.tree);
  }
  return own.some(({ attemptId }) =>
    state.attempts.some((one) => one.attemptId === attemptId && one.outcome.type === 'finished'),
  );
}

/** An agent that finished and delivered refused bytes again in this wave; older repeats were judged by a person's retry. */
function isFreshNoProgress(state: OpenGoal, judged: Extract<Judged, { type: 'repeated' }>): boolean {
  const attempt = state.attempts.find((one) => one.attemptId === judged.candidate.attemptId);
  return judged.candidate.version > state.marks.wave && attempt?.outcome.type === 'finished';
}

/**
 * One more turn about what was found in a result that passes, before a person is asked: once a wave, and only while tries and
 * budget last. `null`: it is the person's turn.
 */
function mendingWork(
  state: OpenGoal,
  task: TaskSpec,
  judged: Extract<Judged, { type: 'asks' }>,
): Work | null {
  const { kind, verification } = judged;
  if (kind !== 'policy.finding' || isMending(state, verification)) return null;
  // Nobody takes a question back that a person may be reading.
  if (questionSince(state, kind, verification.version).type !== 'unasked') return null;
  const turns = state.attempts.filter(
    (one) => one.kind === 'agent' && one.taskId === task.id && one.startedVersion > verification.version,
  );
  if (turns.some((one) => one.outcome.type === 'finished' || one.outcome.type === 'failed')) return null;
  const work = agentWork(state, task, judged);
  return work.intents.length > 0 ? work : null;
}

/** Did a result of this wave ask before this one did? Then this is what the agent made of it. */
const isMending = (state: OpenGoal, verification: Verification): boolean =>
  state.verifications.some(
    (one) =>
      one.version > state.marks.wave &&
      one.version < verification.version &&
      one.passed &&
      unsettledFindings(state, one).length > 0,
  );

/** An approval of the slice's oracle makes verification due again. */
const verifyCause = (state: OpenGoal, candidateVersion: number): number =>
  Math.max(candidateVersion, ...state.approvedOracles.map((one) => one.version));

function agentWork(state: OpenGoal, task: TaskSpec, judged: Judged): Work {
  const work = attemptWork(state, 'agent', 0, task.id);
  if (!work.intents.some((one) => one.type === 'start')) return withVerdictOf(judged, work);
  const last = state.attempts.findLast((one) => one.kind === 'agent' && one.taskId === task.id);
  const failure = last?.outcome.type === 'failed' ? last.outcome.failure : null;
  const inWave = last !== undefined && last.startedVersion > state.marks.wave;
  if (failure && inWave && failure.blame === 'agent' && failure.retry === 'never') {
    return halting({ cause: 'failed', reasons: [pick(failure), ...reasonsOf(judged)] });
  }
  const tries = usedTries(state, task.id);
  const max = state.opened.policy.maxAttempts;
  if (tries.length >= max) {
    const onlyEmpty = judged.type === 'empty' && tries.every((one) => one.outcome.type === 'finished');
    if (onlyEmpty && state.baseChecked?.red.length === 0) return asking({ kind: 'diff.empty' });
    const own = failure && inWave ? [pick(failure)] : [];
    return halting({
      cause: judged.type === 'failed' && judged.breach ? 'breach' : 'failed',
      reasons: [...own, ...reasonsOf(judged), usedUp(max)],
    });
  }
  const cut = failure !== null && isBudgetCut(failure) && (last?.startedVersion ?? 0) > state.marks.extended;
  const limit = exhaustedLimit(state);
  if (limit !== null || cut) {
    return withVerdictOf(judged, halting({ cause: 'budget', reasons: [budgetReason(limit, failure)] }));
  }
  // Turns in flight have reserved what is left: what they do not use is free once they end.
  const { allowanceMs, allowanceTokens } = reserveTurn(state);
  return allowanceMs === 0 || allowanceTokens === 0 ? nothing : work;
}

/** What the newest candidate lacks is said too, so that an expired budget never hides a gate that failed. */
function withVerdictOf(judged: Judged, work: Work): Work {
  if (work.halts.length === 0 || judged.type === 'none') return work;
  const reasons = reasonsOf(judged);
  if (reasons.length === 0) return work;
  const cause: Halt['cause'] = judged.type === 'failed' && judged.breach ? 'breach' : 'note';
  return { ...work, halts: [...work.halts, { cause, reasons }] };
}

function reasonsOf(judged: Judged): readonly Reason[] {
  switch (judged.type) {
    case 'failed':
    case 'repeated':
      return judged.reasons;
    case 'empty':
      return [{ code: 'slice.empty', message: 'The agent ended its turn without changing any file.' }];
    case 'none':
    case 'sent_back':
    case 'unverified':
    case 'asks':
    case 'passed':
      return [];
  }
}

const pick = ({ code, message }: Reason): Reason => ({ code, message });

const usedUp = (max: number): Reason => ({
  code: 'attempts.used_up',
  message: `All ${max} agent ${max === 1 ? 'attempt' : 'attempts'} of this wave were used. Retry to allow as many again.`,
});

function budgetReason(limit: ReturnType<typeof exhaustedLimit>, failure: Reason | null): Reason {
  if (limit === null)
    return failure ? pick(failure) : { code: 'budget.exhausted', message: 'The budget is spent.' };
  const words = { time: 'time', tokens: 'token', usd: 'money' } as const;
  return {
    code: `budget.${limit}_exhausted`,
    message: `The ${words[limit]} budget is spent. Extend it and the goal goes on.`,
  };
}

function acceptanceWork(state: OpenGoal, { verification }: Extract<Judged, { type: 'passed' }>): Work {
  if (doubtedChange(state) !== null) return nothing;
  if (!wentRedToGreen(state, verification)) {
    const risk = questionSince(state, 'red_to_green.missing', verification.version);
    if (risk.type !== 'answered') return asking({ kind: 'red_to_green.missing' });
  }
  if (state.opened.policy.accept === 'auto' && missingForPolicy(state).length === 0) return acting('accept');
  return asking({ kind: 'acceptance' });
}

/**
 * Slices follow each other: each begins with what the one before delivered, and of two that ran at once the later one would
 * take the other's place.
 */
function oneAtATime(state: OpenGoal, works: readonly Work[]): Work {
  let free = inFlight(state).some((one) => one.kind === 'agent') ? 0 : 1;
  return {
    intents: works.flatMap((one) => one.intents).filter((one) => one.type === 'continue' || free-- > 0),
    ask: works.find((one) => one.ask)?.ask ?? null,
    act: works.find((one) => one.act)?.act ?? null,
    halts: works.flatMap((one) => one.halts),
  };
}
