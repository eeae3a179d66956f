import type { GateOutcome } from '../../../shared/goal/vocabulary.ts';
import { QuestionId } from '../../../shared/kernel/ids.ts';
import { approvalQuestion } from './questions.ts';
import {
  checkedBase,
  gateRecord,
  oidOf,
  pinned,
  prepared,
  refuted,
  slice,
  someFailure,
  verified,
} from './results.ts';
import { openGoal } from './world.ts';
import type { World } from './world.ts';

export const once = { maxAttempts: 1 };
export const auto = { accept: 'auto' } as const;
export const finding = {
  rule: 'secret.key',
  severity: 'blocker',
  effect: 'breach',
  file: 'a.ts',
  line: 3,
  message: 'A key in a.ts.',
} as const;

export const begun = (world: World): World => {
  world.begin();
  return world;
};
export const judged = (world: World, o: Parameters<typeof verified>[1] = {}): World =>
  world.driveTo('verify').finish(world.begin(), verified(world.goal, o));
export const failing = (world: World): World =>
  world.driveTo('verify').finish(world.begin(), refuted(world.goal));
export const gateSays = (outcome: GateOutcome): World =>
  judged(openGoal(once), { gates: [gateRecord({ outcome })] });
export const fails = (
  world: World,
  code: string,
  blame: 'agent' | 'external' | 'infra' | 'person',
  retry: 'never' | 'later' | 'ask' = 'ask',
) => world.fail(world.begin(), { ...someFailure, code, blame, retry });
export const spent = (world: World, tokens: number, agentMs = 0, metered = 0): World => {
  const attempt = world.goal.attempts.at(-1) ?? world.begin();
  return world.must(
    {
      type: 'budget.spend',
      attemptId: attempt.attemptId,
      usageId: `${attempt.attemptId}:${world.log.length}`,
      tokens: metered > 0 ? null : { input: tokens, output: 0, cacheRead: 0, cacheWrite: 0 },
      meteredTokens: metered,
      usd: 0,
      agentMs,
      gateMs: 0,
    },
    'host',
  );
};
export const tight = () =>
  openGoal({}, { budget: { timeMs: 1_000, tokens: 100, usd: null } }).driveTo('agent');
export const overspent = (tokens: number, agentMs = 0, metered = 0): World => {
  const world = begun(tight());
  const attempt = world.goal.attempts.at(-1) ?? world.begin();
  return spent(world, tokens, agentMs, metered).lose(attempt);
};
export const asked = (world: World): World => {
  const attempt = world.begin();
  return world.must(
    {
      type: 'question.ask',
      questionId: QuestionId.parse('question-1'),
      attemptId: attempt.attemptId,
      fence: attempt.fence,
      question: approvalQuestion,
    },
    'agent',
  );
};
export const cutOff = (): World => {
  const world = tight();
  const { attemptId, fence } = world.begin();
  const failure = {
    code: 'budget.tokens_exhausted',
    message: 'The token budget ended in a turn.',
    retry: 'ask',
    blame: 'person',
  } as const;
  spent(world, 100);
  world.must(
    {
      type: 'attempt.report',
      attemptId,
      fence,
      outcome: { type: 'failed', failure, evidence: [], slice: slice('half').slice },
    },
    'host',
  );
  return failing(world);
};
export const greenBase = (policy = {}): World => {
  const world = openGoal({ maxAttempts: 1, ...policy }).driveTo('base');
  return world.finish(world.begin(), checkedBase([]));
};
export const preparedWith = (o: Parameters<typeof prepared>[0], policy = {}): World => {
  const world = openGoal(policy);
  return world.finish(world.begin(), prepared(o));
};
export const times = (world: World, again: (one: World) => unknown, count = 3): World => {
  for (let done = 0; done < count; done += 1) again(world);
  return world;
};

export const unreadable = (): World => {
  const world = openGoal();
  return world.finish(world.begin(), { kind: 'prepare_unreadable', base: pinned(), message: 'Line 3.' });
};

/** The budget is spent, and what exists carries a secret. */
export const leakedAndSpent = (): World => {
  const world = begun(tight());
  const attempt = world.goal.attempts.at(-1) ?? world.begin();
  return judged(spent(world, 100).finish(attempt, slice('leak')), { findings: [finding] });
};

export const parked = (): World => {
  const world = asked(openGoal().driveTo('agent'));
  return world.lose(world.goal.attempts.at(-1) ?? world.begin(), 'interrupted');
};

/** Landing reports another commit than the accepted one. */
export const strayed = (): World => {
  const world = openGoal(auto).driveTo('land');
  const landed = { ref: 'refs/heads/x', commit: oidOf('other'), baseMovedBy: 0 };
  return world.finish(world.begin(), { kind: 'land', landed });
};
