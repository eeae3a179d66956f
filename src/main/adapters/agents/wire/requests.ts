import type { AgentEvent, AgentHost, AgentQuestion } from '../../../runtime/agent-backend.ts';
import type { Answer } from './client.ts';
import { settleTool } from './map.ts';
import type { WireBook } from './map.ts';
import { ApprovalRequest, Envelope, QuestionRequest, ToolCallRequest, displays } from './schema.ts';
import type { Display } from './schema.ts';

/** What the agent asks of us, each with a deadline and a safe answer. */
export type WireRequests = {
  answer(params: unknown): Promise<Answer>;
  /** Questions to a person that are open; a turn that waits for a person is not stalled. */
  readonly pending: number;
  /** The turn is over: whoever is asked need not answer any more. */
  cancelAll(): void;
};

/** Without words a rejected call ends the turn on the spot (agents.md §5.3); with them the agent finds another way. */
const notNow = 'Nobody answered. Go on without it, or do it in another way.';

export function createWireRequests(o: {
  readonly host: AgentHost;
  readonly book: WireBook;
  readonly deadlineMs: number;
  /** `false`: nobody asked the agent to do anything just now. */
  readonly inTurn: () => boolean;
  readonly emit: (event: AgentEvent) => void;
  readonly onSettled: () => void;
}): WireRequests {
  const open = new Set<AbortController>();

  /** Asks the host; `null` on time-out, cancel or a host that fails. */
  async function put<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
    const controller = new AbortController();
    open.add(controller);
    const given = new Promise<null>((resolve) => {
      controller.signal.addEventListener('abort', () => resolve(null), { once: true });
    });
    const timer = setTimeout(() => controller.abort('deadline'), o.deadlineMs);
    try {
      return await Promise.race([ask(controller.signal), given]);
    } catch {
      return null; // a host that cannot ask anybody has got no answer
    } finally {
      clearTimeout(timer);
      open.delete(controller);
      o.onSettled();
    }
  }

  async function approve(payload: unknown): Promise<Answer> {
    const request = ApprovalRequest.safeParse(payload).data;
    if (request === undefined) return unknown('ApprovalRequest');
    const reject = (feedback: string | null): Answer => ({
      result: { request_id: request.id, response: 'reject', ...(feedback === null ? {} : { feedback }) },
    });
    if (!o.inTurn()) return reject(notNow);
    for (const event of settleTool(o.book, request.tool_call_id ?? '')) o.emit(event);
    const answer = await put((signal) => o.host.approve(describe(request, o.book), signal));
    if (answer === null || answer.decision === 'reject')
      return reject(answer === null ? notNow : answer.feedback);
    const response = answer.decision === 'allow_always' ? 'approve_for_session' : 'approve';
    return { result: { request_id: request.id, response } };
  }

  async function ask(payload: unknown): Promise<Answer> {
    const request = QuestionRequest.safeParse(payload).data;
    if (request === undefined) return unknown('QuestionRequest');
    const question: AgentQuestion = {
      id: request.id,
      questions: request.questions.slice(0, 20).map((one) => ({
        text: one.question,
        header: one.header ?? '',
        options: one.options.map(({ label, description }) => ({ label, description: description ?? '' })),
        multiSelect: one.multi_select,
      })),
    };
    const answers = o.inTurn() ? await put((signal) => o.host.ask(question, signal)) : null;
    const given = Object.entries(answers ?? {}).filter(([, labels]) => labels.length > 0);
    return {
      result: {
        request_id: request.id,
        answers: Object.fromEntries(given.map(([text, labels]) => [text, labels.join(', ')])),
      },
    };
  }

  async function callTool(payload: unknown): Promise<Answer> {
    const request = ToolCallRequest.safeParse(payload).data;
    const { tools } = o.host;
    if (request === undefined || tools === undefined)
      return { error: { code: -32601, message: 'omk offers no such tool.' } };
    const said = o.inTurn()
      ? await put((signal) => tools.call(request.name, readArguments(request.arguments), signal))
      : null;
    const { ok, output } = said ?? { ok: false, output: notNow };
    return {
      result: {
        tool_call_id: request.id,
        return_value: { is_error: !ok, output, message: ok ? '' : output, display: [] },
      },
    };
  }

  const unknown = (type: string): Answer => {
    o.emit({ type: 'unmapped', name: type.slice(0, 100) });
    return { error: { code: -32601, message: `omk does not know the request ${type.slice(0, 100)}.` } };
  };

  return {
    async answer(params) {
      const envelope = Envelope.safeParse(params).data;
      if (envelope === undefined) return unknown('without a type');
      const { type, payload } = envelope;
      switch (type) {
        case 'ApprovalRequest':
          return approve(payload);
        case 'QuestionRequest':
          return ask(payload);
        case 'HookRequest':
          return { result: { request_id: payload['id'] ?? '', action: 'allow', reason: '' } };
        case 'ToolCallRequest':
          return callTool(payload);
        default:
          return unknown(type);
      }
    },
    get pending() {
      return open.size;
    },
    cancelAll() {
      for (const controller of open) controller.abort('cancelled');
    },
  };
}

/** Arguments are a JSON text; what is none stays what it is and is refused by the tool. */
function readArguments(text: string | null | undefined): unknown {
  if (text === null || text === undefined || text.trim() === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function describe(request: ApprovalRequest, book: WireBook): Parameters<AgentHost['approve']>[0] {
  const shown = displays(request.display);
  const card = book.tools.get(request.tool_call_id ?? '')?.event;
  const shell = shown.find((block) => block.type === 'shell');
  const command = shell?.command ?? card?.command ?? null;
  const runs = card?.kind === 'execute' || /^(?:Shell|Bash)$/.test(request.sender ?? '');
  const paths = shown.flatMap((block) => (block.type === 'diff' ? [block.path] : []));
  return {
    id: request.id,
    tool: request.sender ?? card?.name ?? 'tool',
    summary: (request.description ?? '').slice(0, 8_000),
    command: command ?? (runs ? (request.description ?? null) : null),
    // Wire sends the whole command (agents.md §5.3); a mere description of one is not it.
    commandComplete: command !== null || !runs,
    paths: paths.length > 0 ? paths : (card?.paths ?? []),
    diff: diffText(shown),
    subagent: request.agent_id ?? null,
  };
}

function diffText(blocks: readonly Display[]): string | null {
  const parts = blocks.flatMap((block) =>
    block.type === 'diff'
      ? [
          [
            `--- ${block.path}`,
            `+++ ${block.path}`,
            ...lines('-', block.old_text ?? ''),
            ...lines('+', block.new_text ?? ''),
          ].join('\n'),
        ]
      : [],
  );
  return parts.length === 0 ? null : parts.join('\n').slice(0, 100_000);
}

const lines = (sign: string, text: string): readonly string[] =>
  text === '' ? [] : text.split('\n').map((line) => `${sign}${line}`);
