import type { AgentEvent } from '../../../runtime/agent-backend.ts';
import type { TokenUsage } from '../../../../shared/goal/vocabulary.ts';
import {
  ContentPart,
  Envelope,
  StatusUpdate,
  StepBegin,
  StepRetry,
  SubagentEvent,
  ToolCall,
  ToolCallPart,
  ToolResult,
  displays,
} from './schema.ts';
import type { Display } from './schema.ts';
import { addPiece, finish, newCard, understand } from './tools.ts';
import type { ToolCard } from './tools.ts';

/** What the mapper remembers between messages of one session. */
export type WireBook = {
  readonly tools: Map<string, ToolCard>;
  /** The call whose arguments still arrive, per agent; the protocol gives the pieces no id. */
  readonly open: Map<string, string>;
  /** Turn and step per agent: the place of a usage report that has no id of its own. */
  readonly turns: Map<string, number>;
  readonly steps: Map<string, number>;
  readonly counted: Set<string>;
};

export const newBook = (): WireBook => ({
  tools: new Map(),
  open: new Map(),
  turns: new Map(),
  steps: new Map(),
  counted: new Set(),
});

export type Mapped = {
  readonly events: readonly AgentEvent[];
  /** Model text of the main agent, which is the answer. */
  readonly said: string;
  /** Bytes any agent streamed, for the fallback meter. */
  readonly streamedBytes: number;
  /** A word or a tool: the turn was not empty. */
  readonly worked: boolean;
  /** Counted for the first time; ids are unique within the session. */
  readonly usage: { readonly id: string; readonly delta: TokenUsage } | null;
  readonly turn: 'begin' | 'end' | null;
};

const nothing: Mapped = { events: [], said: '', streamedBytes: 0, worked: false, usage: null, turn: null };
const MAIN = '';
const MAX_CARDS = 2_000;
/** Sub-agents of sub-agents; a message nested deeper than that was made to overflow something. */
const MAX_DEPTH = 8;

/** Whose message it is. */
type Place = { readonly book: WireBook; readonly agent: string; readonly depth: number };

/** Maps one `event`. Total: what is not understood becomes `unmapped`, and what has no counterpart becomes nothing. */
export function mapEvent(params: unknown, book: WireBook): Mapped {
  const envelope = Envelope.safeParse(params);
  if (!envelope.success) return unmapped('event without a type');
  return mapTyped(envelope.data.type, envelope.data.payload, { book, agent: MAIN, depth: 0 });
}

function mapTyped(type: string, payload: Readonly<Record<string, unknown>>, place: Place): Mapped {
  const settled = type === 'ToolCallPart' ? [] : settleOpen(place.book, place.agent);
  const mapped = mapOne(type, payload, place);
  return settled.length === 0 ? mapped : { ...mapped, events: [...settled, ...mapped.events] };
}

function mapOne(type: string, payload: Readonly<Record<string, unknown>>, place: Place): Mapped {
  const { book, agent } = place;
  switch (type) {
    case 'TurnBegin':
      // A sub-agent that is asked again begins a turn of its own within ours, under the id it had.
      book.turns.set(agent, (book.turns.get(agent) ?? 0) + 1);
      book.steps.set(agent, 0);
      return agent === MAIN ? { ...nothing, turn: 'begin' } : nothing;
    case 'TurnEnd':
      return agent === MAIN ? { ...nothing, turn: 'end' } : nothing;
    case 'StepBegin':
      book.steps.set(agent, StepBegin.safeParse(payload).data?.n ?? 0);
      return nothing;
    case 'ContentPart':
      return content(payload, agent);
    case 'ToolCall':
      return toolCall(payload, book, agent);
    case 'ToolCallPart':
      return toolCallPart(payload, book, agent);
    case 'ToolResult':
      return toolResult(payload, book, agent);
    case 'StatusUpdate':
      return status(payload, book, agent);
    case 'StepRetry':
      return retry(payload);
    case 'SubagentEvent':
      return subagent(payload, place);
    case 'CompactionBegin':
      return notice('The agent shortens its conversation to make room.');
    case 'PlanDisplay':
      return notice(typeof payload['content'] === 'string' ? payload['content'].slice(0, 20_000) : '');
    // Said by other messages already: the end of the turn, the tool results, what omk itself answered or sent.
    case 'StepInterrupted':
    case 'CompactionEnd':
    case 'ApprovalResponse':
    case 'ApprovalRequestResolved':
    case 'SteerInput':
    case 'HookTriggered':
    case 'HookResolved':
      return nothing;
    default:
      return unmapped(type);
  }
}

/** Arguments are complete as soon as the agent says anything else: the tool then shows as running, with its command. */
function settleOpen(book: WireBook, agent: string): readonly AgentEvent[] {
  const id = book.open.get(agent);
  book.open.delete(agent);
  const card = id === undefined ? undefined : book.tools.get(id);
  if (id === undefined || card === undefined || card.pieces === null) return [];
  const known = understand(card, true);
  book.tools.set(id, known);
  return [known.event];
}

/** The same before a request that is about the call, so that a person sees what it is about. */
export function settleTool(book: WireBook, toolCallId: string): readonly AgentEvent[] {
  for (const [agent, id] of book.open) if (id === toolCallId) return settleOpen(book, agent);
  return [];
}

function content(payload: Readonly<Record<string, unknown>>, agent: string): Mapped {
  const part = ContentPart.safeParse(payload).data;
  if (part === undefined)
    return unmapped(typeof payload['type'] === 'string' ? `ContentPart ${payload['type']}` : 'ContentPart');
  const delta = part.type === 'text' ? part.text : part.think;
  if (delta === '') return nothing;
  const streamedBytes = Buffer.byteLength(delta);
  // A sub-agent's words are not the answer; its tools and its tokens are what is shown of it.
  if (agent !== MAIN) return { ...nothing, streamedBytes };
  return part.type === 'text'
    ? {
        ...nothing,
        events: [{ type: 'text', delta }],
        said: delta,
        streamedBytes,
        worked: delta.trim() !== '',
      }
    : { ...nothing, events: [{ type: 'thought', delta }], streamedBytes };
}

function toolCall(payload: Readonly<Record<string, unknown>>, book: WireBook, agent: string): Mapped {
  const call = ToolCall.safeParse(payload).data;
  if (call === undefined) return unmapped('ToolCall');
  const card = newCard(
    call.id,
    call.function.name,
    call.function.arguments ?? '',
    agent === MAIN ? null : agent,
  );
  book.tools.set(call.id, card);
  book.open.set(agent, call.id);
  forgetOldest(book.tools);
  return {
    ...nothing,
    events: [card.event],
    worked: true,
    streamedBytes: (call.function.arguments ?? '').length,
  };
}

function toolCallPart(payload: Readonly<Record<string, unknown>>, book: WireBook, agent: string): Mapped {
  const piece = ToolCallPart.safeParse(payload).data?.arguments_part ?? '';
  const id = book.open.get(agent);
  const card = id === undefined ? undefined : book.tools.get(id);
  if (id === undefined || card === undefined) return nothing;
  const known = addPiece(card, piece);
  book.tools.set(id, known);
  const streamedBytes = Buffer.byteLength(piece);
  return known.pieces === null && card.pieces !== null
    ? { ...nothing, events: [known.event], streamedBytes }
    : { ...nothing, streamedBytes };
}

function toolResult(payload: Readonly<Record<string, unknown>>, book: WireBook, agent: string): Mapped {
  const result = ToolResult.safeParse(payload).data;
  if (result === undefined) return unmapped('ToolResult');
  const { is_error, output, message, display } = result.return_value;
  const known = displays(display);
  const card =
    book.tools.get(result.tool_call_id) ??
    newCard(result.tool_call_id, 'tool', '', agent === MAIN ? null : agent);
  const event = finish(card, { failed: is_error, output, message: message ?? '', display: known });
  book.tools.set(result.tool_call_id, { event, pieces: null });
  return { ...nothing, events: [event, ...plans(known)], worked: true };
}

function plans(blocks: readonly Display[]): readonly AgentEvent[] {
  return blocks.flatMap((block): AgentEvent[] =>
    block.type === 'todo'
      ? [
          {
            type: 'plan',
            items: block.items.slice(0, 200).map(({ title, status: said }) => ({
              title: title.slice(0, 500),
              status: planStatus(said ?? ''),
            })),
          },
        ]
      : [],
  );
}

function planStatus(said: string): 'pending' | 'in_progress' | 'done' {
  if (/^(?:done|completed)$/i.test(said)) return 'done';
  return /^in.?progress$/i.test(said) ? 'in_progress' : 'pending';
}

/** `token_usage` is of one step (agents.md §5.3), so every report adds; the same report twice adds once. */
function status(payload: Readonly<Record<string, unknown>>, book: WireBook, agent: string): Mapped {
  const update = StatusUpdate.safeParse(payload).data;
  if (update === undefined) return unmapped('StatusUpdate');
  const events: AgentEvent[] = [];
  const { context_tokens: used, max_context_tokens: max, token_usage: tokens } = update;
  if (agent === MAIN && used != null && max != null) events.push({ type: 'context', used, max });
  if (tokens == null || (tokens.input_other == null && tokens.output == null)) return { ...nothing, events };
  const id = `${book.turns.get(agent) ?? 0}.${book.steps.get(agent) ?? 0}/${agent}/${update.message_id ?? ''}`;
  if (book.counted.has(id)) return { ...nothing, events };
  book.counted.add(id);
  const whole = (value: number | null | undefined): number => Math.max(0, Math.round(value ?? 0));
  const delta: TokenUsage = {
    input: whole(tokens.input_other),
    output: whole(tokens.output),
    cacheRead: whole(tokens.input_cache_read),
    cacheWrite: whole(tokens.input_cache_creation),
  };
  return { ...nothing, events, usage: { id, delta } };
}

function retry(payload: Readonly<Record<string, unknown>>): Mapped {
  const said = StepRetry.safeParse(payload).data;
  const attempt = said?.next_attempt ?? 0;
  const error = [said?.error_type, said?.status_code].filter((part) => part != null).join(' ');
  return { ...nothing, events: [{ type: 'retry', attempt, max: said?.max_attempts ?? attempt, error }] };
}

function subagent(payload: Readonly<Record<string, unknown>>, { book, depth }: Place): Mapped {
  const wrapped = SubagentEvent.safeParse(payload).data;
  if (wrapped === undefined || depth >= MAX_DEPTH) return unmapped('SubagentEvent');
  const agent = wrapped.agent_id ?? wrapped.parent_tool_call_id ?? '';
  const place = { book, agent: agent === MAIN ? 'subagent' : agent, depth: depth + 1 };
  return mapTyped(wrapped.event.type, wrapped.event.payload, place);
}

const notice = (text: string): Mapped =>
  text === '' ? nothing : { ...nothing, events: [{ type: 'notice', text }] };

const unmapped = (name: string): Mapped => ({
  ...nothing,
  events: [{ type: 'unmapped', name: name.slice(0, 100) }],
});

function forgetOldest(tools: Map<string, ToolCard>): void {
  if (tools.size <= MAX_CARDS) return;
  const oldest = tools.keys().next();
  if (oldest.done !== true) tools.delete(oldest.value);
}
