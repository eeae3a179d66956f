import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { McpServer, openMcp } from './mcp-client.ts';
import type { Turn } from './turn.ts';

const Message = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  method: z.string().optional(),
  params: z.record(z.string(), z.unknown()).optional(),
  result: z.record(z.string(), z.unknown()).optional(),
});

const Hello = z.object({
  clientCapabilities: z.object({ elicitation: z.object({ form: z.unknown() }).optional() }).optional(),
});
const Picked = z.object({ outcome: z.object({ optionId: z.string() }) });
const Filled = z.object({ action: z.literal('accept'), content: z.object({ answer: z.string() }) });
const Text = z.object({ text: z.string() });

type Id = string | number;
type Waiting = (result: unknown) => void;

const kinds: Readonly<Record<string, string>> = {
  ReadFile: 'read',
  StrReplaceFile: 'edit',
  Shell: 'execute',
};
const words = (text: string): object[] => [{ type: 'content', content: { type: 'text', text } }];

/**
 * An Agent Client Protocol 1 server on stdin and stdout that hands every prompt to `script`: one session, one turn at a time. The
 * protocol has no token counts of its own, so only the size of the context is told. Ends when stdin closes.
 */
export function serveAcp(name: string, version: string, script: (turn: Turn) => Promise<void>): void {
  const waiting = new Map<Id, Waiting>();
  const sessionId = `demo-session-${randomUUID()}`;
  let forms = false;
  let servers: readonly McpServer[] = [];
  let turn: AbortController | null = null;
  let ids = 0;
  const send = (message: object): void =>
    void process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const refuse = (id: Id | null, code: number, message: string): void =>
    send({ id, error: { code, message } });
  const update = (sessionUpdate: string, rest: object): void =>
    send({ method: 'session/update', params: { sessionId, update: { sessionUpdate, ...rest } } });
  const chunk = (kind: string, text: string): void => update(kind, { content: { type: 'text', text } });
  const request = (method: string, params: object): Promise<unknown> => {
    const id = `demo-${(ids += 1)}`;
    send({ id, method, params: { sessionId, ...params } });
    return new Promise((resolve) => waiting.set(id, resolve));
  };
  /** The id of the option that was picked; `null` when the request was dismissed. */
  const pick = async (toolCall: object, options: readonly object[]): Promise<string | null> => {
    const answer = Picked.safeParse(await request('session/request_permission', { toolCall, options }));
    return answer.success ? answer.data.outcome.optionId : null;
  };

  const makeTurn = (prompt: string, cancelled: AbortSignal): Turn => ({
    prompt,
    cancelled,
    think: (text) => chunk('agent_thought_chunk', text),
    say: (text) => chunk('agent_message_chunk', text),
    raw: (text) => void process.stdout.write(text),
    async tool(toolName, args, run) {
      const toolCallId = `call_${(ids += 1)}`;
      const locations = 'path' in args ? [{ path: args.path }] : [];
      const kind = kinds[toolName] ?? 'other';
      update('tool_call', {
        toolCallId,
        title: toolName,
        kind,
        status: 'in_progress',
        locations,
        rawInput: args,
      });
      const { ok, output } = await run();
      update('tool_call_update', { toolCallId, status: ok ? 'completed' : 'failed', content: words(output) });
      return ok;
    },
    async ask(question, options) {
      const toolCallId = `call_${(ids += 1)}`;
      if (!forms) {
        const picked = await pick({ toolCallId, title: 'AskUserQuestion', content: words(question) }, [
          ...options.map(({ label }, at) => ({ optionId: `option-${at}`, name: label, kind: 'allow_once' })),
          { optionId: 'skip', name: 'Skip', kind: 'reject_once' },
        ]);
        return options.find((_, at) => `option-${at}` === picked)?.label ?? null;
      }
      const answer = {
        type: 'string',
        title: 'Question',
        oneOf: options.map(({ label, description }) => ({ const: label, title: label, description })),
      };
      const filled = Filled.safeParse(
        await request('elicitation/create', {
          toolCallId,
          mode: 'form',
          message: question,
          requestedSchema: { type: 'object', properties: { answer }, required: ['answer'] },
        }),
      );
      return filled.success ? filled.data.content.answer : null;
    },
    async approve(command) {
      const toolCallId = `call_${(ids += 1)}`;
      const toolCall = {
        toolCallId,
        title: 'Shell',
        kind: 'execute',
        status: 'pending',
        rawInput: { command },
        content: words(`Run command \`${command}\``),
      };
      const picked = await pick(toolCall, [
        { optionId: 'once', name: 'Allow once', kind: 'allow_once' },
        { optionId: 'always', name: 'Allow always', kind: 'allow_always' },
        { optionId: 'reject', name: 'Reject', kind: 'reject_once' },
      ]);
      const allowed = picked === 'once' || picked === 'always';
      update('tool_call_update', { toolCallId, status: allowed ? 'completed' : 'failed' });
      return allowed;
    },
    async use(toolName, args) {
      const [server] = servers;
      if (server === undefined) return null;
      const client = await openMcp(server);
      const { text } = await client.call(toolName, args);
      client.close();
      return text;
    },
    told: new Promise(() => {}),
    usage: (input) => update('usage_update', { used: input, size: 131_072 }),
  });

  const prompt = async (id: Id, text: string): Promise<void> => {
    turn = new AbortController();
    await script(makeTurn(text, turn.signal));
    const cancelled = turn.signal.aborted;
    turn = null;
    send({ id, result: { stopReason: cancelled ? 'cancelled' : 'end_turn' } });
  };

  const cancel = (): void => {
    turn?.abort();
    for (const [key, resolve] of waiting) {
      waiting.delete(key);
      resolve(null);
    }
  };

  const answer = (id: Id, method: string, params: Readonly<Record<string, unknown>>): void => {
    switch (method) {
      case 'initialize':
        forms = Hello.safeParse(params).data?.clientCapabilities?.elicitation?.form !== undefined;
        return send({
          id,
          result: {
            protocolVersion: 1,
            agentInfo: { name, version },
            agentCapabilities: { loadSession: false },
          },
        });
      case 'session/new':
        servers = z.array(McpServer).catch([]).parse(params['mcpServers']);
        return send({ id, result: { sessionId } });
      case 'session/prompt':
        if (params['sessionId'] !== sessionId) return refuse(id, -32602, 'There is no such session');
        if (turn) return refuse(id, -32600, 'An agent turn is already in progress');
        return void prompt(id, textOf(params['prompt']));
      default:
        return refuse(id, -32601, `Unexpected method received: ${method}`);
    }
  };

  createInterface({ input: process.stdin })
    .on('line', (line) => {
      const parsed = Message.safeParse(parse(line));
      if (!parsed.success) return refuse(null, -32700, 'Invalid JSON format');
      const { id, method, params, result } = parsed.data;
      if (method === undefined && id !== undefined) {
        waiting.get(id)?.(result);
        waiting.delete(id);
      } else if (method !== undefined && id !== undefined) answer(id, method, params ?? {});
      else if (method === 'session/cancel') cancel();
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

/** The texts of a prompt's content blocks. */
function textOf(blocks: unknown): string {
  if (!Array.isArray(blocks)) return '';
  return blocks.map((block: unknown) => Text.safeParse(block).data?.text ?? '').join('\n');
}
