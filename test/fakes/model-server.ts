import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { readFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { pathToFileURL } from 'node:url';

/** What the scripted model does for one request. Only what is given happens; a step without anything answers nothing. */
export type ModelStep = {
  /** Streamed in these pieces. */
  readonly text?: string | readonly string[];
  readonly thinking?: string;
  /** Tool calls; arguments are streamed in pieces. A string is sent as it is, also when it is no JSON. */
  readonly calls?: readonly {
    readonly name: string;
    readonly args: Readonly<Record<string, unknown>> | string;
    readonly id?: string;
  }[];
  /** Tokens it bills; `null`: reports none. */
  readonly usage?: { readonly prompt: number; readonly completion: number; readonly cached: number } | null;
  /** Answers with this HTTP status instead: always, or only the first `times` requests of this step. */
  readonly fail?: { readonly status: number; readonly message?: string; readonly times?: number };
  /** Says nothing more: before the first byte, or after what it streamed. */
  readonly hang?: 'before' | 'mid';
  /** Cuts the connection: before the first byte, or after what it streamed. */
  readonly cut?: 'before' | 'mid';
  readonly finish?: 'stop' | 'tool_calls' | 'length' | 'content_filter';
  /** ms between pieces. */
  readonly pace?: number;
};

export type ModelPrograms = Readonly<Record<string, readonly ModelStep[]>>;

export type ModelScript = {
  readonly programs: ModelPrograms;
  /** Which program answers a conversation without a tag: the first rule whose pattern is found in the last user message. */
  readonly rules?: readonly { readonly when: string; readonly program: string }[];
  readonly default?: string;
};

export type ModelRequest = {
  readonly program: string;
  readonly step: number;
  readonly status: number;
  readonly tools: readonly string[];
  readonly messages: readonly { readonly role: string; readonly text: string }[];
};

export type ModelServer = {
  /** OpenAI-compatible, `http://127.0.0.1:<port>/v1`. */
  readonly baseUrl: string;
  readonly requests: readonly ModelRequest[];
  /** Sum over answers that were sent to their end. */
  readonly billed: { readonly prompt: number; readonly completion: number; readonly cached: number };
  close(): Promise<void>;
};

const defaultUsage = { prompt: 1_000, completion: 20, cached: 0 };
const TAG = /\[\[([a-z0-9-]+)\]\]/g;

/**
 * A model on 127.0.0.1 that follows a script. It keeps no conversation: the last `[[program]]` in a user message says which
 * program runs, and the number of assistant messages after it says which step, so retries, restarts and resumes repeat.
 */
export async function startModelServer(script: ModelScript): Promise<ModelServer> {
  const requests: ModelRequest[] = [];
  const failures = new Map<string, number>();
  const billed = { prompt: 0, completion: 0, cached: 0 };
  const sockets = new Set<Socket>();

  const server: Server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!(request.url ?? '').endsWith('/chat/completions')) {
      response.writeHead(404).end();
      return;
    }
    const body = JSON.parse(await readAll(request)) as ChatBody;
    const messages = (body.messages ?? []).map((message) => ({ role: message.role, text: textOf(message) }));
    const { program, step } = place(messages, script);
    const todo = script.programs[program]?.[step] ?? { text: 'There is nothing left to do.' };
    const key = `${program}#${step}`;
    const failed = failures.get(key) ?? 0;
    const failing = todo.fail !== undefined && failed < (todo.fail.times ?? Number.POSITIVE_INFINITY);
    const status = failing && todo.fail !== undefined ? todo.fail.status : 200;
    requests.push({
      program,
      step,
      status,
      tools: (body.tools ?? []).map((tool) => tool.function?.name ?? ''),
      messages,
    });
    if (failing && todo.fail !== undefined) {
      failures.set(key, failed + 1);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ error: { message: todo.fail.message ?? `fake ${status}`, type: 'fake' } }),
      );
      return;
    }
    if (todo.hang === 'before') return;
    if (todo.cut === 'before') {
      response.destroy();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const delta of deltas(todo, key)) {
      if (response.destroyed) return;
      response.write(`data: ${JSON.stringify(chunk(delta, null))}\n\n`);
      if (todo.pace !== undefined) await new Promise((resolve) => setTimeout(resolve, todo.pace));
    }
    if (todo.hang === 'mid') return;
    if (todo.cut === 'mid') {
      response.destroy();
      return;
    }
    const finish = todo.finish ?? (todo.calls === undefined ? 'stop' : 'tool_calls');
    response.write(`data: ${JSON.stringify(chunk({}, finish))}\n\n`);
    const usage = todo.usage === undefined ? defaultUsage : todo.usage;
    if (usage !== null) {
      billed.prompt += usage.prompt;
      billed.completion += usage.completion;
      billed.cached += usage.cached;
      response.write(
        `data: ${JSON.stringify({ ...chunk({}, null), choices: [], usage: usageBody(usage) })}\n\n`,
      );
    }
    response.end('data: [DONE]\n\n');
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    billed,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Reads a script from a JSON file, so that a goal can be given a model by path. */
export function readScript(path: string): ModelScript {
  return JSON.parse(readFileSync(path, 'utf8')) as ModelScript;
}

type ChatMessage = { readonly role: string; readonly content?: unknown };
type ChatBody = {
  readonly messages?: readonly ChatMessage[];
  readonly tools?: readonly { readonly function?: { readonly name?: string } }[];
};

function place(messages: readonly { role: string; text: string }[], script: ModelScript) {
  const since = (from: number): number =>
    messages.slice(from + 1).filter((message) => message.role === 'assistant').length;
  const tagged = messages.findLastIndex(({ role, text }) => role === 'user' && text.search(TAG) >= 0);
  if (tagged >= 0) {
    const tags = [...(messages[tagged]?.text ?? '').matchAll(TAG)];
    return { program: tags.at(-1)?.[1] ?? '', step: since(tagged) };
  }
  const isPrompt = ({ role, text }: { role: string; text: string }): boolean =>
    role === 'user' && !text.startsWith('<system-reminder>');
  const asked = messages.findLastIndex(isPrompt);
  const words = messages[asked]?.text ?? '';
  const rule = script.rules?.find(({ when }) => new RegExp(when).test(words));
  return { program: rule?.program ?? script.default ?? '', step: since(asked) };
}

function* deltas(step: ModelStep, key: string): Generator<Record<string, unknown>> {
  yield { role: 'assistant', content: '' };
  if (step.thinking !== undefined) yield { reasoning_content: step.thinking };
  const texts = typeof step.text === 'string' ? [step.text] : (step.text ?? []);
  for (const content of texts) yield { content };
  for (const [index, call] of (step.calls ?? []).entries()) {
    const args = typeof call.args === 'string' ? call.args : JSON.stringify(call.args);
    const id = call.id ?? `call_${key.replaceAll(/\W/g, '_')}_${index}`;
    const half = Math.ceil(args.length / 2);
    const part = (value: Record<string, unknown>) => ({ tool_calls: [{ index, ...value }] });
    yield part({ id, type: 'function', function: { name: call.name, arguments: '' } });
    yield part({ function: { arguments: args.slice(0, half) } });
    if (half < args.length) yield part({ function: { arguments: args.slice(half) } });
  }
}

const chunk = (delta: Record<string, unknown>, finish: string | null) => ({
  id: 'chatcmpl-fake',
  object: 'chat.completion.chunk',
  created: 0,
  model: 'fake-model',
  choices: [{ index: 0, delta, finish_reason: finish }],
});

const usageBody = (usage: { prompt: number; completion: number; cached: number }) => ({
  prompt_tokens: usage.prompt,
  completion_tokens: usage.completion,
  total_tokens: usage.prompt + usage.completion,
  prompt_tokens_details: { cached_tokens: usage.cached },
});

function textOf(message: ChatMessage): string {
  if (typeof message.content === 'string') return message.content;
  if (!Array.isArray(message.content)) return '';
  return message.content
    .map((part: unknown) =>
      part !== null && typeof part === 'object' && 'text' in part ? String(part.text) : '',
    )
    .join('');
}

async function readAll(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

// As a program: `node test/fakes/model-server.ts script.json` serves until it is ended, and says where on its first line.
if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const path = process.argv[2];
  if (path === undefined) {
    console.error('usage: node test/fakes/model-server.ts SCRIPT.json');
    process.exit(2);
  }
  const { baseUrl } = await startModelServer(readScript(path));
  console.log(JSON.stringify({ baseUrl }));
}
