import type { GoalCommand } from '../../../shared/goal/commands.ts';
import type { GoalState, OpenGoal } from '../../../shared/goal/state.ts';
import { noUsage } from '../../../shared/goal/budget.ts';
import { foldNew } from '../decide/context.ts';
import { follow } from '../decide/follow.ts';
import { realCore } from './world.ts';
import type { Core } from './world.ts';

/**
 * Cores with one mistake each. The properties have to notice every one of them; a mutant that lives is a property that is
 * missing. Each lies to the real functions about the one thing it forgets, so it stays a mutant when they change.
 */
export const mutants: Readonly<Record<string, Core>> = {
  'a late report counts like any other': {
    ...realCore,
    decide: (state, command, ctx) =>
      realCore.decide(
        command.type === 'attempt.report' ? revive(state, command.attemptId) : state,
        command,
        ctx,
      ),
  },

  'the plan forgets what is in flight': {
    ...realCore,
    plan: (state, now, capacity) => realCore.plan(forgetLive(state), now, capacity),
    decide: (state, command, ctx) =>
      realCore.decide(command.type === 'attempt.begin' ? forgetLive(state) : state, command, ctx),
  },

  'leases never expire': {
    ...realCore,
    plan: (state, now, capacity) =>
      realCore.plan(state, now, capacity).filter((one) => one.type !== 'expire'),
  },

  'a verification counts for whatever candidate is newest': {
    ...realCore,
    plan: (state, now, capacity) => realCore.plan(vouchForNewest(state), now, capacity),
    decide: (state, command, ctx) => {
      const decided = realCore.decide(vouchForNewest(state), command, ctx);
      if (!decided.ok) return decided;
      // What follows from a delivery is decided in the same breath, so it has to forget the same.
      const after = vouchForNewest(foldNew(state, decided.value, ctx));
      return { ok: true, value: [...decided.value, ...follow(after, ctx)] };
    },
    settle: (state) => realCore.settle(vouchForNewest(state)),
  },

  'what the gates ran on is not compared with what was delivered': {
    ...realCore,
    decide: (state, command, ctx) => realCore.decide(state, relabel(state, command), ctx),
  },

  'a gate that is missing is no gate that failed': {
    ...realCore,
    decide: (state, command, ctx) => realCore.decide(withoutRequired(state), command, ctx),
  },

  'spend is not deduplicated': {
    ...realCore,
    decide: (state, command, ctx) => realCore.decide(forgetUsage(state), command, ctx),
    evolve: (state, event) =>
      realCore.evolve(event.type === 'budget.spent' ? forgetUsage(state) : state, event),
  },

  'the budget is not looked at': {
    ...realCore,
    plan: (state, now, capacity) => realCore.plan(unlimited(state), now, capacity),
    decide: (state, command, ctx) =>
      realCore.decide(command.type === 'attempt.begin' ? unlimited(state) : state, command, ctx),
  },

  'attempts are not counted': {
    ...realCore,
    plan: (state, now, capacity) => realCore.plan(tireless(state), now, capacity),
    decide: (state, command, ctx) => realCore.decide(tireless(state), command, ctx),
    settle: (state) => realCore.settle(tireless(state)),
  },

  'a planner that failed is asked again': {
    ...realCore,
    plan: (state, now, capacity) => realCore.plan(forgivePlanner(state), now, capacity),
    decide: (state, command, ctx) => realCore.decide(forgivePlanner(state), command, ctx),
    settle: (state) => realCore.settle(forgivePlanner(state)),
  },

  'work begins before anybody accepted a plan': {
    ...realCore,
    plan: (state, now, capacity) => realCore.plan(withoutApproval(state), now, capacity),
    decide: (state, command, ctx) =>
      realCore.decide(command.type === 'attempt.begin' ? withoutApproval(state) : state, command, ctx),
  },

  'a pause stops nothing': {
    ...realCore,
    plan: (state, now, capacity) => realCore.plan(unpaused(state), now, capacity),
    decide: (state, command, ctx) =>
      realCore.decide(command.type === 'attempt.begin' ? unpaused(state) : state, command, ctx),
  },

  'an end is said twice': {
    ...realCore,
    settle: (state) => [...realCore.settle(state), ...realCore.settle(state)],
  },

  'a stop is said again whenever anything is written': {
    ...realCore,
    settle: (state) => realCore.settle(change(state, () => ({ stopped: null }))),
  },

  'an end does not wait for what is in flight': {
    ...realCore,
    settle: (state) => realCore.settle(forgetLive(state)),
  },

  'a conclusion is no end': {
    ...realCore,
    decide: (state, command, ctx) =>
      realCore.decide(
        change(state, () => ({ concluded: null })),
        command,
        ctx,
      ),
  },

  'a stop is never said': {
    ...realCore,
    settle: (state) => realCore.settle(state).filter((one) => one.type !== 'goal.stopped'),
  },

  'policy accepts what nothing turned green for': {
    ...realCore,
    decide: (state, command, ctx) => realCore.decide(lenient(state), command, ctx),
  },

  'acceptance is not bound to a commit': {
    ...realCore,
    decide: (state, command, ctx) => {
      const decided = realCore.decide(state, command, ctx);
      if (!decided.ok || !state.exists) return decided;
      const [oldest] = state.candidates;
      return {
        ok: true,
        value: decided.value.map((one) =>
          one.type === 'goal.accepted' && oldest
            ? { ...one, payload: { ...one.payload, commit: oldest.commit, tree: oldest.tree } }
            : one,
        ),
      };
    },
  },

  'fences do not rise': {
    ...realCore,
    decide: (state, command, ctx) =>
      realCore.decide(
        change(state, () => ({ nextFence: 1 })),
        command,
        ctx,
      ),
  },

  'a note is told as if it never had been': {
    ...realCore,
    decide: (state, command, ctx) => realCore.decide(forgetTelling(state), command, ctx),
  },

  'a note is told to an attempt that has ended': {
    ...realCore,
    decide: (state, command, ctx) =>
      realCore.decide(
        command.type === 'note.deliver' ? revive(state, command.attemptId) : state,
        command,
        ctx,
      ),
  },

  'a note sets a stopped goal going': {
    ...realCore,
    evolve: (state, event) => {
      const next = realCore.evolve(state, event);
      return event.type === 'note.written' ? change(next, () => ({ stopped: null })) : next;
    },
  },

  'the fold forgets an outcome': {
    ...realCore,
    evolve: (state, event) => (event.type === 'attempt.lost' ? state : realCore.evolve(state, event)),
  },
};

function change(state: GoalState, how: (open: OpenGoal) => Partial<OpenGoal>): GoalState {
  return state.exists ? { ...state, ...how(state) } : state;
}

const revive = (state: GoalState, attemptId: string): GoalState =>
  change(state, ({ attempts }) => ({
    attempts: attempts.map((one) =>
      one.attemptId === attemptId ? { ...one, outcome: { type: 'in_flight' } } : one,
    ),
  }));

const forgetTelling = (state: GoalState): GoalState =>
  change(state, ({ notes }) => ({ notes: notes.map((one) => ({ ...one, told: null })) }));

const forgivePlanner = (state: GoalState): GoalState =>
  change(state, ({ attempts, plan }) => ({
    plan: plan?.proposed.note === undefined ? plan : null,
    attempts: attempts.filter((one) => one.kind !== 'plan' || one.outcome.type !== 'failed'),
  }));

const withoutApproval = (state: GoalState): GoalState =>
  change(state, ({ plan, questions }) =>
    plan === null
      ? {}
      : {
          plan: { ...plan, accepted: true },
          tasks: plan.proposed.tasks,
          questions: questions.filter((one) => one.question.kind !== 'plan.approve'),
        },
  );

const forgetLive = (state: GoalState): GoalState =>
  change(state, ({ attempts }) => ({ attempts: attempts.filter((one) => one.outcome.type !== 'in_flight') }));

const forgetUsage = (state: GoalState): GoalState => change(state, () => ({ usageSeen: noUsage }));

const unlimited = (state: GoalState): GoalState =>
  change(state, () => ({ budget: { timeMs: null, tokens: null, usd: null } }));

const unpaused = (state: GoalState): GoalState => change(state, () => ({ paused: false }));

const tireless = (state: GoalState): GoalState =>
  change(state, ({ opened }) => ({
    opened: { ...opened, policy: { ...opened.policy, maxAttempts: 1_000 } },
  }));

const vouchForNewest = (state: GoalState): GoalState =>
  change(state, ({ candidates, verifications }) => {
    const newest = candidates.at(-1);
    if (!newest) return {};
    const { commit, tree, version } = newest;
    return { verifications: verifications.map((one) => ({ ...one, commit, tree, version: version + 0.5 })) };
  });

const lenient = (state: GoalState): GoalState =>
  change(state, ({ opened }) => ({ opened: { ...opened, policy: { ...opened.policy, kind: 'refactor' } } }));

const withoutRequired = (state: GoalState): GoalState =>
  change(state, ({ oracle }) => ({
    oracle: oracle && { ...oracle, gates: oracle.gates.map((one) => ({ ...one, required: false })) },
  }));

/** The result of the gates, said of the newest candidate whatever they ran on. */
function relabel(state: GoalState, command: GoalCommand): GoalCommand {
  if (command.type !== 'attempt.report' || command.outcome.type !== 'finished' || !state.exists)
    return command;
  const { result } = command.outcome;
  const candidate = state.candidates.at(-1);
  if (result.kind !== 'verify' || !candidate) return command;
  const { commit, tree } = candidate;
  return {
    ...command,
    outcome: {
      ...command.outcome,
      result: { ...result, verification: { ...result.verification, commit, tree } },
    },
  };
}
