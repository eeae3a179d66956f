import { heuristicReason } from '../../../shared/goal/planning.ts';
import { nextWork } from '../../../shared/goal/next-step.ts';
import { event } from '../../../shared/goal/events.ts';
import type { NewEvent } from '../../../shared/goal/events.ts';
import type { GoalState, OpenGoal } from '../../../shared/goal/state.ts';
import { foldSpace } from '../../../shared/goal/testability.ts';
import type { TaskSpec } from '../../../shared/goal/vocabulary.ts';
import type { Act } from '../../../shared/goal/work.ts';
import { Bug } from '../../../shared/kernel/bug.ts';
import { canonicalJson } from '../../../shared/kernel/json.ts';
import { questionFor } from './ask.ts';
import { foldNew, mintQuestionId, sealQuestion } from './context.ts';
import type { DecideContext } from './context.ts';

/** More than any chain of acts of policy there is. */
const longestChain = 20;

/**
 * What follows from the state by itself once a command has changed it: policy acts, then the one question that is due.
 * Derived, so it does not matter which command led here, or how often.
 */
export function follow(state: GoalState, ctx: DecideContext): readonly NewEvent[] {
  const events: NewEvent[] = [];
  let now = state;
  for (let step = 0; step < longestChain; step += 1) {
    if (!now.exists) return events;
    const next = nextEvent(now, ctx);
    if (!next) return events;
    events.push(next);
    now = foldNew(now, [next], ctx);
  }
  throw new Bug('Policy did not come to an end.', { events: events.map((one) => one.type) });
}

function nextEvent(state: OpenGoal, ctx: DecideContext): NewEvent | null {
  const { act, ask } = nextWork(state);
  // A pause holds policy back like everything else; a question may be asked, because a pause does not escape it.
  if (act) return state.paused ? null : policyEvent(state, act, ctx);
  if (!ask) return null;
  return event('question.asked', {
    questionId: mintQuestionId(ctx),
    attemptId: null,
    question: sealQuestion(questionFor(state, ask), ctx),
  });
}

function policyEvent(state: OpenGoal, act: Act, ctx: DecideContext): NewEvent {
  switch (act) {
    case 'trust':
      if (!state.oracle) throw new Bug('Trust without an oracle.');
      return event('oracle.trusted', { digest: state.oracle.digest });
    case 'propose_plan': {
      const tasks = [singleSlice(state)];
      const note = heuristicReason(state) ?? '';
      return event('plan.proposed', {
        source: 'heuristic',
        tasks,
        digest: ctx.digest(canonicalJson(tasks)),
        ...(note !== '' && { note }),
      });
    }
    case 'accept_plan':
      if (!state.plan) throw new Bug('Approval without a plan.');
      return event('plan.accepted', { digest: state.plan.proposed.digest });
    case 'accept': {
      const candidate = state.candidates.at(-1);
      if (!candidate) throw new Bug('Acceptance without a candidate.');
      const { commit, tree } = candidate;
      return event('goal.accepted', { commit, tree, note: 'Nothing was missing.', by: 'policy' });
    }
  }
}

/** One task for the whole goal; its acceptance is what the gates will say. */
function singleSlice(state: OpenGoal): TaskSpec {
  const { text, title, project } = state.opened;
  const gates = (state.oracle?.gates ?? []).filter((gate) => gate.selected && gate.kind !== 'setup');
  const red = state.baseChecked?.red ?? [];
  return {
    id: 'slice-1',
    title: title.trim() === '' ? 'The whole goal' : title,
    description: foldSpace(text).slice(0, 20_000) || 'The whole goal',
    dependencies: [],
    readSet: [],
    writeSet: [project.subfolder === '' ? 'project files' : project.subfolder],
    acceptance: [
      ...gates.map((gate) =>
        gate.kind === 'probe'
          ? `The probe ${gate.name} answers as expected.`
          : `${gate.name} passes: ${gate.argv.join(' ')}`.slice(0, 2_000),
      ),
      ...(state.opened.policy.kind === 'change'
        ? [
            red.length === 0
              ? 'A check that fails on base passes on the result.'
              : `Green on the result: ${red.slice(0, 5).join(', ')}`.slice(0, 2_000),
          ]
        : []),
    ],
    risk: 'medium',
  };
}
