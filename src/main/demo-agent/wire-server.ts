import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Turn } from './turn.ts';

const Message = z.object({
  id: z.string().optional(),
  method: z.string().optional(),
  params: z.record(z.string(), z.unknown()).optional(),
  result: z.record(z.string(), z.unknown()).optional(),
});
const Returned = z.object({ output: z.string() });

type Waiting = (result: Record<string, unknown>) => void;

/** A Wire 1.10 server on stdin and stdout that hands every prompt to `script`. Ends when stdin closes. */
export function serveWire(name: string, version: string, script: (turn: Turn) => Promise<void>): void {
  const waiting = new Map<string, Waiting>();
  let turn: { readonly ending: AbortController; readonly tell: (text: string) => void } | null = null;
  let ids = 0;
  let tools = false;
  const send = (message: object): void =>
    void process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const event = (type: string, payload: object): void => send({ method: 'event', params: { type, payload } });
  const request = (type: string, payload: object): Promise<Record<string, unknown>> => {
    const id = `demo-${(ids += 1)}`;
    send({ method: 'request', id, params: { type, payload: { id, ...payload } } });
    return new Promise((resolve) => waiting.set(id, resolve));
  };

  const makeTurn = ({ prompt, cancelled, told }: Pick<Turn, 'prompt' | 'cancelled' | 'told'>): Turn => ({
    prompt,
    cancelled,
    told,
    think: (think) => event('ContentPart', { type: 'think', think, encrypted: null }),
    say: (text) => event('ContentPart', { type: 'text', text }),
    raw: (text) => void process.stdout.write(text),
    async tool(toolName, args, run) {
      const id = `call_${(ids += 1)}`;
      event('ToolCall', {
        type: 'function',
        id,
        function: { name: toolName, arguments: JSON.stringify(args) },
        extras: null,
      });
      const { ok, output } = await run();
      event('ToolResult', {
        tool_call_id: id,
        return_value: { is_error: !ok, output, message: ok ? 'Done.' : 'Failed.', display: [], extras: null },
      });
      return ok;
    },
    async ask(question, options) {
      const answer = await request('QuestionRequest', {
        tool_call_id: `call_${(ids += 1)}`,
        questions: [
          {
            question,
            header: 'Question',
            options,
            multi_select: false,
            body: '',
            other_label: '',
            other_description: '',
          },
        ],
      });
      const answers = (answer['answers'] ?? {}) as Record<string, unknown>;
      const said = answers[question];
      return typeof said === 'string' ? said : null;
    },
    async approve(command) {
      const answer = await request('ApprovalRequest', {
        tool_call_id: `call_${(ids += 1)}`,
        sender: 'Shell',
        action: 'run command',
        description: `Run command \`${command}\``,
        source_kind: 'foreground_turn',
        source_id: 'demo',
        agent_id: null,
        subagent_type: null,
        source_description: null,
        display: [{ type: 'shell', language: 'bash', command }],
      });
      return answer['response'] === 'approve' || answer['response'] === 'approve_for_session';
    },
    async use(toolName, args) {
      if (!tools) return null;
      const answer = await request('ToolCallRequest', { name: toolName, arguments: JSON.stringify(args) });
      return Returned.safeParse(answer['return_value']).data?.output ?? '';
    },
    usage: (input, output) =>
      event('StatusUpdate', {
        context_usage: input / 131_072,
        context_tokens: input,
        max_context_tokens: 131_072,
        token_usage: { input_other: input, output, input_cache_read: 0, input_cache_creation: 0 },
        message_id: `demo-message-${(ids += 1)}`,
        plan_mode: false,
        mcp_status: null,
      }),
  });

  const prompt = async (id: string, text: string): Promise<void> => {
    const ending = new AbortController();
    let tell = (_: string): void => {};
    const told = new Promise<string>((resolve) => (tell = resolve));
    turn = { ending, tell };
    event('TurnBegin', { user_input: text });
    event('StepBegin', { n: 1 });
    await script(makeTurn({ prompt: text, cancelled: ending.signal, told }));
    const cancelled = ending.signal.aborted;
    turn = null;
    event('TurnEnd', {});
    send({ id, result: { status: cancelled ? 'cancelled' : 'finished' } });
  };

  createInterface({ input: process.stdin })
    .on('line', (line) => {
      const parsed = Message.safeParse(parse(line));
      if (!parsed.success)
        return send({ id: null, error: { code: -32700, message: 'Invalid JSON format', data: null } });
      const { id, method, params, result } = parsed.data;
      if (id !== undefined && method === undefined) {
        waiting.get(id)?.(result ?? {});
        waiting.delete(id);
        return;
      }
      if (id === undefined) return;
      switch (method ?? '') {
        case 'initialize':
          tools = params?.['external_tools'] !== undefined;
          return send({
            id,
            result: {
              protocol_version: '1.10',
              server: { name, version },
              slash_commands: [],
              hooks: { supported_events: [], configured: {} },
              capabilities: { supports_question: true },
            },
          });
        case 'prompt':
          if (turn)
            return send({
              id,
              error: { code: -32000, message: 'An agent turn is already in progress', data: null },
            });
          void prompt(id, textOf(params?.['user_input']));
          return;
        case 'cancel':
          if (!turn)
            return send({ id, error: { code: -32000, message: 'No agent turn is in progress', data: null } });
          send({ id, result: {} });
          turn.ending.abort();
          for (const [key, resolve] of waiting) {
            waiting.delete(key);
            resolve({});
          }
          return;
        case 'steer':
          if (!turn)
            return send({ id, error: { code: -32000, message: 'No agent turn is in progress', data: null } });
          send({ id, result: { status: 'steered' } });
          event('SteerInput', { user_input: textOf(params?.['user_input']) });
          turn.tell(textOf(params?.['user_input']));
          return;
        default:
          send({
            id,
            error: { code: -32601, message: `Unexpected method received: ${String(method)}`, data: null },
          });
      }
    })
    .on('close', () => process.exit(0));
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return null;
  }
}

/** A prompt is a string or a list of content parts. */
function textOf(input: unknown): string {
  if (typeof input === 'string') return input;
  if (!Array.isArray(input)) return '';
  return input
    .map((part: unknown) =>
      part !== null && typeof part === 'object' && 'text' in part ? String(part.text) : '',
    )
    .join('\n');
}
