import { canonicalJson } from '../kernel/json.ts';
import { executionWork } from './execution.ts';
import { planningWork, planSentBack } from './planning.ts';
import { doubtedChange, projectBreach } from './project-changes.ts';
import { blocksGoal, questionSince } from './questions.ts';
import type { GoalState, OpenGoal } from './state.ts';
import { isTestable } from './testability.ts';
import { acting, asking, attemptWork, halting, nothing } from './work.ts';
import type { Intent, Work } from './work.ts';

/** The time-free part of the plan. Empty while paused, cancelled or concluded. */
export function nextSteps(state: GoalState): readonly Intent[] {
  return state.exists && !state.paused ? nextWork(state).intents : [];
}

/** As if not paused: what a resume would go on with. */
export function nextWork(state: OpenGoal): Work {
  if (state.concluded || state.cancelRequested || isConcluding(state)) return nothing;
  const breach = projectBreach(state);
  if (breach.length > 0) return halting({ cause: 'breach', reasons: breach });
  const work = withDoubt(state, stageWork(state));
  if (!state.questions.some((one) => blocksGoal(state, one))) return work;
  return {
    intents: work.intents.filter((one) => one.type === 'continue'),
    ask: null,
    act: null,
    halts: work.halts,
  };
}

/** A question beside the work: what runs goes on, and only what policy would do by itself waits for it to be asked. */
function withDoubt(state: OpenGoal, work: Work): Work {
  return state.accepted === null && doubtedChange(state)?.asked === false
    ? { ...work, ask: { kind: 'project.changed' }, act: null }
    : work;
}

/** A person rejected the result for good. */
export const isConcluding = (state: OpenGoal): boolean => state.rejections.at(-1)?.mode === 'conclude';

function stageWork(state: OpenGoal): Work {
  const { base, oracle, plan, marks } = state;
  if (!isTestable(state.opened.text) && questionSince(state, 'goal.vague', 0).type !== 'answered') {
    return asking({ kind: 'goal.vague' });
  }
  if (!base || !oracle) return attemptWork(state, 'prepare', 0);
  if (!oracle.gates.some((gate) => gate.selected && gate.kind !== 'setup'))
    return asking({ kind: 'gates.missing' });
  if (
    base.warnings.some(isDirtyOracle) &&
    questionSince(state, 'base.dirty', marks.base).type !== 'answered'
  ) {
    return asking({ kind: 'base.dirty' });
  }
  if (state.trustedDigest !== oracle.digest) {
    return isTrustedByPolicy(state) ? acting('trust') : asking({ kind: 'gates.trust' });
  }
  if (!state.setup && oracle.gates.some((gate) => gate.selected && gate.kind === 'setup')) {
    return attemptWork(state, 'setup', marks.oracle);
  }
  if (!state.baseChecked) return attemptWork(state, 'base', marks.oracle);
  if (!plan || planSentBack(state) !== null) return planningWork(state);
  if (!plan.accepted)
    return state.opened.policy.yesPlan ? acting('accept_plan') : asking({ kind: 'plan.approve' });
  if (state.accepted) return state.landed ? nothing : attemptWork(state, 'land', state.accepted.version);
  return executionWork(state);
}

/** Prefix agreed with whoever pins base. */
const isDirtyOracle = (warning: string): boolean =>
  warning.startsWith('Uncommitted changes in tests or gates');

/** Trusted in the form, by a flag, or because the person typed every one of the commands. */
function isTrustedByPolicy(state: OpenGoal): boolean {
  const { opened, oracle } = state;
  if (!oracle) return false;
  if (opened.policy.trustGates || opened.trustedDigest === oracle.digest) return true;
  const typed = new Set(
    [...opened.gates.added, ...opened.probes].map((gate) => canonicalJson([gate.name, gate.argv])),
  );
  return oracle.gates.every((gate) => !gate.selected || typed.has(canonicalJson([gate.name, gate.argv])));
}
