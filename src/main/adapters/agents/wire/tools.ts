import type { AgentEvent, ToolKind } from '../../../runtime/agent-backend.ts';
import type { Display } from './schema.ts';

export type ToolEvent = Extract<AgentEvent, { type: 'tool' }>;

/** One tool call while its arguments arrive in pieces. */
export type ToolCard = {
  readonly event: ToolEvent;
  /** Pieces not yet understood; `null` once the arguments are known. */
  readonly pieces: readonly string[] | null;
};

const kinds: Readonly<Record<string, ToolKind>> = {
  Shell: 'execute',
  Bash: 'execute',
  WriteFile: 'edit',
  StrReplaceFile: 'edit',
  Write: 'edit',
  Edit: 'edit',
  ReadFile: 'read',
  ReadMediaFile: 'read',
  Read: 'read',
  Glob: 'search',
  Grep: 'search',
};

export const toolKind = (name: string): ToolKind => kinds[name] ?? 'other';

/** Long outputs are in the transcript; this much is for a person to read. */
const MAX_OUTPUT = 64 * 1024;
const MAX_PATHS = 50;
/** Larger arguments are only looked at once they are complete beyond doubt. */
const MAX_EAGER = 256 * 1024;

export function newCard(id: string, name: string, args: string, subagent: string | null): ToolCard {
  const event: ToolEvent = {
    type: 'tool',
    id,
    name: name.slice(0, 200),
    kind: toolKind(name),
    state: 'pending',
    paths: [],
    command: null,
    exitCode: null,
    output: null,
    subagent,
  };
  return understand({ event, pieces: [args] }, false);
}

export function addPiece(card: ToolCard, piece: string): ToolCard {
  if (card.pieces === null) return card;
  return understand({ ...card, pieces: [...card.pieces, piece] }, false);
}

/** Reads the arguments once they are complete; `force` when nothing more can come. */
export function understand(card: ToolCard, force: boolean): ToolCard {
  if (card.pieces === null) return card;
  const last = card.pieces.at(-1) ?? '';
  const size = card.pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (!force && (!last.trimEnd().endsWith('}') || size > MAX_EAGER)) return card;
  const args = parseObject(card.pieces.join(''));
  if (args === null) return force ? { event: { ...card.event, state: 'running' }, pieces: null } : card;
  const command = textOf(args['command']);
  return {
    pieces: null,
    event: {
      ...card.event,
      state: 'running',
      paths: pathsOf(args),
      command: card.event.kind === 'execute' ? command : null,
    },
  };
}

export function finish(
  card: ToolCard,
  o: {
    readonly failed: boolean;
    readonly output: unknown;
    readonly message: string;
    readonly display: readonly Display[];
  },
): ToolEvent {
  const { event } = understand(card, true);
  const shown =
    event.paths.length > 0 ? [] : o.display.flatMap((block) => (block.type === 'diff' ? [block.path] : []));
  const output = outputText(o.output) || o.message;
  return {
    ...event,
    state: o.failed ? 'failed' : 'ok',
    paths: [...event.paths, ...shown].slice(0, MAX_PATHS),
    exitCode: exitCode(event.kind, o.failed, o.message),
    output: output === '' ? null : middleCut(output),
  };
}

/** The protocol has no number for it: the message names a failed one, and only success is left unsaid. */
function exitCode(kind: ToolKind, failed: boolean, message: string): number | null {
  if (kind !== 'execute') return null;
  const named = /exit code:? (-?\d+)/i.exec(message)?.[1];
  if (named !== undefined) return Number(named);
  return failed ? null : 0;
}

function outputText(output: unknown): string {
  if (typeof output === 'string') return output;
  if (!Array.isArray(output)) return '';
  return output.map((part) => textOf((part as { readonly text?: unknown } | null)?.text) ?? '').join('');
}

function pathsOf(args: Readonly<Record<string, unknown>>): readonly string[] {
  const named = [args['path'], args['file_path'], args['directory'], args['paths']].flat();
  return [...new Set(named.filter((path) => typeof path === 'string' && path !== ''))].slice(
    0,
    MAX_PATHS,
  ) as string[];
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : null;
  } catch {
    return null; // incomplete, or the model wrote no JSON: the tool itself will say so
  }
}

function middleCut(text: string): string {
  if (text.length <= MAX_OUTPUT) return text;
  const half = MAX_OUTPUT / 2;
  return `${text.slice(0, half)}\n[… ${text.length - MAX_OUTPUT} characters left out …]\n${text.slice(-half)}`;
}
