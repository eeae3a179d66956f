import { choicesOf } from '../../../shared/goal/questions.ts';
import type { Question } from '../../../shared/goal/vocabulary.ts';
import type { AgentHost, AgentQuestion } from '../agent-backend.ts';
import type { Boundary } from '../approval-policy.ts';
import type { PerformContext } from '../performer.ts';
import { createApprovals } from './approvals.ts';

/** More of these in one turn and the agent is not asking but flooding: the rest is declined with a reason. */
const MAX_QUESTIONS = 20;
const MAX_APPROVALS = 500;

export function createAgentHost(o: {
  readonly context: PerformContext;
  readonly boundary: () => Boundary;
  readonly agentName: string;
  /** Stops the clock of the attempt until the returned function is called. */
  readonly hold: () => () => void;
  /** After which a question that nobody answers ends the turn. */
  readonly parkAfterMs: number;
  readonly pause: (ms: number) => Promise<void>;
}): AgentHost {
  const { context, agentName, parkAfterMs } = o;

  const upTo = (limit: number) => {
    let asked = 0;
    return async (question: Omit<Question, 'digest'>, signal: AbortSignal) => {
      if (asked >= limit) return null;
      asked += 1;
      const release = o.hold();
      try {
        return await context.ask(question, signal);
      } finally {
        release();
      }
    };
  };
  const putQuestion = upTo(MAX_QUESTIONS);

  return {
    approve: createApprovals({
      goal: context.goal,
      attemptId: context.attempt.attemptId,
      policy: context.goal.opened.policy.approvals,
      boundary: o.boundary,
      asker: { agentName, parkAfterMs },
      put: upTo(MAX_APPROVALS),
      pause: o.pause,
    }),
    async ask(asking, signal) {
      const answers: Record<string, readonly string[]> = {};
      for (const one of asking.questions) {
        const answer = await putQuestion(agentQuestion(one, agentName), signal);
        if (!answer) return null;
        const chosen = choicesOf({ multi: one.multiSelect || undefined }, answer.choice);
        answers[one.text] = [
          ...one.options.filter((_, index) => chosen.includes(`option-${index}`)).map(({ label }) => label),
          ...(answer.text === null || answer.text === '' ? [] : [answer.text]),
        ];
      }
      return answers;
    },
  };
}

function agentQuestion(
  asked: AgentQuestion['questions'][number],
  agentName: string,
): Omit<Question, 'digest'> {
  return {
    kind: 'agent.question',
    title: `${agentName} asks you to decide. What is your answer?`,
    context: 'The words below are the agent’s own.',
    quote: asked.text.slice(0, 8_000),
    choices: asked.options.slice(0, 12).map((option, index) => ({
      id: `option-${index}`,
      label: option.label.slice(0, 300),
      ...(option.description === '' ? {} : { detail: option.description.slice(0, 500) }),
    })),
    defaultChoice: null,
    ...(asked.multiSelect ? { multi: true as const } : {}),
    allowText: true,
    blocks: 'attempt',
    costOfWaiting: 'The agent waits. Nothing is spent while it waits.',
  };
}
