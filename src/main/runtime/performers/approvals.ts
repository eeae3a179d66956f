import type { OpenGoal } from '../../../shared/goal/state.ts';
import type { Approvals, Question } from '../../../shared/goal/vocabulary.ts';
import type { AttemptId } from '../../../shared/kernel/ids.ts';
import type { AgentHost, ApprovalRequest } from '../agent-backend.ts';
import { judge } from '../approval-policy.ts';
import type { Boundary } from '../approval-policy.ts';
import { followsRule } from '../command-rule.ts';
import type { CommandRule } from '../command-rule.ts';
import type { Answer } from '../performer.ts';
import { approvalQuestion, isWhole, ruleFor, shownAct, together } from './approval-question.ts';
import type { Asker, ShownAct, Waiting } from './approval-question.ts';
import { standingAnswer } from './standing-answers.ts';

type Decision = Awaited<ReturnType<AgentHost['approve']>>;
type Queued = Waiting & { readonly signal: AbortSignal; readonly decide: (decision: Decision) => void };

/** Requests that come within this of one another are one question. */
const QUIET_MS = 100;
/** An agent that never stops asking is answered in parts. */
const MAX_GATHER_MS = 1_000;

/**
 * Decides for one attempt: by policy, by what a person said before, or by asking. At most one question is open at a time; whatever is
 * asked meanwhile waits for its answer, which may decide it as well, and goes into the next question together.
 */
export function createApprovals(o: {
  readonly goal: OpenGoal;
  readonly attemptId: AttemptId;
  readonly policy: Approvals;
  readonly boundary: () => Boundary;
  readonly asker: Asker;
  readonly put: (question: Omit<Question, 'digest'>, signal: AbortSignal) => Promise<Answer | null>;
  readonly pause: (ms: number) => Promise<void>;
}): AgentHost['approve'] {
  const allowed = new Set<string>();
  const refused = new Map<string, string>();
  const warned = new Set<string>();
  const rules: CommandRule[] = [];
  const used = new Map<string, number>();
  let queue: readonly Queued[] = [];
  let asking = false;

  /** What was said before, in this attempt or an earlier one; `null`: a person has to be asked. */
  const known = (request: ApprovalRequest, act: ShownAct): Decision | null => {
    const key = keyOf(act);
    const plain = request.commandComplete && request.cwd === undefined ? request.command : null;
    if (allowed.has(key) || (plain !== null && rules.some((rule) => followsRule(plain, rule)))) return allow;
    const no = refused.get(key);
    if (no !== undefined) return reject(no);
    const standing = isWhole(request, act) ? standingAnswer(o.goal, o.attemptId, act, plain) : null;
    if (standing === null) return null;
    if (standing.type === 'never') return reject(theySaidNever);
    const times = (used.get(key) ?? 0) + 1;
    if (standing.type === 'times' && times > standing.times) return null;
    used.set(key, times);
    return allow;
  };

  const gather = async (): Promise<void> => {
    for (let waited = 0; waited < MAX_GATHER_MS; waited += QUIET_MS) {
      const before = queue.length;
      await o.pause(QUIET_MS);
      if (queue.length === before) return;
    }
  };

  const askAll = async (): Promise<void> => {
    asking = true;
    while (queue.length > 0) {
      await gather();
      queue = queue.filter((one) => {
        const decision = one.signal.aborted ? nobody : known(one.request, one.act);
        if (decision !== null) one.decide(decision);
        return decision === null;
      });
      const now = together(queue);
      if (now.length === 0) continue;
      queue = queue.filter((one) => !now.includes(one));
      settle(now, await o.put(approvalQuestion(now, o.asker), everyOf(now.map((one) => one.signal))));
    }
    asking = false;
  };

  const settle = (asked: readonly Queued[], answer: Answer | null): void => {
    const choice = answer?.choice ?? null;
    for (const { request, act, decide } of asked) {
      const rule = choice === 'rule' ? ruleFor(request) : null;
      if (rule !== null) rules.push(rule);
      // Another act could be shown in the same words.
      if (choice === 'goal' && isWhole(request, act)) allowed.add(keyOf(act));
      if (choice === 'never') refused.set(keyOf(act), theySaidNever);
      if (choice === 'never') decide(reject('The person does not allow this. Find another way.'));
      else decide(choice === null ? nobody : allow);
    }
  };

  return async (request, signal) => {
    const judged = judge(request, o.boundary(), o.policy);
    if (judged.type === 'allow') return allow;
    if (judged.type === 'refuse') return reject(judged.reason);
    if (judged.type === 'warn') {
      const files = request.paths.join('\0');
      if (warned.has(files)) return allow;
      warned.add(files);
      return reject(judged.reason);
    }
    const act = shownAct(request);
    const before = known(request, act);
    if (before !== null) return before;
    return new Promise<Decision>((decide) => {
      queue = [...queue, { request, act, why: judged.why, signal, decide }];
      if (!asking) void askAll();
    });
  };
}

const keyOf = (act: ShownAct): string => `${act.kind} ${act.text}`;

const allow: Decision = { decision: 'allow_once', feedback: null };
const reject = (feedback: string): Decision => ({ decision: 'reject', feedback });
const nobody = reject('Nobody allowed this. Go on without it.');
const theySaidNever = 'The person said never to this.';

/** Nobody waits for the answer any more once none of them does. */
function everyOf(signals: readonly AbortSignal[]): AbortSignal {
  const controller = new AbortController();
  const look = (): void => {
    if (signals.every((one) => one.aborted)) controller.abort();
  };
  for (const one of signals) one.addEventListener('abort', look, { once: true });
  look();
  return controller.signal;
}
