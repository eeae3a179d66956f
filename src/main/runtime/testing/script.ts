import fc from 'fast-check';
import type { GoalPolicy } from '../../../shared/goal/vocabulary.ts';

/** How an attempt turns out. Not every outcome fits every kind; what does not fit goes well. */
export const outcomes = [
  'good',
  'good',
  'good',
  'red',
  'empty',
  'same_again',
  'breach',
  'finding',
  'oracle_changed',
  'oracle_red',
  'nothing_red_to_green',
  'own_tests',
  'gate_missing',
  'wrong_tree',
  'agent_failed',
  'agent_gave_up',
  'handshake',
  'budget_cut',
  'external',
  'infra',
  'infra_later',
  'person',
] as const;
export type WorkOutcome = (typeof outcomes)[number];

/** One thing that happens to a goal. Interpreted against the state it meets, so that most of it means something there. */
export type Step =
  /** The world does its best for once. */
  | { readonly do: 'go_on' }
  | { readonly do: 'begin' }
  | { readonly do: 'end'; readonly outcome: WorkOutcome }
  | { readonly do: 'work'; readonly outcome: WorkOutcome }
  | { readonly do: 'spend'; readonly tokens: number; readonly ms: number }
  /** The host dies: nobody knows how what was in flight ended. Its processes may still report. */
  | { readonly do: 'kill' }
  /** What is in flight stops giving signs of life. */
  | { readonly do: 'hang' }
  | { readonly do: 'late'; readonly which: number; readonly again: 'report' | 'spend' | 'renew' | 'lose' }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'renew' }
  | {
      readonly do: 'person';
      readonly wish: 'pause' | 'resume' | 'cancel' | 'retry' | 'accept' | 'revise' | 'conclude';
    }
  | { readonly do: 'accept_old'; readonly which: number }
  | { readonly do: 'extend'; readonly tokens: number }
  | { readonly do: 'answer'; readonly choice: number; readonly text: boolean }
  | { readonly do: 'answer_old'; readonly which: number }
  | { readonly do: 'agent_asks'; readonly which: number }
  | { readonly do: 'agent_withdraws' }
  | { readonly do: 'park' }
  /** A person writes to the agent. */
  | { readonly do: 'note' }
  /** An agent, perhaps of an attempt that has ended, is told a note, perhaps again. */
  | { readonly do: 'tell'; readonly which: number; readonly attempt: number }
  | { readonly do: 'project_changes' }
  | { readonly do: 'proof' };

export type Script = {
  readonly policy: Partial<GoalPolicy>;
  readonly vague: boolean;
  readonly tokens: number | null;
  readonly gates: 'check' | 'with_setup' | 'none';
  readonly redOnBase: boolean;
  /** Steps in which everything goes well first: uniform random commands rarely reach the end game. */
  readonly prefix: number;
  readonly steps: readonly Step[];
};

const small = fc.nat({ max: 7 });
/** Mostly the first choice: the others often end the play. */
const choice = fc.constantFrom(0, 0, 0, 0, 0, 1, 1, 2);
/** Ends of a goal are rare, because nothing follows them. */
const wish = fc.constantFrom(
  ...(['pause', 'resume', 'retry', 'accept', 'revise'] as const).flatMap((one) => [one, one, one, one]),
  'cancel' as const,
  'conclude' as const,
);
const outcome = fc.constantFrom(...outcomes);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('work' as const), outcome }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('begin' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('end' as const), outcome }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      choice,
      text: fc.nat({ max: 3 }).map((roll) => roll === 0),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('go_on' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('person' as const), wish }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('late' as const),
      which: small,
      again: fc.constantFrom('report', 'report', 'spend', 'renew', 'lose'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('spend' as const),
      tokens: fc.nat({ max: 90 }),
      ms: fc.nat({ max: 400 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('kill' as const, 'hang' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1_000, 60_000, 200_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('extend' as const), tokens: fc.nat({ max: 100 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('accept_old' as const), which: small }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('answer_old' as const), which: small }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('agent_asks' as const), which: small }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('tell' as const), which: small, attempt: small }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'renew' as const,
        'agent_withdraws' as const,
        'park' as const,
        'project_changes' as const,
        'proof' as const,
        'note' as const,
      ),
    }),
  },
);

const mostly = fc.nat({ max: 4 }).map((roll) => roll > 0);

export const script: fc.Arbitrary<Script> = fc.record({
  policy: fc.record({
    accept: fc.constantFrom('manual' as const, 'auto' as const),
    yesPlan: mostly,
    trustGates: mostly,
    kind: fc.constantFrom('change' as const, 'change' as const, 'refactor' as const),
    maxAttempts: fc.integer({ min: 1, max: 3 }),
    planning: fc.constantFrom('agent' as const, 'heuristic' as const, 'heuristic' as const),
    review: fc.constantFrom('agent' as const, 'none' as const, 'none' as const),
    minIsolation: fc.constantFrom('L0' as const, 'L2' as const, 'L3' as const),
  }),
  vague: fc.nat({ max: 9 }).map((roll) => roll === 0),
  tokens: fc.constantFrom(null, null, 0, 60, 150, 400),
  gates: fc.constantFrom(
    'check' as const,
    'check' as const,
    'check' as const,
    'with_setup' as const,
    'none' as const,
  ),
  redOnBase: fc.boolean(),
  prefix: fc.nat({ max: 10 }),
  steps: fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }),
});
