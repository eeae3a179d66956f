import type { Question } from '../../../shared/goal/vocabulary.ts';
import type { AgentHost, AgentQuestion, ApprovalRequest } from '../agent-backend.ts';
import type { PerformContext } from '../performer.ts';
import { standingAnswer } from './standing-answers.ts';

/** More questions than this in one turn and the agent is not asking but flooding: the rest is declined with a reason. */
const MAX_QUESTIONS = 20;
const MAX_SUBJECT = 20_000;
const MAX_QUOTE = 8_000;

/** What one attempt may do without asking: anything a boundary of the system already confines. */
export type Boundary = {
  readonly workDir: string;
  /** The agent runs in namespaces where only its own folders are writable. */
  readonly confined: boolean;
};

export function createAgentHost(o: {
  readonly context: PerformContext;
  readonly boundary: () => Boundary;
  readonly agentName: string;
  /** Stops the clock of the attempt until the returned function is called. */
  readonly hold: () => () => void;
}): AgentHost {
  const allowed = new Set<string>();
  const refused = new Set<string>();
  const used = new Set<string>();
  let asked = 0;

  const put = async (question: Omit<Question, 'digest'>, signal: AbortSignal) => {
    if (asked >= MAX_QUESTIONS) return null;
    asked += 1;
    const release = o.hold();
    try {
      return await o.context.ask(question, signal);
    } finally {
      release();
    }
  };

  return {
    async approve(request, signal) {
      if (withinBoundary(request, o.boundary())) return { decision: 'allow_once', feedback: null };
      const exact = exactAct(request);
      if (allowed.has(exact)) return { decision: 'allow_once', feedback: null };
      if (refused.has(exact)) return { decision: 'reject', feedback: 'The person said never to this.' };
      const question = approvalQuestion(request, o.agentName);
      const standing = isWhole(request)
        ? standingAnswer(o.context.goal, o.context.attempt.attemptId, question)
        : null;
      const answer =
        standing === null || (standing === 'once' && used.has(exact))
          ? await put(question, signal)
          : { choice: standing, text: null };
      used.add(exact);
      switch (answer?.choice ?? 'nobody') {
        case 'once':
          return { decision: 'allow_once', feedback: null };
        case 'goal':
          // Another command could be shown in the same words.
          if (request.command === null || request.commandComplete) allowed.add(exact);
          return { decision: 'allow_once', feedback: null };
        case 'never':
          refused.add(exact);
          return {
            decision: 'reject',
            feedback: answer?.text ?? 'The person does not allow this. Find another way.',
          };
        default:
          return { decision: 'reject', feedback: 'Nobody allowed this. Go on without it.' };
      }
    },
    async ask(asking, signal) {
      const answers: Record<string, readonly string[]> = {};
      for (const one of asking.questions) {
        const answer = await put(agentQuestion(one, o.agentName), signal);
        if (!answer) return null;
        const chosen = one.options[Number(answer.choice?.replace('option-', ''))]?.label;
        answers[one.text] = [chosen, answer.text].filter(
          (part) => part !== undefined && part !== null && part !== '',
        ) as string[];
      }
      return answers;
    },
  };
}

/** Edits inside the worktree are what it is for; commands are confined only where the system confines them. */
function withinBoundary(request: ApprovalRequest, boundary: Boundary): boolean {
  // A file that omk writes for the agent is outside its namespace.
  if (boundary.confined && (request.command !== null || request.byHost !== true)) return true;
  if (request.command !== null || request.paths.length === 0) return false;
  return request.paths.every((path) => isInside(path, boundary.workDir));
}

/** Purely textual, so a path that climbs is outside whatever it might resolve to. */
function isInside(path: string, dir: string): boolean {
  if (path.split('/').includes('..')) return false;
  return !path.startsWith('/') || path === dir || path.startsWith(`${dir}/`);
}

const exactAct = (request: ApprovalRequest): string =>
  JSON.stringify([request.tool, request.command, request.commandComplete, request.paths, request.diff]);

/** A question shows all of it, so that an equal question means an equal act. */
const isWhole = (request: ApprovalRequest): boolean =>
  request.command !== null &&
  request.commandComplete &&
  request.command.length <= MAX_SUBJECT &&
  request.summary.length <= MAX_QUOTE;

function approvalQuestion(request: ApprovalRequest, agentName: string): Omit<Question, 'digest'> {
  const act = request.command === null ? 'change files outside its folder' : 'run a command';
  return {
    kind: 'approval',
    title: `Let ${agentName} ${act}?`,
    context: request.commandComplete
      ? 'This agent is not confined by the system, so the command could reach everything your user can.'
      : 'The agent did not send the whole command: more may run than what is shown.',
    subject: (request.command ?? request.diff ?? request.paths.join('\n')).slice(0, MAX_SUBJECT),
    quote: request.summary.slice(0, MAX_QUOTE),
    choices: [
      { id: 'once', label: 'This once' },
      { id: 'goal', label: 'For this goal', detail: 'Exactly this, as often as it asks.' },
      { id: 'never', label: 'Never' },
    ],
    defaultChoice: 'never',
    allowText: false,
    blocks: 'attempt',
    costOfWaiting: 'The agent waits. Nothing is spent while it waits.',
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
    allowText: true,
    blocks: 'attempt',
    costOfWaiting: 'The agent waits. Nothing is spent while it waits.',
  };
}
