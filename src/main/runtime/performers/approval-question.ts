import { formatDuration } from '../../../shared/goal/duration.ts';
import type { Question } from '../../../shared/goal/vocabulary.ts';
import type { ApprovalRequest } from '../agent-backend.ts';
import type { AskReason } from '../approval-policy.ts';
import { ruleOf } from '../command-rule.ts';
import type { CommandRule } from '../command-rule.ts';

/** One act as a question shows it: an equal text of an equal kind is an equal act. */
export type ShownAct = { readonly kind: 'command' | 'write' | 'other'; readonly text: string };

const MAX_SUBJECT = 20_000;
const MAX_QUOTE = 8_000;
/** What `Question.acts` holds. */
const MAX_ACT = 4_000;
const MAX_ACTS = 200;
/** So that the event stays small and a person can read all of it. */
const MAX_BATCH = 12_000;

export function shownAct(request: ApprovalRequest): ShownAct {
  const { command, cwd, paths, diff, tool, summary } = request;
  if (command !== null)
    return { kind: 'command', text: cwd === undefined ? command : `${command}\n(in ${cwd})` };
  if (paths.length > 0) return { kind: 'write', text: writeText(paths, diff) };
  return { kind: 'other', text: `${tool}\n${summary}` };
}

/** A diff names its files itself. */
function writeText(paths: readonly string[], diff: string | null): string {
  const unnamed = paths.filter((path) => diff?.split('\n').includes(`+++ ${path}`) !== true);
  return [...unnamed, ...(diff === null ? [] : [diff])].join('\n');
}

/** The question can show all of it, and it is known to be all: only then does an answer hold for more than this once. */
export const isWhole = (request: ApprovalRequest, { kind, text }: ShownAct): boolean =>
  (kind === 'command' ? request.commandComplete : kind === 'write' && request.diff !== null) &&
  text.length <= MAX_ACT;

/** `null`: another folder than the worktree, or not told whole, or nothing that a rule could be told from. */
export const ruleFor = (request: ApprovalRequest): CommandRule | null =>
  request.command !== null && request.commandComplete && request.cwd === undefined
    ? ruleOf(request.command)
    : null;

export type Waiting = {
  readonly request: ApprovalRequest;
  readonly act: ShownAct;
  readonly why: AskReason;
};

/** Those that fit into one question with the first: acts that can be shown whole, up to what a person can read. */
export function together<T extends Waiting>(waiting: readonly T[]): readonly T[] {
  const [first] = waiting;
  if (first === undefined || !isWhole(first.request, first.act)) return waiting.slice(0, 1);
  const texts = new Set<string>();
  let size = 0;
  return waiting.filter(({ request, act }) => {
    const key = `${act.kind} ${act.text}`;
    if (texts.has(key)) return true;
    if (!isWhole(request, act) || texts.size >= MAX_ACTS || size + key.length > MAX_BATCH) return false;
    texts.add(key);
    size += key.length;
    return true;
  });
}

export type Asker = { readonly agentName: string; readonly parkAfterMs: number };

/** One question about all of these; they are `together`. */
export function approvalQuestion(waiting: readonly Waiting[], asker: Asker): Omit<Question, 'digest'> {
  const [first] = waiting;
  const acts = counted(waiting);
  return first !== undefined && waiting.length === 1 ? single(first, asker) : batch(waiting, acts, asker);
}

const common = ({ parkAfterMs }: Asker) =>
  ({
    kind: 'approval',
    defaultChoice: 'never',
    allowText: false,
    blocks: 'attempt',
    costOfWaiting: `The agent waits, and nothing is spent. After ${formatDuration(parkAfterMs)} its turn is ended with this question open; until you answer nothing is allowed.`,
  }) as const;

function single({ request, act, why }: Waiting, asker: Asker): Omit<Question, 'digest'> {
  const whole = isWhole(request, act);
  const rule = whole ? ruleFor(request) : null;
  const does = {
    command: 'run a command',
    write: 'change files outside its folder',
    other: 'use a tool that omk does not know',
  }[act.kind];
  return {
    ...common(asker),
    title: `Let ${asker.agentName} ${does}?`,
    context: request.commandComplete
      ? contexts[why]
      : 'The agent did not send the whole command: more may run than what is shown.',
    subject: act.text.slice(0, MAX_SUBJECT),
    // What omk would do for it is told in omk's own words above.
    ...(request.byHost === true ? {} : { quote: request.summary.slice(0, MAX_QUOTE) }),
    choices: [
      { id: 'once', label: 'This once' },
      ...(whole
        ? [{ id: 'goal', label: 'For this goal', detail: 'Exactly this, as often as it asks.' }]
        : []),
      ...(rule === null
        ? []
        : [
            {
              id: 'rule',
              label: `Every \`${rule.join(' ')} …\``,
              detail: 'For this goal, whatever plain words follow; never with an operator of the shell.',
            },
          ]),
      { id: 'never', label: 'Never' },
    ],
    ...(whole && act.kind !== 'other' ? { acts: [{ kind: act.kind, text: act.text, times: 1 }] } : {}),
    ...(rule === null ? {} : { rule: [...rule] }),
  };
}

type Counted = NonNullable<Question['acts']>[number];

function batch(
  waiting: readonly Waiting[],
  acts: readonly Counted[],
  asker: Asker,
): Omit<Question, 'digest'> {
  const reasons = [...new Set(waiting.map(({ why }) => contexts[why]))];
  const asked =
    acts.length === 1
      ? `It asked for this ${waiting.length} times at once.`
      : `It asked for all of these at once${acts.length === waiting.length ? '' : `; ${acts.length} of them are different`}.`;
  return {
    ...common(asker),
    title: `Let ${asker.agentName} ${deeds(waiting)}?`,
    context: `${asked} ${reasons.join(' ')}`,
    subject: acts
      .map(
        ({ kind, text, times }) =>
          `${times > 1 ? `${times} × ` : ''}${kind === 'write' ? 'write ' : ''}${text}`,
      )
      .join('\n')
      .slice(0, MAX_SUBJECT),
    choices: [
      { id: 'once', label: 'Allow these once' },
      { id: 'goal', label: 'Allow these for this goal', detail: 'Exactly these, as often as it asks.' },
      { id: 'never', label: 'Refuse all' },
    ],
    acts: [...acts],
  };
}

function counted(waiting: readonly Waiting[]): readonly Counted[] {
  const byText = new Map<string, Counted>();
  for (const { act } of waiting) {
    if (act.kind === 'other') continue;
    const key = `${act.kind} ${act.text}`;
    byText.set(key, { kind: act.kind, text: act.text, times: (byText.get(key)?.times ?? 0) + 1 });
  }
  return [...byText.values()];
}

function deeds(waiting: readonly Waiting[]): string {
  const commands = waiting.filter(({ act }) => act.kind === 'command').length;
  const writes = waiting.length - commands;
  return [
    commands === 0 ? '' : commands === 1 ? 'run a command' : `run ${commands} commands`,
    writes === 0
      ? ''
      : writes === 1
        ? 'change a file outside its folder'
        : `change ${writes} files outside its folder`,
  ]
    .filter((part) => part !== '')
    .join(' and ');
}

const contexts: Readonly<Record<AskReason, string>> = {
  unconfined:
    'This agent is not confined by the system, so the command could reach everything your user can.',
  every_command:
    'This goal asks before every command. It would run in the agent’s own namespaces, where only its folders can be written.',
  outside: 'This is outside the goal’s worktree: it is no part of the result and stays on your machine.',
  unknown_tool: 'omk cannot tell what this tool reaches.',
};
