import { createHash } from 'node:crypto';
import type { AgentHost, AgentQuestion, ApprovalRequest } from '../../../runtime/agent-backend.ts';
import { fields, list, middleCut, parseJson, text } from './foreign.ts';
import type { Fields } from './foreign.ts';
import type { ToolCard } from './map.ts';
import type { Quirks } from './quirks.ts';

type Decision = Awaited<ReturnType<AgentHost['approve']>>['decision'];

export type PermissionOption = { readonly id: string; readonly kind: string; readonly label: string };

/** A `session/request_permission` as it came, read without trusting any of it. */
export type Permission = {
  readonly sessionId: string | null;
  readonly toolCallId: string | null;
  readonly toolCall: Fields;
  readonly title: string;
  readonly body: string;
  readonly options: readonly PermissionOption[];
};

export type PermissionOutcome = {
  readonly outcome:
    { readonly outcome: 'selected'; readonly optionId: string } | { readonly outcome: 'cancelled' };
};

export const cancelledOutcome: PermissionOutcome = { outcome: { outcome: 'cancelled' } };

export function readPermission(params: unknown): Permission {
  const p = fields(params);
  const toolCall = fields(p['toolCall']);
  const body = list(toolCall['content'])
    .map((block) => text(fields(fields(block)['content'])['text']))
    .filter((part) => part !== null)
    .join('\n');
  return {
    sessionId: text(p['sessionId']),
    toolCallId: text(toolCall['toolCallId']),
    toolCall,
    title: (text(toolCall['title']) ?? 'tool').slice(0, 500),
    body,
    options: list(p['options'])
      .map((option) => fields(option))
      .map((option) => ({
        id: text(option['optionId']) ?? '',
        kind: text(option['kind']) ?? '',
        label: (text(option['name']) ?? '').slice(0, 300),
      }))
      .filter((option) => option.id !== '')
      .slice(0, 50),
  };
}

/** Ids are the agent's own; only the kind means something. Nothing wider than what was decided is ever chosen. */
export function chooseOption(options: readonly PermissionOption[], decision: Decision): PermissionOutcome {
  const wanted: Record<Decision, readonly string[]> = {
    allow_once: ['allow_once'],
    allow_always: ['allow_always', 'allow_once'],
    reject: ['reject_once', 'reject_always'],
  };
  for (const kind of wanted[decision]) {
    const option = options.find((one) => one.kind === kind);
    if (option !== undefined) return { outcome: { outcome: 'selected', optionId: option.id } };
  }
  return cancelledOutcome;
}

/** What a sub-agent's own file says about a request that the protocol shows only in part. */
export type FullerRequest = {
  /** Under which the call is shown. */
  readonly id: string;
  readonly agent: string;
  readonly command: string | null;
  readonly paths: readonly string[];
};

/** The command as the request itself shows it: whole when it is short, else cut off with an ellipsis. */
function shownCommand(permission: Permission): { readonly text: string; readonly cut: boolean } | null {
  const match = /(?:^|\n)Requesting approval to (?:Running|Starting background): ([\s\S]*)$/.exec(
    permission.body,
  );
  const shown = match?.[1];
  if (shown === undefined) return null;
  return shown.endsWith('…') ? { text: shown.slice(0, -1), cut: true } : { text: shown, cut: false };
}

/** `false`: this is about another command than the one the request shows the beginning of. */
function agrees(permission: Permission, command: string | null): boolean {
  const shown = shownCommand(permission);
  if (shown === null || command === null) return shown === null;
  return shown.cut ? command.startsWith(shown.text) : command === shown.text;
}

/** Ids of different sub-agents may be the same; `null` unless exactly one request is the one shown. */
export function fullerOf(permission: Permission, found: readonly FullerRequest[]): FullerRequest | null {
  const fitting = found.filter((one) => agrees(permission, one.command));
  const last = fitting.at(-1) ?? null;
  return fitting.every((one) => one.command === last?.command && one.agent === last.agent) ? last : null;
}

/**
 * Builds what is shown to the person. The command comes from where it is whole: the call's input, its streamed arguments or the
 * session file, if what they say begins as the request does; failing that from the request's own text, which may be cut.
 */
export function approvalRequest(
  permission: Permission,
  card: ToolCard | null,
  fuller: FullerRequest | null,
): ApprovalRequest {
  const shown = shownCommand(permission);
  const known = fuller?.command ?? card?.command ?? null;
  const whole = known !== null && agrees(permission, known) ? known : null;
  const command = whole ?? (shown === null ? null : shown.cut ? `${shown.text}…` : shown.text);
  const paths = card !== null && card.paths.length > 0 ? card.paths : (fuller?.paths ?? []);
  return {
    id: permission.toolCallId ?? '',
    tool: card?.name ?? permission.title,
    summary: middleCut(permission.body || permission.title, 4_000),
    command,
    commandComplete: command === null || whole !== null || shown?.cut === false,
    paths,
    diff: diffText(permission.toolCall['content']),
    subagent: fuller !== null && fuller.agent !== 'main' ? fuller.agent : (card?.subagent ?? null),
  };
}

/** All that the file would hold, where the call says so; `null`: only a part of it, or nobody can tell. */
export function wholeContent(permission: Permission, card: ToolCard | null): string | null {
  const input = fields(permission.toolCall['rawInput'] ?? parseJson(card?.argsText ?? ''));
  const replaces = input['mode'] === undefined || input['mode'] === 'overwrite';
  return replaces ? text(input['content']) : null;
}

/** So that the question that shows it, which is cut at 20,000, still ends with its last lines. */
const MAX_DIFF = 19_000;

/**
 * Removed and added lines of the diff blocks; `null` without any. For reading, not for applying. What is too long for that is told
 * apart by its hash: an answer is about all of it.
 */
export function diffText(content: unknown): string | null {
  const parts = list(content)
    .map((block) => fields(block))
    .filter((block) => block['type'] === 'diff')
    .map((block) => {
      const path = text(block['path']) ?? '';
      const lines = (value: unknown, mark: string): string[] =>
        (text(value) ?? '')
          .replace(/\n$/, '')
          .split('\n')
          .filter((line, _, all) => all.length > 1 || line !== '')
          .map((line) => `${mark}${line}`);
      return [
        `--- ${path}`,
        `+++ ${path}`,
        ...lines(block['oldText'], '-'),
        ...lines(block['newText'], '+'),
      ].join('\n');
    });
  const whole = parts.join('\n');
  if (whole.length <= MAX_DIFF) return parts.length === 0 ? null : whole;
  const hash = createHash('sha256').update(whole).digest('hex');
  return `[Shown in part. SHA-256 of the whole: ${hash}]\n${middleCut(whole, MAX_DIFF)}`;
}

/** Kimi Code's way to ask when forms are not offered, and to have a plan approved: a permission whose options are the answers. */
export const isQuestion = (permission: Permission, quirks: Quirks): boolean =>
  (quirks.questionTitle !== null && permission.title === quirks.questionTitle) || isPlan(permission, quirks);

export const isPlan = (permission: Permission, quirks: Quirks): boolean =>
  quirks.planTitle !== null && permission.title === quirks.planTitle;

/** @param plan the options that send it back are answers too */
export function questionFromPermission(permission: Permission, plan: boolean): AgentQuestion {
  return {
    id: permission.toolCallId ?? '',
    questions: [
      {
        text: permission.body || permission.title,
        header: plan ? 'Plan' : '',
        options: permission.options
          .filter((option) => plan || option.kind !== 'reject_once')
          .map((option) => ({ label: option.label, description: '' })),
        multiSelect: false,
      },
    ],
  };
}

/** The option whose label was answered; `null` when the answer is in the person's own words, for which there is none. */
export function answerToOption(
  permission: Permission,
  answers: Readonly<Record<string, readonly string[]>>,
): PermissionOutcome | null {
  const [label, ...more] = Object.values(answers)[0] ?? [];
  const option = permission.options.find((one) => one.label === label);
  if (option === undefined || more.length > 0) return null;
  return { outcome: { outcome: 'selected', optionId: option.id } };
}
