import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createRecords } from './acp-records.ts';
import type { McpServer } from '../../src/main/demo-agent/mcp-client.ts';

/** The side of the Agent Client Protocol that an agent speaks, in the shapes and the order of Kimi Code 2.1.0. */

export type Message = Readonly<Record<string, unknown>>;

export type Answer = { readonly result?: Message; readonly error?: Message };

export type Turn = {
  readonly number: number;
  /** Of the agent's own numbering, from 0; part of tool call ids. */
  readonly id: number;
  readonly text: string;
  readonly sessionId: string;
  /** As the client named them for this session. */
  readonly mcpServers: readonly McpServer[];
  readonly cancelled: AbortSignal;
  /** Prompts of this conversation before this one, those of earlier processes included. */
  readonly before: number;
  /** The mode the session is in when the turn begins. */
  readonly mode: string;
  /** Kimi Code leaves its plan mode without a word. */
  leavePlan(): void;
  update(update: Message): void;
  say(text: string): void;
  think(text: string): void;
  /** Sends a request and waits for its answer; never settles if none comes. */
  ask(method: string, params: Message, id?: string | number): Promise<Answer>;
  /** A whole tool call as Kimi Code streams it: name, arguments in pieces, then the call itself. */
  call(id: string, name: string, kind: string, args: Message): string;
  result(toolCallId: string, text: string, o?: { readonly failed?: boolean; readonly path?: string }): void;
  /** A line of the session file of one agent of this session. */
  record(record: Message, agent?: string): void;
  usage(tokens: readonly [input: number, output: number, cacheRead: number] | null, agent?: string): void;
  raw(bytes: string | Uint8Array): Promise<void>;
};

export type Ending =
  | { readonly stopReason: string; readonly failed?: Message; readonly unrecorded?: boolean }
  | { readonly code: number; readonly message: string; readonly data?: Message; readonly failed?: Message };

export type Agent = {
  readonly play: (turn: Turn) => Promise<Ending | void>;
  /** `false`: cancel, the end of input and TERM are ignored. */
  readonly listens?: boolean;
  /** After the turn was answered as cancelled. */
  readonly afterCancel?: (turn: Turn) => void;
  /** Answers to the handshake by method, in place of the usual ones; `null`: no answer at all. */
  readonly handshake?: Readonly<Record<string, Answer | null>>;
  /** A request that is answered the first time only. */
  readonly onceOnly?: string;
  /** The prompt of this turn is not begun, and so not recorded. */
  readonly queues?: (turn: Turn) => boolean;
  /** After the turn was answered in another way. */
  readonly afterTurn?: (turn: Turn) => void;
  /** Numbers of requests come back as text. */
  readonly textIds?: boolean;
  /** ms from an answer to the record of the turn's end; Kimi Code needs 8 to 19. */
  readonly recordAfterMs?: number;
  /** No session file. */
  readonly noRecords?: boolean;
};

const modes = ['default', 'plan', 'auto', 'yolo'].map((id) => ({ id, name: id }));

export function serve(agent: Agent): void {
  let sessionId = '';
  let turns = 0;
  let asked = 0;
  let mode = 'default';
  let mcpServers: readonly McpServer[] = [];
  const done = new Set<string>();
  let active: AbortController | null = null;
  const waiting = new Map<string | number, (answer: Answer) => void>();

  const send = (message: Message): void => {
    process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  };
  const reply = (id: unknown, answer: Answer): void =>
    send({ id: agent.textIds === true ? String(id) : id, ...answer });

  const records = createRecords(() => sessionId, agent.noRecords !== true);
  const record = records.add;

  const makeTurn = (text: string, cancelled: AbortSignal): Turn => {
    turns += 1;
    const number = turns;
    const before = records.prompts();
    const update = (body: Message): void =>
      send({ method: 'session/update', params: { sessionId, update: body } });
    const chunk = (kind: string, words: string): void =>
      update({ sessionUpdate: kind, content: { type: 'text', text: words } });
    const content = (words: string) => [{ type: 'content', content: { type: 'text', text: words } }];
    return {
      number,
      id: number - 1,
      text,
      sessionId,
      mcpServers,
      cancelled,
      before,
      mode,
      leavePlan: () => (mode = 'default'),
      update,
      say: (words) => chunk('agent_message_chunk', words),
      think: (words) => chunk('agent_thought_chunk', words),
      ask(method, params, own) {
        const id = own ?? asked;
        asked += 1;
        send({ id, method, params: { sessionId, ...params } });
        return new Promise((resolve) => waiting.set(id, resolve));
      },
      call(id, name, kind, args) {
        const toolCallId = `${number - 1}:${id}`;
        const json = JSON.stringify(args);
        const path = typeof args['path'] === 'string' ? join(process.cwd(), args['path']) : null;
        update({
          sessionUpdate: 'tool_call',
          toolCallId,
          title: name,
          kind,
          status: 'pending',
          content: content(''),
        });
        const half = Math.ceil(json.length / 2);
        for (const end of [half, json.length]) {
          update({
            sessionUpdate: 'tool_call_update',
            toolCallId,
            status: 'in_progress',
            content: content(json.slice(0, end)),
          });
        }
        update({
          sessionUpdate: 'tool_call_update',
          toolCallId,
          title: kind === 'execute' ? `Running: ${String(args['command'])}` : `Using ${name}`,
          kind,
          status: 'in_progress',
          rawInput: args,
          ...(path === null ? {} : { locations: [{ path }] }),
          content: content(json),
        });
        return toolCallId;
      },
      result(toolCallId, words, o = {}) {
        update({
          sessionUpdate: 'tool_call_update',
          toolCallId,
          status: o.failed === true ? 'failed' : 'completed',
          content: content(words),
          rawOutput: words,
          ...(o.path === undefined ? {} : { locations: [{ path: o.path }] }),
        });
      },
      record,
      usage(tokens, name) {
        const [inputOther, output, inputCacheRead] = tokens ?? [0, 0, 0];
        record(
          {
            type: 'usage.record',
            model: 'fake',
            usage: { inputOther, output, inputCacheRead, inputCacheCreation: 0 },
            usageScope: 'turn',
          },
          name,
        );
      },
      raw: (bytes) => new Promise((resolve) => void process.stdout.write(bytes, () => resolve())),
    };
  };

  const runTurn = async (id: unknown, text: string): Promise<void> => {
    const cancel = new AbortController();
    const turn = makeTurn(text, cancel.signal);
    active = cancel;
    process.send?.('turn');
    if (agent.queues?.(turn) !== true) {
      const prompt = {
        input: [{ type: 'text', text }],
        origin: { kind: 'user' },
        promptId: `msg_${turn.number}`,
      };
      record({ type: 'turn.prompt', turnId: turn.id, ...prompt });
    }
    const aborted = new Promise<'cancelled'>((resolve) =>
      cancel.signal.addEventListener('abort', () => resolve('cancelled')),
    );
    const ending = (await Promise.race([agent.play(turn), aborted])) ?? { stopReason: 'end_turn' };
    active = null;
    // Kimi Code answers first and writes the end of the turn a moment later.
    const end = (reason: string, error?: Message): void => {
      setTimeout(
        () =>
          record({ type: 'turn.ended', turnId: turn.id, reason, ...(error === undefined ? {} : { error }) }),
        agent.recordAfterMs ?? 10,
      );
    };
    if (ending === 'cancelled') {
      reply(id, { result: { stopReason: 'cancelled' } });
      end('cancelled');
      agent.afterCancel?.(turn);
      return;
    }
    if ('code' in ending) {
      reply(id, { error: { code: ending.code, message: ending.message, data: ending.data } });
    } else {
      reply(id, { result: { stopReason: ending.stopReason } });
      turn.update({ sessionUpdate: 'usage_update', used: 2_110, size: 131_072 });
      if (ending.unrecorded === true) return;
    }
    end(ending.failed === undefined ? 'completed' : 'failed', ending.failed);
    agent.afterTurn?.(turn);
  };

  const answerTo = (method: string, params: Message): Answer => {
    switch (method) {
      case 'initialize':
        return {
          result: {
            protocolVersion: 1,
            agentCapabilities: { loadSession: true, sessionCapabilities: { resume: {}, list: {} } },
            authMethods: [],
            agentInfo: { name: 'Fake ACP agent', version: '1.0.0' },
          },
        };
      case 'session/new':
        sessionId = `session_${randomUUID()}`;
        return { result: { sessionId, modes: { currentModeId: 'default', availableModes: modes } } };
      case 'session/load':
      case 'session/resume': {
        sessionId = String(params['sessionId']);
        if (!records.exist()) {
          return { error: { code: -32602, message: `Invalid params: Unknown sessionId: ${sessionId}` } };
        }
        turns = 100; // numbers go on where the earlier process left off
        // What it says after a resume is not what it is in.
        return { result: { modes: { currentModeId: 'default', availableModes: modes } } };
      }
      case 'session/set_mode':
        mode = String(params['modeId']);
        record({ type: 'permission.set_mode', mode });
        return { result: {} };
      default:
        return { error: { code: -32601, message: `"Method not found": ${method}` } };
    }
  };

  const take = (message: Message): void => {
    const { id, method } = message;
    if (typeof method !== 'string') {
      waiting.get(id as string | number)?.({
        ...(message['result'] === undefined ? {} : { result: message['result'] as Message }),
        ...(message['error'] === undefined ? {} : { error: message['error'] as Message }),
      });
      waiting.delete(id as string | number);
      return;
    }
    const params = (message['params'] ?? {}) as Message;
    if (method === 'session/cancel') {
      if (agent.listens !== false) active?.abort();
      return;
    }
    if (id === undefined) return;
    if (method === 'session/prompt') {
      if (active !== null) {
        reply(id, {
          error: { code: -32600, message: 'Invalid request: another turn is already in progress' },
        });
        return;
      }
      const [block] = params['prompt'] as readonly { readonly text: string }[];
      void runTurn(id, block?.text ?? '');
      return;
    }
    if (Array.isArray(params['mcpServers'])) mcpServers = params['mcpServers'] as readonly McpServer[];
    const own = agent.handshake?.[method];
    if (own === null) return;
    if (method === agent.onceOnly && done.has(method)) {
      reply(id, { error: { code: -32602, message: `Not again: ${method}` } });
      return;
    }
    done.add(method);
    if (typeof own?.result?.['sessionId'] === 'string') sessionId = own.result['sessionId'];
    reply(id, own ?? answerTo(method, params));
  };

  const input = createInterface({ input: process.stdin });
  input.on('line', (line) => take(JSON.parse(line) as Message));
  if (agent.listens === false) {
    process.on('SIGTERM', () => undefined);
    setInterval(() => undefined, 1_000);
  } else {
    input.on('close', () => process.exit(0));
  }
}
