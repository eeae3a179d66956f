import { z } from 'zod';
import type { TaskSpec } from '../../../shared/goal/vocabulary.ts';
import type { AgentHost, AgentTool, AgentTools } from '../agent-backend.ts';
import type { AgentNote, PerformContext } from '../performer.ts';
import { readProposal, Proposal } from './proposal.ts';

type Said = { readonly ok: boolean; readonly output: string };
const done = (output: string): Said => ({ ok: true, output });
const refused = (output: string): Said => ({ ok: false, output });

/** One tool: what the model is told of it, what it may send, and what happens then. */
type Tool = {
  readonly name: string;
  readonly description: string;
  readonly args: z.ZodType;
  readonly run: (args: unknown, signal: AbortSignal) => Promise<Said>;
};

/** Says the handler's own types from the schema, so that a tool cannot disagree with what it tells the model. */
const tool = <A extends z.ZodType>(
  name: string,
  description: string,
  args: A,
  run: (args: z.infer<A>, signal: AbortSignal) => Promise<Said> | Said,
): Tool => ({ name, description, args, run: async (raw, signal) => run(args.parse(raw), signal) });

const words = (max: number, about: string) => z.string().trim().min(1).max(max).describe(about);

const Question = z.strictObject({
  question: words(4_000, 'One question, with what the person needs to know to answer it.'),
  options: z
    .array(
      z.strictObject({ label: words(300, 'A short answer.'), description: z.string().max(500).default('') }),
    )
    .max(12)
    .default([])
    .describe('Answers to choose from, if there are any; the person may always answer in words.'),
});
const Report = z.strictObject({
  claim: words(400, 'One sentence: what is now so. Do not report what you did not check.'),
  files: z.array(z.string().min(1).max(1_000)).max(20).default([]).describe('Files you changed for it.'),
  // Not `command`: an argument of that name is shown, and asked about, as something that would run.
  ran: z.string().min(1).max(2_000).optional().describe('The exact command you ran to see it.'),
});
const Impossible = z.strictObject({
  reason: words(
    4_000,
    'Why it cannot be done, or which two demands contradict each other. Name files and facts.',
  ),
});

/** Beyond this an agent does not work but talk; the refusal says so. */
const MAX_CALLS = 100;
const MAX_ARGS = 64_000;

export type RuntimeTools = AgentTools & {
  /** The agent's own words when it said that the goal cannot be reached; `null` while it has not. */
  readonly impossible: () => string | null;
};

/** What an agent may say to omk beside its work. Nothing of it is evidence, and nothing of it decides. */
export function createRuntimeTools(o: {
  readonly note: PerformContext['note'];
  readonly ask: AgentHost['ask'];
  /** Ids of tasks there are, for names that must be new. */
  readonly taken: () => readonly string[];
}): RuntimeTools {
  let calls = 0;
  let impossible: string | null = null;
  const note = (one: AgentNote, recorded: string): Said => {
    const noted = o.note(one);
    return noted.ok ? done(recorded) : refused(noted.error.message);
  };

  const tools: readonly Tool[] = [
    tool(
      'propose_task',
      'Propose follow-up work that is outside your task. It is checked, recorded and shown to the person; it does not start by itself. Do not use it for your own steps.',
      Proposal,
      (proposal) => {
        const task: TaskSpec = readProposal(proposal, o.taken());
        return note({ type: 'task.propose', task }, `Recorded as ${task.id}. Go on with your own task.`);
      },
    ),
    tool(
      'ask_person',
      'Ask the person who set the goal when you cannot decide something yourself. Waits for the answer. Use it rarely.',
      Question,
      async ({ question, options }, signal) => {
        const asked = { text: question, header: '', options, multiSelect: false };
        const answers = await o.ask({ id: `ask-${calls}`, questions: [asked] }, signal);
        const answer = answers?.[question]?.join(': ') ?? '';
        return answer === ''
          ? done('Nobody answered. Decide yourself, and say in your last words what you decided.')
          : done(`The person answered: ${answer}`);
      },
    ),
    tool(
      'report_evidence',
      'Report what you have seen to be so, such as tests you ran. omk checks it against what it finds itself and shows the difference; a report proves nothing by itself.',
      Report,
      ({ claim, files, ran }) =>
        note(
          { type: 'claim.make', claim: { said: claim, files, command: ran ?? null } },
          'Recorded. It will be held against what omk finds itself.',
        ),
    ),
    tool(
      'cannot_be_done',
      'Say honestly that the goal cannot be reached as it is asked, or that it contradicts itself. The person is asked what to do. Stop after it; nothing you left is judged.',
      Impossible,
      ({ reason }) => {
        impossible ??= reason;
        return done('Recorded; the person is asked what to do. End your turn now, without further changes.');
      },
    ),
  ];

  return {
    list: tools.map(({ name, description, args }): AgentTool => ({
      name,
      description,
      parameters: z.toJSONSchema(args, { io: 'input', unrepresentable: 'any' }),
    })),
    async call(name, args, signal) {
      calls += 1;
      if (calls > MAX_CALLS) return refused(`This turn has used omk's tools ${MAX_CALLS} times; no more.`);
      const found = tools.find((one) => one.name === name);
      if (found === undefined)
        return refused(
          `There is no tool ${JSON.stringify(name.slice(0, 60))}. There are: ${tools.map((one) => one.name).join(', ')}.`,
        );
      if (isLong(args)) return refused('The arguments are too long; say it in fewer words.');
      const parsed = found.args.safeParse(args ?? {});
      if (!parsed.success) return refused(explain(parsed.error));
      return found.run(args ?? {}, signal);
    },
    impossible: () => impossible,
  };
}

function isLong(args: unknown): boolean {
  try {
    return JSON.stringify(args ?? {}).length > MAX_ARGS;
  } catch {
    return true; // nested deeper than can be written out
  }
}

/** The first problems of arguments, so that the model can mend them. */
export const explain = (error: z.ZodError): string =>
  error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.') || 'arguments'}: ${issue.message}`)
    .join('; ')
    .slice(0, 1_000);
