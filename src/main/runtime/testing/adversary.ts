import type { AttemptResult, GoalCommand } from '../../../shared/goal/commands.ts';
import { event } from '../../../shared/goal/events.ts';
import { openQuestions } from '../../../shared/goal/questions.ts';
import type { Attempt } from '../../../shared/goal/state.ts';
import type { Actor, Question } from '../../../shared/goal/vocabulary.ts';
import { AttemptId, QuestionId } from '../../../shared/kernel/ids.ts';
import { failureOf, omkResult, truthOf, verificationResult } from './outcomes.ts';
import type { Slice, Truth } from './outcomes.ts';
import { baseTree, digestOf, oidOf, openedWith, slice } from './results.ts';
import type { Script, Step, WorkOutcome } from './script.ts';
import { realCore, World } from './world.ts';
import type { Core } from './world.ts';

/**
 * Plays a script against a world: a driven prefix, then adversity. Refusals are part of the play; anything thrown is a bug
 * of the core. It keeps its own book of what really happened.
 */
export class Adversary {
  readonly world: World;
  readonly truths: Truth[] = [];
  private readonly script: Script;
  /** Processes that nobody knows the end of: they never report by themselves. */
  private readonly dead = new Set<AttemptId>();
  private slices = 0;
  private usages = 0;

  constructor(script: Script, core: Core = realCore) {
    this.script = script;
    this.world = new World(core);
    this.world.must({
      type: 'goal.open',
      opened: openedWith(script.policy, {
        ...(script.vague && { text: 'Make it better' }),
        budget: { timeMs: null, tokens: script.tokens, usd: null },
      }),
    });
  }

  play(): void {
    for (let step = 0; step < this.script.prefix; step += 1) this.goOn();
    for (const step of this.script.steps) this.take(step);
  }

  /** Lets everything that can go well go well, until nothing is due. Says whether the goal came to rest in bounded steps. */
  comesToRest(): boolean {
    if (this.world.goal.paused) this.tell({ type: 'goal.resume' });
    for (let step = 0; step < 80; step += 1) {
      if (!this.moves()) return true;
    }
    return false;
  }

  private live(): readonly Attempt[] {
    return this.world.goal.attempts.filter((one) => one.outcome.type === 'in_flight');
  }

  private tell(command: GoalCommand, actor: Actor = 'operator'): boolean {
    return this.world.send(command, actor).ok;
  }

  /** One step in which the world does its best; false when there is none. */
  private goOn(): void {
    if (this.moves()) return;
    const [asked] = openQuestions(this.world.goal);
    if (asked)
      this.answer(asked.questionId, 0, asked.question.choices.length < 2 && asked.question.allowText);
  }

  private moves(): boolean {
    const [working] = this.live().filter((one) => !this.dead.has(one.attemptId));
    if (working) return this.end(working, 'good');
    const now = this.world.core.plan(this.world.state, this.world.now, { agents: 4, gates: 4 });
    const [intent] = now;
    if (intent?.type === 'expire') {
      return this.tell(
        { type: 'attempt.lose', attemptId: intent.attemptId, reason: 'lease_expired' },
        'host',
      );
    }
    if (intent) return this.begin();
    const [hung] = this.live();
    if (!hung || this.world.now >= hung.leaseUntil) return false;
    this.world.now = hung.leaseUntil;
    return true;
  }

  private begin(): boolean {
    const due = this.world.due();
    for (const { kind, taskId } of due) {
      const attemptId = AttemptId.parse(`attempt-${this.world.nextId()}`);
      this.tell({ type: 'attempt.begin', attemptId, kind, taskId }, 'host');
    }
    return due.length > 0;
  }

  private end(attempt: Attempt, outcome: WorkOutcome): boolean {
    const { attemptId, fence } = attempt;
    const failure = failureOf(attempt.kind, outcome);
    if (failure) {
      const left =
        outcome === 'budget_cut' && attempt.kind === 'agent' ? { slice: this.nextSlice('good').slice } : {};
      const report = { type: 'failed', failure, evidence: [], ...left } as const;
      return this.tell({ type: 'attempt.report', attemptId, fence, outcome: report }, 'host');
    }
    const result = this.resultOf(attempt, outcome);
    const report = { type: 'finished', result, evidence: [digestOf(attemptId)] } as const;
    return this.tell({ type: 'attempt.report', attemptId, fence, outcome: report }, 'host');
  }

  private nextSlice(outcome: WorkOutcome): Slice {
    if (outcome === 'empty') return slice('nothing');
    if (outcome !== 'same_again') this.slices += 1;
    return slice(`work ${this.slices}`);
  }

  private resultOf(attempt: Attempt, outcome: WorkOutcome): AttemptResult {
    const { goal } = this.world;
    if (attempt.kind === 'agent') return this.nextSlice(outcome);
    // A superseded verification may report when nothing is there any more; then it speaks about nothing known.
    if (attempt.kind !== 'verify' || goal.candidates.length === 0)
      return omkResult(goal, attempt, outcome, this.script);
    const result = verificationResult(goal, outcome, this.slices);
    this.truths.push(truthOf(result.verification));
    return result;
  }

  private answer(questionId: QuestionId, choice: number, text: boolean): boolean {
    const asked = this.world.goal.questions.find((one) => one.questionId === questionId);
    const { choices = [] } = asked?.question ?? {};
    return this.tell({
      type: 'question.answer',
      questionId,
      choice: text || choices.length === 0 ? null : (choices[choice % choices.length]?.id ?? null),
      text: text ? 'npm test' : null,
      digest: asked?.question.digest ?? null,
    });
  }

  private take(step: Step): void {
    const { world } = this;
    const { goal } = world;
    const one = this.live()[0];
    switch (step.do) {
      case 'go_on':
        this.goOn();
        return;
      case 'begin':
        this.begin();
        return;
      case 'end':
        if (one) this.end(one, step.outcome);
        return;
      case 'work': {
        if (!one) this.begin();
        const [working] = this.live().filter((live) => !this.dead.has(live.attemptId));
        if (working) this.end(working, step.outcome);
        return;
      }
      case 'spend':
        if (one) this.spend(one.attemptId, step.tokens, step.ms);
        return;
      case 'kill':
        for (const { attemptId } of this.live())
          this.tell({ type: 'attempt.lose', attemptId, reason: 'host_restarted' }, 'host');
        return;
      case 'hang':
        for (const { attemptId } of this.live()) this.dead.add(attemptId);
        return;
      case 'late':
        this.late(goal.attempts[step.which % Math.max(1, goal.attempts.length)], step.again);
        return;
      case 'wait':
        world.now += step.ms;
        return;
      case 'renew':
        if (one) this.tell({ type: 'attempt.renew', attemptId: one.attemptId, fence: one.fence }, 'host');
        return;
      case 'person':
        this.wish(step.wish);
        return;
      case 'accept_old': {
        const candidate = goal.candidates[step.which % Math.max(1, goal.candidates.length)];
        if (candidate) this.tell({ type: 'goal.accept', commit: candidate.commit, note: '' });
        return;
      }
      case 'extend':
        this.tell({ type: 'goal.extend_budget', added: { timeMs: null, tokens: step.tokens, usd: null } });
        return;
      case 'answer': {
        const asked = openQuestions(goal)[0];
        if (asked) this.answer(asked.questionId, step.choice, step.text);
        return;
      }
      case 'answer_old': {
        const asked = goal.questions[step.which % Math.max(1, goal.questions.length)];
        if (asked) this.answer(asked.questionId, step.which, false);
        return;
      }
      case 'agent_asks':
        if (one) this.agentAsks(one, step.which);
        return;
      case 'agent_withdraws': {
        const asked = openQuestions(goal).find((open) => open.attemptId !== null);
        if (asked)
          this.tell(
            { type: 'question.withdraw', questionId: asked.questionId, reason: 'Never mind.' },
            'agent',
          );
        return;
      }
      case 'park':
        if (one) this.tell({ type: 'attempt.lose', attemptId: one.attemptId, reason: 'interrupted' }, 'host');
        return;
      case 'note':
        this.tell({ type: 'goal.note', text: `Note ${goal.notes.length}` });
        return;
      case 'tell': {
        const note = goal.notes.at(-1 - (step.which % Math.max(1, goal.notes.length)));
        const attempt = goal.attempts.at(-1 - (step.attempt % 2));
        if (note === undefined || attempt === undefined) return;
        const { attemptId, fence } = attempt;
        this.tell({ type: 'note.deliver', attemptId, fence, noteId: note.noteId, how: 'prompt' }, 'host');
        return;
      }
      case 'project_changes':
        this.tell(
          { type: 'project.report_change', what: ['README.md'], byOperator: false, breach: [] },
          'host',
        );
        return;
      case 'proof': {
        const proof = {
          commit: oidOf('proof'),
          tree: baseTree,
          digest: digestOf(`proof ${goal.version}`),
          path: 'proof.json',
        };
        this.tell({ type: 'proof.issue', proof }, 'host');
      }
    }
  }

  private wish(wish: Extract<Step, { do: 'person' }>['wish']): void {
    const commit = this.world.goal.candidates.at(-1)?.commit ?? oidOf('nothing');
    const reason = 'Not like this.';
    const commands: Record<typeof wish, GoalCommand> = {
      pause: { type: 'goal.pause' },
      resume: { type: 'goal.resume' },
      cancel: { type: 'goal.cancel' },
      retry: { type: 'goal.retry' },
      accept: { type: 'goal.accept', commit, note: '' },
      revise: { type: 'goal.reject', mode: 'revise', reason, comments: [] },
      conclude: { type: 'goal.reject', mode: 'conclude', reason, comments: [] },
    };
    this.tell(commands[wish]);
  }

  /** Something that comes too late, or comes twice. */
  private late(attempt: Attempt | undefined, again: Extract<Step, { do: 'late' }>['again']): void {
    if (!attempt) return;
    const { attemptId, fence } = attempt;
    if (again === 'renew') this.tell({ type: 'attempt.renew', attemptId, fence }, 'host');
    if (again === 'lose') this.tell({ type: 'attempt.lose', attemptId, reason: 'host_restarted' }, 'host');
    if (again === 'spend') {
      const spent = this.world.log.filter((one) => one.type === 'budget.spent').at(-1);
      if (spent?.type === 'budget.spent') this.tell({ ...spent.payload, type: 'budget.spend' }, 'host');
      else this.spend(attemptId, 5, 5);
    }
    if (again === 'report' && attempt.outcome.type !== 'in_flight') this.end(attempt, 'good');
  }

  private spend(attemptId: AttemptId, tokens: number, agentMs: number): void {
    this.usages += 1;
    const usage = { input: tokens, output: 1, cacheRead: 0, cacheWrite: 0 };
    const { type: _, ...rest } = {
      ...event('budget.spent', {
        attemptId,
        usageId: `usage-${this.usages}`,
        tokens: usage,
        meteredTokens: 0,
        usd: 0,
        agentMs,
        gateMs: 0,
      }),
    };
    this.tell({ ...rest.payload, type: 'budget.spend' } as GoalCommand, 'host');
  }

  private agentAsks({ attemptId, fence }: Attempt, which: number): void {
    const questionId = QuestionId.parse(`question-agent-${which}`);
    this.tell({ type: 'question.ask', questionId, attemptId, fence, question: agentQuestion }, 'agent');
  }
}

const agentQuestion: Question = {
  kind: 'agent.question',
  title: 'demo asks you to decide. What is your answer?',
  context: '',
  choices: [{ id: 'option-0', label: 'Yes' }],
  defaultChoice: null,
  allowText: true,
  digest: digestOf('unused'),
  blocks: 'attempt',
  costOfWaiting: '',
};
