import type { GoalRow, OpenQuestion } from '../api/goals.ts';
import { short } from '../units.ts';
import { inFlight } from './attempts.ts';
import { nextWork } from './next-step.ts';
import { openQuestions } from './questions.ts';
import type { Attempt, GoalState, OpenGoal, Verification } from './state.ts';
import { verdict } from './verdict.ts';
import type { AttemptKind } from './vocabulary.ts';

/** One row of every list. `now` only matters to what is shown as age by the caller; the row itself is a function of the log. */
export function goalRow(state: OpenGoal, _now: number): GoalRow {
  const { opened } = state;
  return {
    goalId: state.goalId,
    title: opened.title,
    project: { path: opened.project.path, name: opened.project.name },
    status: verdict(state).status,
    line: rowLine(state),
    gates: gateCounts(state),
    agentMs: state.spend.agentMs,
    budgetUsed: budgetUsed(state),
    openedAt: state.openedAt,
    updatedAt: state.updatedAt,
    version: state.version,
    questions: openQuestionsOf(state),
    agentName: opened.agent.name,
    readOnly: null,
  };
}

export const openQuestionsOf = (state: OpenGoal): OpenQuestion[] =>
  openQuestions(state).map(({ questionId, attemptId, askedAt, question }) => ({
    goalId: state.goalId,
    goalTitle: state.opened.title,
    questionId,
    attemptId,
    askedAt,
    question,
  }));

/** The sentence after the status word. */
function rowLine(state: OpenGoal): string {
  const { reasons, secondary } = verdict(state);
  if (state.concluded || (inFlight(state).length === 0 && state.stopped)) {
    return (
      [reasons[0], secondary[0]].flatMap((one) => (one ? [one.message] : [])).join(' ') || 'Nothing runs.'
    );
  }
  const { now, blocks } = nowNextBlocks(state);
  return blocks === '' ? now : `${now} ${blocks}`;
}

function gateCounts(state: OpenGoal): GoalRow['gates'] {
  const required = (state.oracle?.gates ?? []).filter(
    (gate) => gate.selected && gate.required && gate.kind !== 'setup',
  );
  const verification = lastVerification(state);
  const outcomes = required.map((gate) => verification?.gates.find((one) => one.name === gate.name)?.outcome);
  return {
    passed: outcomes.filter((one) => one === 'passed').length,
    failed: outcomes.filter((one) => one !== undefined && one !== 'passed').length,
    total: required.length,
  };
}

const lastVerification = (state: OpenGoal): Verification | null => state.verifications.at(-1) ?? null;

/** Largest used share of any limited dimension, 0..1; `null` when nothing is limited. */
function budgetUsed({ budget, spend }: OpenGoal): number | null {
  const shares = [
    [spend.agentMs, budget.timeMs],
    [spend.tokensTotal, budget.tokens],
    [spend.usd, budget.usd],
  ].flatMap(([used, limit]) => (limit == null ? [] : [limit === 0 ? 1 : Math.min(1, (used ?? 0) / limit)]));
  return shares.length === 0 ? null : Math.max(...shares);
}

export type NowNext = {
  /** What happens now, or why nothing does. */
  readonly now: string;
  /** What comes after it; '' when that depends on an answer or nothing follows. */
  readonly next: string;
  /** What somebody has to do first; '' when nothing is blocked. */
  readonly blocks: string;
};

/** The three sentences above the timeline. */
export function nowNextBlocks(state: GoalState): NowNext {
  if (!state.exists) return { now: '', next: '', blocks: '' };
  const { reasons } = verdict(state);
  const live = inFlight(state)[0];
  const due = nextWork(state).intents[0];
  const moving = live?.kind ?? (state.paused ? undefined : due?.kind);
  const questions = openQuestions(state);
  const first = questions[0]?.question.title ?? '';
  return {
    now: live
      ? nowSentence(state, live)
      : moving
        ? `${starting[moving]} is about to begin.`
        : (reasons[0]?.message ?? 'Nothing runs.'),
    next: state.concluded ? '' : nextSentence(state, moving),
    blocks: questions.length > 1 ? `${questions.length} questions wait for you. First: ${first}` : first,
  };
}

function nowSentence(state: OpenGoal, { kind, attemptId }: Attempt): string {
  const agent = state.opened.agent.name;
  switch (kind) {
    case 'prepare':
      return `omk copies ${state.opened.project.name} and looks for its gates.`;
    case 'setup':
      return 'omk installs what the gates need.';
    case 'base':
      return 'The gates run on base, to know what fails before anybody changes anything.';
    case 'plan':
      return `${agent} reads the project and plans. It changes nothing.`;
    case 'review':
      return `${agent} reads the diff of ${shortOr(state.candidates.at(-1)?.commit, 'the result')} for a second opinion.`;
    case 'agent': {
      const waits = openQuestions(state).some((one) => one.attemptId === attemptId);
      return waits
        ? `${agent} waits for your answer.`
        : `${agent} works on the goal, attempt ${tryNumber(state)} of ${state.opened.policy.maxAttempts}.`;
    }
    case 'verify':
      return `The gates run on ${shortOr(state.candidates.at(-1)?.commit, 'the result')}, in a clean place that no agent knows.`;
    case 'land':
      return `${shortOr(state.accepted?.commit, 'The result')} is being landed in ${state.opened.project.name}.`;
  }
}

function tryNumber(state: OpenGoal): number {
  const inWave = state.attempts.filter(
    (one) => one.kind === 'agent' && one.startedVersion > state.marks.wave,
  );
  const counted = inWave.filter(
    (one) => one.outcome.type === 'finished' || one.outcome.type === 'failed',
  ).length;
  return Math.min(counted + 1, state.opened.policy.maxAttempts);
}

const starting: Readonly<Record<AttemptKind, string>> = {
  prepare: 'Copying the project',
  setup: 'Installing what the gates need',
  base: 'The run on base',
  plan: 'Planning',
  agent: 'The agent',
  verify: 'Verification',
  review: 'The second opinion',
  land: 'Landing',
};

function nextSentence(state: OpenGoal, moving: AttemptKind | undefined): string {
  switch (moving) {
    case 'prepare':
      return state.opened.policy.trustGates
        ? 'Next: run the gates on base.'
        : 'Next: show you the gates it found.';
    case 'setup':
      return 'Next: run the gates on base.';
    case 'base':
      return state.opened.policy.planning === 'agent'
        ? 'Next: the agent plans.'
        : state.opened.policy.yesPlan
          ? 'Next: the agent begins.'
          : 'Next: show you the plan.';
    case 'plan':
      return state.opened.policy.yesPlan ? 'Next: the agent begins.' : 'Next: show you the plan.';
    case 'agent':
      return 'Next: verify what it leaves.';
    case 'verify':
      if (state.opened.policy.review === 'agent') return 'Next: a second opinion on it, if it passes.';
      return afterVerification(state);
    case 'review':
      return afterVerification(state);
    case 'land':
      return 'Next: nothing, the goal is done.';
    case undefined:
      return '';
  }
}

const afterVerification = (state: OpenGoal): string =>
  state.opened.policy.accept === 'auto'
    ? 'Next: accept and land it if nothing is missing.'
    : 'Next: you decide on the result.';

const shortOr = (commit: string | undefined, otherwise: string): string =>
  commit === undefined ? otherwise : short(commit);
