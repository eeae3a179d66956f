import type { Api } from '../../../shared/api/index.ts';
import type { GoalRow } from '../../../shared/api/goals.ts';
import { QuestionId } from '../../../shared/kernel/ids.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import type { Client } from '../../../shared/rpc/connect.ts';
import type { ParseArgsOptionsConfig } from 'node:util';
import type { Config } from '../../host/config.ts';
import { money, parseFlags, wholeNumber } from '../args.ts';
import type { Parsed } from '../args.ts';
import { findGoal, looksLikeGoal, newCommandId, openSession, readGoal } from '../client.ts';
import type { Session } from '../client.ts';
import { followOn } from '../follow-on.ts';
import type { Io } from '../io.ts';
import { failed, misused } from '../io.ts';
import { inertLine } from '../../../shared/safe-text.ts';
import { choiceNamed } from '../numbered-choice.ts';
import { document } from '../output.ts';
import { redactText } from '../../../shared/redact.ts';
import { durationFlag, maxGoalBytes } from '../run-options.ts';

const flag = { type: 'boolean' } as const;
const value = { type: 'string' } as const;
/** What every command here takes, and what only one does. */
const common = { json: flag, 'until-ready': flag } as const;
const own: Readonly<Record<string, ParseArgsOptionsConfig>> = {
  accept: { note: value, summary: value },
  reject: { reason: value, conclude: flag },
  'budget-add': { time: value, tokens: value, usd: value },
  answer: { choice: value, text: value },
};

type Refusal = {
  readonly code: string;
  readonly message: string;
  readonly missing?: readonly { readonly message: string }[] | undefined;
};
type Acted = Promise<Result<unknown, Refusal>>;
type Act = (o: {
  client: Client<Api>;
  row: GoalRow;
  flags: Parsed;
  rest: readonly string[];
  io: Io;
}) => Acted;

const acts: Readonly<Record<string, Act>> = {
  pause: ({ client, row }) => client.goals.pause({ goalId: row.goalId, commandId: newCommandId() }),
  resume: ({ client, row }) => client.goals.resume({ goalId: row.goalId, commandId: newCommandId() }),
  retry: ({ client, row }) => client.goals.retry({ goalId: row.goalId, commandId: newCommandId() }),
  cancel: ({ client, row }) => client.goals.cancel({ goalId: row.goalId, commandId: newCommandId() }),
  async accept({ client, row, flags }) {
    const state = await readGoal(client, row.goalId);
    const commit = state.exists ? state.candidates.at(-1)?.commit : undefined;
    if (commit === undefined) throw failed('There is no result to accept yet.');
    const note = flags.text('note') ?? flags.text('summary') ?? '';
    return client.goals.accept({ goalId: row.goalId, commandId: newCommandId(), commit, note });
  },
  reject({ client, row, flags }) {
    const reason = flags.text('reason')?.trim() ?? '';
    if (reason === '') throw misused('Say why: omk goal reject [ID] --reason "…".');
    const mode = flags.flag('conclude') ? 'conclude' : 'revise';
    return client.goals.reject({ goalId: row.goalId, commandId: newCommandId(), mode, reason, comments: [] });
  },
  'budget-add'({ client, row, flags }) {
    const added = {
      timeMs: durationFlag('time', flags.text('time')),
      tokens: wholeNumber('tokens', flags.text('tokens'), 1),
      usd: money('usd', flags.text('usd')),
    };
    if (added.timeMs === null && added.tokens === null && added.usd === null) {
      throw misused('Say what to add: --time D, --tokens N or --usd X.');
    }
    return client.goals.extendBudget({ goalId: row.goalId, commandId: newCommandId(), added });
  },
  async note({ client, row, rest, io }) {
    const [given] = rest;
    if (given === undefined) throw misused('Say what the agent should know: omk goal note [ID] "…".');
    const text = given === '-' ? await io.input(maxGoalBytes) : given;
    if (redactText(text).count > 0)
      io.err(
        'The note holds what looks like a key. The log keeps none, so the agent does not get it either.\n',
      );
    return client.goals.note({ goalId: row.goalId, commandId: newCommandId(), text });
  },
  answer: ({ client, row, flags, rest }) => answer(client, row, flags, rest[0]),
};

/** What takes a second word after the goal. */
const takesMore: ReadonlySet<string> = new Set(['answer', 'note']);

/** `execute` is `resume --until-ready` under the name it has elsewhere. */
export const actNames = [...Object.keys(acts), 'execute'];

export async function actOnGoal(
  name: string,
  args: readonly string[],
  config: Config,
  io: Io,
): Promise<number> {
  const act = acts[name === 'execute' ? 'resume' : name];
  if (!act) throw misused(`There is no command "omk goal ${name}".`);
  const flags = parseFlags(args, { ...common, ...own[name] }, { positionals: takesMore.has(name) ? 2 : 1 });
  const untilReady = flags.flag('until-ready') || name === 'execute';
  const session = await openSession(config, { drive: untilReady });
  try {
    const [first, ...others] = flags.positionals;
    // Without a goal's name the one word is the text, or the question.
    const named = looksLikeGoal(first) || !takesMore.has(name) || (name === 'note' && others.length > 0);
    const { client } = session;
    const row =
      named || name === 'note'
        ? await findGoal(client, named ? first : undefined)
        : await goalOfQuestion(client, first);
    const done = await act({ client, row, flags, rest: named ? others : flags.positionals, io });
    if (!done.ok && !(untilReady && act === acts['resume'] && isFollowable(done.error.code))) {
      throw failed(
        [done.error.message, ...(done.error.missing ?? []).map((one) => `  missing: ${one.message}`)].join(
          '\n',
        ),
      );
    }
    if (untilReady) {
      return await followOn(config, session, row.goalId, {
        json: flags.flag('json'),
        afterVersion: row.version,
        io,
      });
    }
    return await report(session, row, flags.flag('json'), io);
  } finally {
    await session.close();
  }
}

/** What cannot be resumed because it goes on already has an end to follow it to; what has ended has that end to tell. */
const isFollowable = (code: string): boolean => code === 'goal.not_paused' || code === 'goal.concluded';

async function report(session: Session, row: GoalRow, json: boolean, io: Io): Promise<number> {
  const now = await findGoal(session.client, row.goalId);
  if (json) document(io, { goal_id: now.goalId, status: now.status, line: now.line });
  else {
    io.out(`${now.goalId}  ${now.status}  ${inertLine(now.line)}\n`);
    if (session.here && now.status === 'running')
      io.out(`No host runs. Go on with: omk goal resume ${now.goalId} --until-ready\n`);
  }
  return 0;
}

async function answer(
  client: Client<Api>,
  row: GoalRow,
  flags: Parsed,
  questionText: string | undefined,
): Acted {
  const asked =
    questionText === undefined
      ? row.questions[0]
      : row.questions.find((one) => one.questionId === questionText);
  if (questionText === undefined && row.questions.length > 1) {
    throw failed(
      `${row.questions.length} questions are open; name one: ${row.questions.map((one) => one.questionId).join(', ')}.`,
    );
  }
  const choice = flags.text('choice');
  const text = flags.text('text');
  if (choice === null && text === null) throw misused('Answer with --choice N or --text T.');
  if (!asked && questionText === undefined) throw failed('No question is open for this goal.');
  const questionId = asked?.questionId ?? QuestionId.safeParse(questionText).data;
  if (questionId === undefined) throw failed(`"${String(questionText).slice(0, 60)}" is not a question id.`);
  return client.goals.answer({
    goalId: row.goalId,
    commandId: newCommandId(),
    questionId,
    choice: choice === null || asked === undefined ? choice : choiceNamed(asked.question, choice),
    text,
    digest: asked?.question.digest ?? null,
  });
}

/** `omk goal answer QUESTION …` without a goal: the goal that asked it, or the only one that asks anything. */
async function goalOfQuestion(client: Client<Api>, question: string | undefined): Promise<GoalRow> {
  const rows = await client.goals.list({});
  const asking = rows.filter((row) => row.questions.length > 0);
  if (question !== undefined) {
    return (
      asking.find((row) => row.questions.some((one) => one.questionId === question)) ??
      findGoal(client, 'latest')
    );
  }
  const [only, ...more] = asking;
  if (!only) throw failed('No question is open.');
  if (more.length > 0)
    throw failed(
      `${asking.length} goals ask something; name one: ${asking.map((row) => row.goalId).join(', ')}.`,
    );
  return only;
}
