import type { AgentEvent, ToolKind } from '../../../runtime/agent-backend.ts';
import type { TokenUsage } from '../../../../shared/goal/vocabulary.ts';
import { count, fields, list, middleCut, parseJson, text } from './foreign.ts';
import type { Fields } from './foreign.ts';
import type { TerminalReport } from './executor/terminals.ts';
import type { Quirks } from './quirks.ts';

/** What is known of one tool call, put together from everything the agent ever said about its id. */
export type ToolCard = Extract<AgentEvent, { type: 'tool' }> & {
  /** Raw arguments as streamed so far; complete JSON only at the end. */
  readonly argsText: string | null;
  /** Size of the arguments known so far, for the fallback meter. */
  readonly argsSize: number;
  /** The command that omk runs for this call. */
  readonly terminalId: string | null;
};

/** What is known of a command that omk runs; `null`: no such one. */
export type Served = (terminalId: string) => TerminalReport | null;

/** Tool calls of a session by id. Bounded: the oldest are forgotten. */
export type ToolBook = Map<string, ToolCard>;

export type Mapped = {
  readonly events: readonly AgentEvent[];
  /** Model speech, joined exactly as sent. */
  readonly said: string;
  /** Bytes the model produced: speech, thought and arguments of calls. */
  readonly streamedBytes: number;
  /** Something was done or said that is evidence of work in this turn. */
  readonly worked: boolean;
  /** Token counts of one model call, where the protocol carries them. */
  readonly usage: TokenUsage | null;
};

const MAX_CARDS = 2_000;
const MAX_OUTPUT = 16 * 1024;
const MAX_PATHS = 100;

const silent: Mapped = { events: [], said: '', streamedBytes: 0, worked: false, usage: null };

/** Kinds that are understood and need no event: the person sees nothing in them. */
const ignored = new Set([
  'user_message_chunk',
  'available_commands_update',
  'session_info_update',
  'config_option_update',
  'current_mode_update',
  'compaction_update',
  'compaction_summary_chunk',
]);

/** Maps one `session/update` to events; `book` is updated. Total: what is unknown or malformed is `unmapped`. */
export function mapUpdate(update: unknown, book: ToolBook, quirks: Quirks, served: Served): Mapped {
  const u = fields(update);
  const kind = text(u['sessionUpdate']) ?? 'missing';
  switch (kind) {
    case 'agent_message_chunk':
      return message(u, quirks);
    case 'agent_thought_chunk': {
      const delta = text(fields(u['content'])['text']) ?? '';
      return delta === ''
        ? silent
        : { ...silent, events: [{ type: 'thought', delta }], streamedBytes: Buffer.byteLength(delta) };
    }
    case 'tool_call':
    case 'tool_call_update': {
      const id = text(u['toolCallId']);
      if (id === null || id === '') return unmapped(kind);
      // A model that uses an id again means another call.
      if (kind === 'tool_call' && hasEnded(book.get(id))) book.delete(id);
      const before = book.get(id);
      const event = mapTool(u, book, quirks, served);
      const streamedBytes = (book.get(id)?.argsSize ?? 0) - (before?.argsSize ?? 0);
      return { ...silent, events: event === null ? [] : [event], streamedBytes, worked: true };
    }
    case 'plan':
      return { ...silent, events: [{ type: 'plan', items: planItems(u) }], worked: true };
    case 'usage_update': {
      const used = count(u['used']);
      const max = count(u['size']);
      return used === null || max === null
        ? unmapped(kind)
        : { ...silent, events: [{ type: 'context', used, max }] };
    }
    case 'notice': {
      const words = [text(u['title']), text(u['description'])].filter((part) => part !== null).join(': ');
      return words === ''
        ? unmapped(kind)
        : { ...silent, events: [{ type: 'notice', text: words.slice(0, 2_000) }] };
    }
    default:
      return ignored.has(kind) ? silent : unmapped(kind);
  }
}

const unmapped = (kind: string): Mapped => ({
  ...silent,
  events: [{ type: 'unmapped', name: `session/update ${kind.slice(0, 80)}` }],
});

function message(u: Fields, quirks: Quirks): Mapped {
  const usage = quirks.usage === 'chunk_meta' ? usageFromMeta(u) : null;
  const content = fields(u['content']);
  if (text(content['type']) !== 'text')
    return { ...unmapped(`agent_message_chunk ${text(content['type']) ?? ''}`), usage };
  const delta = text(content['text']) ?? '';
  if (delta === '') return { ...silent, usage };
  if (quirks.isNotice(delta)) return { ...silent, events: [{ type: 'notice', text: delta }], usage };
  const streamedBytes = Buffer.byteLength(delta);
  return {
    events: [{ type: 'text', delta }],
    said: delta,
    streamedBytes,
    worked: delta.trim() !== '',
    usage,
  };
}

/** Qwen Code: counts of one model call on a chunk with empty text; cached input is part of the input. */
function usageFromMeta(u: Fields): TokenUsage | null {
  const usage = fields(fields(u['_meta'])['usage']);
  const total = count(usage['inputTokens']);
  const output = count(usage['outputTokens']);
  if (total === null || output === null) return null;
  const cacheRead = Math.min(count(usage['cachedReadTokens']) ?? 0, total);
  return { input: total - cacheRead, output, cacheRead, cacheWrite: 0 };
}

/**
 * Merges what an update or a permission request says about a tool call. `null`: nothing a person would see has changed, or
 * there is no id. Ids never announced before are accepted: sub-agents and some agents send them.
 */
export function mapTool(u: Fields, book: ToolBook, quirks: Quirks, served: Served): AgentEvent | null {
  const id = text(u['toolCallId']);
  if (id === null || id === '') return null;
  const before = book.get(id) ?? null;
  const status = text(u['status']);
  const state = nextState(before?.state ?? null, status);
  const ended = state === 'ok' || state === 'failed';
  const body = contentText(u['content']);
  // Until the call ends, its content is the arguments streamed so far: replaced each time, not appended.
  const argsText = ended || body === null ? (before?.argsText ?? null) : body;
  const input = u['rawInput'] === undefined ? streamedInput(argsText) : fields(u['rawInput']);
  const name = metaName(u, quirks) ?? before?.name ?? (text(u['title']) ?? 'tool').slice(0, 200);
  const kind =
    before !== null && u['kind'] === undefined ? before.kind : toolKind(text(u['kind']) ?? '', name);
  const terminalId = terminalOf(u) ?? before?.terminalId ?? null;
  const ran = terminalId === null ? null : served(terminalId);
  const output =
    ran?.output ?? (ended ? (outputOf(u, body) ?? before?.output ?? null) : (before?.output ?? null));
  const exitCode =
    ended && ran === null && kind === 'execute'
      ? exitCodeOf(state, output, quirks)
      : (ran?.exitCode ?? before?.exitCode ?? null);
  const card: ToolCard = {
    type: 'tool',
    id,
    name,
    kind,
    state: state === 'ok' && exitCode !== null && exitCode !== 0 ? 'failed' : state,
    paths: pathsOf(u, input, before),
    command: commandOf(input) ?? before?.command ?? ran?.command ?? null,
    exitCode,
    output,
    subagent: before?.subagent ?? null,
    argsText: ended ? null : argsText,
    argsSize: Math.max(before?.argsSize ?? 0, argsText?.length ?? sizeOf(u['rawInput'])),
    terminalId,
  };
  book.set(id, card);
  forgetOldest(book);
  const event = withoutArgs(card);
  return before !== null && JSON.stringify(withoutArgs(before)) === JSON.stringify(event) ? null : event;
}

/** Arguments come as a text that grows, or whole: with the call, or with any later word of it. */
const sizeOf = (rawInput: unknown): number => (rawInput === undefined ? 0 : JSON.stringify(rawInput).length);

/** Most pieces are incomplete: parsing each would take time in the square of their length. */
const streamedInput = (argsText: string | null): Fields =>
  argsText?.trimEnd().endsWith('}') === true ? fields(parseJson(argsText)) : {};

export function withoutArgs(card: ToolCard): Extract<AgentEvent, { type: 'tool' }> {
  const { argsText: _argsText, argsSize: _argsSize, terminalId: _terminalId, ...event } = card;
  return event;
}

const hasEnded = (card: ToolCard | undefined): boolean => card?.state === 'ok' || card?.state === 'failed';

/** A call that has ended stays ended, whatever comes late. */
function nextState(before: ToolCard['state'] | null, status: string | null): ToolCard['state'] {
  if (before === 'ok' || before === 'failed') return before;
  if (status === 'completed') return 'ok';
  if (status === 'failed') return 'failed';
  if (status === 'in_progress') return 'running';
  return before ?? 'pending';
}

/** Elsewhere the first title is the tool's name; later ones are sentences ("Writing /a/b"). */
function metaName(u: Fields, quirks: Quirks): string | null {
  return quirks.toolNameInMeta ? (text(fields(u['_meta'])['toolName'])?.slice(0, 200) ?? null) : null;
}

function toolKind(kind: string, name: string): ToolKind {
  if (name === 'Glob' || name === 'Grep') return 'search';
  switch (kind) {
    case 'read':
    case 'edit':
    case 'execute':
    case 'search':
      return kind;
    case 'delete':
    case 'move':
      return 'edit';
    default:
      return 'other';
  }
}

function pathsOf(u: Fields, input: Fields, before: ToolCard | null): readonly string[] {
  const located = list(u['locations']).map((location) => text(fields(location)['path']));
  const diffed = list(u['content']).map((block) => text(fields(block)['path']));
  const named = [...located, ...diffed].filter((path) => path !== null && path !== '');
  const fallback = [text(input['path']), text(input['file_path'])].filter((path) => path !== null);
  const found =
    named.length > 0 ? named : before !== null && before.paths.length > 0 ? before.paths : fallback;
  return [...new Set(found.filter((path) => path !== null))].slice(0, MAX_PATHS);
}

function commandOf(input: Fields): string | null {
  const command = input['command'];
  if (Array.isArray(command)) return command.filter((part) => typeof part === 'string').join(' ');
  return text(command);
}

function contentText(content: unknown): string | null {
  const texts = list(content)
    .map((block) => fields(block))
    .filter((block) => text(block['type']) === 'content')
    .map((block) => text(fields(block['content'])['text']))
    .filter((part) => part !== null);
  return texts.length === 0 ? null : texts.join('\n');
}

function terminalOf(u: Fields): string | null {
  const block = list(u['content'])
    .map((one) => fields(one))
    .find((one) => one['type'] === 'terminal');
  return block === undefined ? null : text(block['terminalId']);
}

function outputOf(u: Fields, body: string | null): string | null {
  const raw = body ?? text(u['rawOutput']);
  return raw === null ? null : middleCut(raw, MAX_OUTPUT);
}

/** No agent gives the exit code as a number: it is in the last lines of the output, and a success says nothing. */
function exitCodeOf(state: ToolCard['state'], output: string | null, quirks: Quirks): number | null {
  const said = /(?:failed with exit code|^Exit Code): (-?\d+)/im.exec((output ?? '').slice(-2_000));
  if (said !== null) return Number(said[1]);
  return state === 'ok' && quirks.completedMeansExitZero ? 0 : null;
}

function planItems(u: Fields): Extract<AgentEvent, { type: 'plan' }>['items'] {
  return list(u['entries'])
    .map((entry) => fields(entry))
    .map((entry) => ({
      title: (text(entry['content']) ?? '').slice(0, 500),
      status: planStatus(text(entry['status'])),
    }))
    .filter((item) => item.title !== '')
    .slice(0, 200);
}

function planStatus(status: string | null): 'pending' | 'in_progress' | 'done' {
  if (status === 'completed') return 'done';
  return status === 'in_progress' ? 'in_progress' : 'pending';
}

function forgetOldest(book: ToolBook): void {
  if (book.size <= MAX_CARDS) return;
  const oldest = book.keys().next();
  if (oldest.done !== true) book.delete(oldest.value);
}
