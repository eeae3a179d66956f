import { createHash, randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { externalTools, initialized } from './wire-greeting.ts';

/** The side of Wire 1.10 that a server speaks, with the framing, error texts and order of the real one. */

type Message = Readonly<Record<string, unknown>>;

export type Answer = { readonly result?: Message; readonly error?: Message };

export type Turn = {
  readonly number: number;
  readonly userInput: string;
  /** Aborted by `cancel`. */
  readonly cancelled: AbortSignal;
  /** Prompts of this conversation before this one, those of earlier processes included. */
  readonly before: number;
  /** The mode it is in, as the client last set it. */
  readonly planMode: () => boolean;
  /** Settles with what the client adds to the turn. */
  readonly steered: Promise<string>;
  /** Names of the client's own tools that were accepted. */
  readonly tools: readonly string[];
  event(type: string, payload: Message): void;
  say(text: string): void;
  think(text: string): void;
  /** Sends the request and waits for the answer; never settles if none comes. */
  ask(type: string, payload: Message): Promise<Answer>;
  /** A whole tool call with its arguments in pieces, as a streaming model sends it. */
  call(id: string, name: string, args: Message): void;
  result(
    id: string,
    o: {
      readonly output?: string;
      readonly message?: string;
      readonly isError?: boolean;
      readonly display?: readonly Message[];
    },
  ): void;
  usage(
    messageId: string | null,
    tokens: readonly [input: number, output: number, cacheRead: number] | null,
  ): void;
  raw(bytes: string | Uint8Array): Promise<void>;
};

export type Ending =
  { readonly status: string; readonly steps?: number } | { readonly code: number; readonly message: string };

export type Server = {
  /** `null`: the handshake is never answered. */
  readonly version: string | null;
  readonly play: (turn: Turn) => Promise<Ending | void>;
  /** `false`: cancel is ignored, and so are the end of input and TERM. */
  readonly listens: boolean;
  /** `false`: a prompt is answered as finished without a turn. */
  readonly begins?: boolean;
  /** `false`: `replay` is never answered. */
  readonly replays?: boolean;
  /** After the turn was answered as cancelled. */
  readonly afterCancel?: (turn: Turn) => void;
};

/** Where the real server keeps its sessions; `null`: started without an id. */
function sessionFile(): string | null {
  const at = process.argv.indexOf('--session');
  const share = process.env['KIMI_SHARE_DIR'];
  if (at < 0 || share === undefined) return null;
  const place = createHash('md5').update(process.argv[process.argv.indexOf('--work-dir') + 1] ?? '');
  const dir = join(share, 'sessions', place.digest('hex'), process.argv[at + 1] ?? '');
  mkdirSync(dir, { recursive: true });
  return join(dir, 'wire.jsonl');
}

export function serve(server: Server): void {
  let active: {
    readonly cancel: AbortController;
    readonly turn: Turn;
    readonly steer: (text: string) => void;
  } | null = null;
  let turns = 0;
  let planMode = false;
  const file = sessionFile();
  const history = (): readonly Message[] =>
    file === null || !existsSync(file)
      ? []
      : readFileSync(file, 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Message);
  const remember = (message: Message): void => {
    if (file !== null) appendFileSync(file, `${JSON.stringify(message)}\n`);
  };
  let tools: readonly string[] = [];
  const waiting = new Map<string | number, (answer: Answer) => void>();

  const send = (message: Message): void => {
    process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  };
  const fail = (id: string | null, code: number, message: string): void =>
    send({ id, error: { code, message, data: null } });

  const runTurn = async (id: string, userInput: string): Promise<void> => {
    turns += 1;
    const cancel = new AbortController();
    let steer: (text: string) => void = () => undefined;
    const steered = new Promise<string>((resolve) => (steer = resolve));
    const before = history().filter((message) => message['type'] === 'TurnBegin').length;
    const turn: Turn = {
      ...makeTurn(turns, userInput, cancel.signal, tools, send, waiting),
      before,
      planMode: () => planMode,
      steered,
    };
    active = { cancel, turn, steer };
    remember({ type: 'TurnBegin', payload: { user_input: userInput } });
    turn.event('TurnBegin', { user_input: userInput });
    process.send?.('turn');
    const cancelled = new Promise<'cancelled'>((resolve) =>
      cancel.signal.addEventListener('abort', () => resolve('cancelled')),
    );
    const ending = await Promise.race([server.play(turn), cancelled]);
    const unanswered = ending === 'cancelled' ? [...waiting.keys()] : [];
    for (const request of unanswered) waiting.delete(request);
    turn.event('TurnEnd', {});
    active = null;
    if (ending === 'cancelled') {
      for (const request_id of unanswered)
        turn.event('ApprovalResponse', { request_id, response: 'reject', feedback: '' });
      send({ id, result: { status: 'cancelled' } });
      server.afterCancel?.(turn);
    } else if (ending !== undefined && 'code' in ending) fail(id, ending.code, ending.message);
    else send({ id, result: ending ?? { status: 'finished' } });
  };

  const handle = (message: Message): void => {
    const { id, method, params } = message;
    if (method === undefined) {
      if (typeof id !== 'string' && typeof id !== 'number') return;
      waiting.get(id)?.(message);
      waiting.delete(id);
      return;
    }
    if (typeof id !== 'string') return fail(null, -32600, 'Invalid request');
    const busy = active !== null;
    switch (typeof method === 'string' ? method : '') {
      case 'initialize':
        if (server.version === null) return;
        if (busy) return fail(id, -32000, 'An agent turn is already in progress');
        tools = externalTools(params as Message | undefined);
        return send({
          id,
          result: {
            ...initialized(server.version),
            ...(tools.length > 0 && { external_tools: { accepted: tools, rejected: [] } }),
          },
        });
      case 'prompt': {
        if (busy) return fail(id, -32000, 'An agent turn is already in progress');
        if (server.begins === false) return send({ id, result: { status: 'finished' } });
        const input = (params as Message | undefined)?.['user_input'];
        if (typeof input !== 'string') return fail(id, -32602, 'Invalid parameters for method `prompt`');
        void runTurn(id, input);
        return;
      }
      case 'cancel':
        if (active === null) return fail(id, -32000, 'No agent turn is in progress');
        if (!server.listens) return;
        send({ id, result: {} });
        active.cancel.abort();
        return;
      case 'steer':
        if (active === null) return fail(id, -32000, 'No agent turn is in progress');
        send({ id, result: { status: 'steered' } });
        active.steer(String((params as Message | undefined)?.['user_input']));
        return;
      case 'set_plan_mode':
        planMode = (params as Message | undefined)?.['enabled'] === true;
        makeTurn(0, '', new AbortController().signal, tools, send, waiting).event('StatusUpdate', {
          context_usage: null,
          context_tokens: null,
          max_context_tokens: null,
          token_usage: null,
          message_id: null,
          plan_mode: planMode,
          mcp_status: null,
        });
        return send({ id, result: { status: 'ok', plan_mode: planMode } });
      case 'replay': {
        if (busy) return fail(id, -32000, 'An agent turn is already in progress');
        if (server.replays === false) return;
        const events = history();
        for (const { type, payload } of events) send({ method: 'event', params: { type, payload } });
        return send({ id, result: { status: 'finished', events: events.length, requests: 0 } });
      }
      default:
        return fail(id, -32601, `Unexpected method received: ${JSON.stringify(method)}`);
    }
  };

  const input = createInterface({ input: process.stdin });
  input.on('line', (line) => {
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      return fail(null, -32700, 'Invalid JSON format');
    }
    handle(message as Message);
  });
  input.on('close', () => {
    if (!server.listens) return;
    process.stderr.write('\nTo resume this session: kimi -r fake-session\n');
    process.exit(0);
  });
  if (!server.listens) {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
    // Outlives everything it is told, but not a test run that forgot it.
    setTimeout(() => process.exit(9), 180_000);
  }
}

function makeTurn(
  number: number,
  userInput: string,
  cancelled: AbortSignal,
  tools: readonly string[],
  send: (message: Message) => void,
  waiting: Map<string | number, (answer: Answer) => void>,
): Omit<Turn, 'before' | 'planMode' | 'steered'> {
  const event = (type: string, payload: Message): void =>
    send({ method: 'event', params: { type, payload } });
  return {
    number,
    userInput,
    cancelled,
    tools,
    event,
    say: (text) => event('ContentPart', { type: 'text', text }),
    think: (think) => event('ContentPart', { type: 'think', think, encrypted: null }),
    ask(type, payload) {
      const { id: own } = payload;
      const id = typeof own === 'string' || typeof own === 'number' ? own : randomUUID();
      const answer = new Promise<Answer>((resolve) => waiting.set(id, resolve));
      send({ method: 'request', id, params: { type, payload: { ...payload, id } } });
      return answer;
    },
    call(id, name, args) {
      event('ToolCall', { type: 'function', id, function: { name, arguments: '' }, extras: null });
      const text = JSON.stringify(args);
      for (let at = 0; at < text.length; at += 9)
        event('ToolCallPart', { arguments_part: text.slice(at, at + 9) });
    },
    result(id, o) {
      event('ToolResult', {
        tool_call_id: id,
        return_value: {
          is_error: o.isError ?? false,
          output: o.output ?? '',
          message: o.message ?? '',
          display: o.display ?? [],
          extras: null,
        },
      });
    },
    usage(messageId, tokens) {
      event('StatusUpdate', {
        context_usage: tokens === null ? null : 0.01,
        context_tokens: tokens === null ? null : tokens[0] + tokens[2],
        max_context_tokens: tokens === null ? null : 131_072,
        token_usage:
          tokens === null
            ? null
            : {
                input_other: tokens[0],
                output: tokens[1],
                input_cache_read: tokens[2],
                input_cache_creation: 0,
              },
        message_id: messageId,
        plan_mode: false,
        mcp_status: null,
      });
    },
    raw: (bytes) =>
      new Promise((resolve) => {
        process.stdout.write(bytes, () => resolve());
      }),
  };
}
