import type { Readable, Writable } from 'node:stream';
import { RequestError, client, methods } from '@agentclientprotocol/sdk';
import type { AnyMessage, Stream } from '@agentclientprotocol/sdk';
import { servedMethods } from './executor/executor.ts';
import { fields, text } from './foreign.ts';
import { createFrameReader } from '../ndjson.ts';
import type { Frame, FrameLimits, FrameViolation } from '../ndjson.ts';
import type { Transcript } from '../transcript.ts';

/** Why a connection ended; whoever closes it first says so. */
export type CloseReason =
  | { readonly type: 'output_closed' }
  | { readonly type: 'input_closed' }
  | { readonly type: 'violation'; readonly violation: FrameViolation | 'unread_input' }
  | { readonly type: 'exited' }
  | { readonly type: 'stopped' };

export type Reply =
  | { readonly type: 'result'; readonly result: unknown }
  | { readonly type: 'error'; readonly code: number; readonly message: string; readonly data: unknown }
  | { readonly type: 'closed'; readonly reason: CloseReason };

export type AcpHandlers = {
  /** In the order of arrival, before the answer to any request that came later on the wire. */
  readonly onUpdate: (params: unknown) => void;
  readonly onPermission: (params: unknown, signal: AbortSignal) => Promise<unknown>;
  readonly onElicitation: (params: unknown, signal: AbortSignal) => Promise<unknown>;
  /** A read, a write or a command that the agent wants done; rejects with the error to answer. */
  readonly onServed: (method: string, params: unknown, signal: AbortSignal) => Promise<unknown>;
  /** A notification omk does not know. */
  readonly onUnknown: (method: string) => void;
  /** Any sign of life, also a frame that means nothing. */
  readonly onTraffic: () => void;
};

export type AcpClient = {
  /** Never rejects. */
  request(method: string, params: unknown): Promise<Reply>;
  notify(method: string, params: unknown): void;
  /** Rejects everything pending with the reason. Idempotent: the first reason counts. */
  close(reason: CloseReason): void;
  readonly closed: Promise<CloseReason>;
};

/** More than this waiting in the pipe means that the agent does not read what it is sent. */
const MAX_UNREAD_INPUT = 16 * 1024 * 1024;

/**
 * One JSON-RPC connection over the pipes of an agent. The SDK keeps requests and answers together; the bytes go through omk's
 * own bounded reader first, because the SDK holds lines of any shape, answers unknown ids on our standard error, and
 * delivers an update after the answer that followed it on the wire.
 */
export function openAcpClient(o: {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly transcript: Transcript;
  readonly handlers: AcpHandlers;
  readonly limits?: FrameLimits;
}): AcpClient {
  const { handlers, transcript } = o;
  const asked = new Set<unknown>();
  let reason: CloseReason | null = null;
  let resolveClosed: (reason: CloseReason) => void = () => undefined;
  const closed = new Promise<CloseReason>((resolve) => {
    resolveClosed = resolve;
  });
  let incoming: ReadableStreamDefaultController<AnyMessage> | null = null;

  const stream: Stream = {
    readable: new ReadableStream<AnyMessage>({
      start(controller) {
        incoming = controller;
      },
    }),
    writable: new WritableStream<AnyMessage>({
      write: (message) => send(message),
    }),
  };

  const send = (message: AnyMessage): void => {
    if (reason !== null) return;
    if ('method' in message && 'id' in message) asked.add(message.id);
    const json = JSON.stringify(message);
    transcript.frame('out', recorded(message, json));
    o.stdin.write(`${json}\n`);
    if (o.stdin.writableLength > MAX_UNREAD_INPUT) close({ type: 'violation', violation: 'unread_input' });
  };

  const dispatch = (frame: Frame): void => {
    if ('method' in frame && !('id' in frame)) {
      if (frame['method'] === methods.client.session.update) handlers.onUpdate(frame['params']);
      else if (frame['method'] === methods.protocol.cancelRequest) forward(frame);
      else handlers.onUnknown(String(frame['method']).slice(0, 100));
      return;
    }
    if ('method' in frame) {
      forward({ ...frame, jsonrpc: '2.0' });
      return;
    }
    const id = ownId(frame['id'], asked);
    if (id === null) {
      handlers.onUnknown('answer to nothing asked');
      return;
    }
    asked.delete(id);
    forward({ ...frame, id, jsonrpc: '2.0' });
  };

  const forward = (frame: Frame): void => {
    // The SDK checks the shape of what it reads; a frame is only known to be an object.
    if (reason === null) incoming?.enqueue(frame as AnyMessage);
  };

  const reader = createFrameReader(
    {
      onFrame(frame, line) {
        transcript.frame('in', line);
        handlers.onTraffic();
        dispatch(frame);
      },
      onBadLine(line) {
        transcript.text('in', line.slice(0, 4_096));
        handlers.onUnknown('line that is not a message');
      },
      onViolation: (violation) => close({ type: 'violation', violation }),
    },
    o.limits,
  );

  const app = client({ name: 'omk' })
    .onRequest(
      methods.client.session.requestPermission,
      (params: unknown) => params,
      (context) => handlers.onPermission(context.params, context.signal),
    )
    .onRequest(
      methods.client.elicitation.create,
      (params: unknown) => params,
      (context) => handlers.onElicitation(context.params, context.signal),
    );
  for (const method of servedMethods) {
    app.onRequest(
      method,
      (params: unknown) => params,
      (context) => handlers.onServed(method, context.params, context.signal),
    );
  }
  const connection = app.connect(stream);

  const close = (why: CloseReason): void => {
    if (reason !== null) return;
    reason = why;
    connection.close(new Error(why.type));
    resolveClosed(why);
  };

  o.stdout.on('data', (chunk: Buffer) => reader.push(chunk));
  o.stdout.once('end', () => {
    reader.end();
    close({ type: 'output_closed' });
  });
  // The pipe of a process that died; its end is reported by the process.
  o.stdout.on('error', () => close({ type: 'output_closed' }));
  o.stdin.on('error', () => close({ type: 'input_closed' }));

  return {
    async request(method, params) {
      try {
        return { type: 'result', result: await connection.agent.request<unknown>(method, params) };
      } catch (error) {
        if (reason !== null) return { type: 'closed', reason };
        if (error instanceof RequestError)
          return { type: 'error', code: error.code, message: error.message, data: error.data };
        return { type: 'error', code: -32603, message: String(error), data: null };
      }
    },
    notify(method, params) {
      // Failing means that the connection is closed, which its own promise says.
      connection.agent.notify(method, params).catch(() => undefined);
    },
    close,
    closed,
  };
}

const MAX_RECORDED = 64 * 1024;

/**
 * As the transcript has it. An agent asks for the whole output of a command again and again while it runs: of a long one only the end is
 * kept each time.
 */
function recorded(message: AnyMessage, json: string): string {
  if (json.length <= MAX_RECORDED || !('result' in message)) return json;
  const result = fields(message.result);
  const output = text(result['output']);
  if (output === null) return json;
  const kept = output.slice(result['exitStatus'] === null ? -1_000 : -MAX_RECORDED);
  const note = `[… ${output.length - kept.length} characters left out …]`;
  return JSON.stringify({ ...message, result: { ...result, output: note + kept } });
}

/** Answers carry our number; some agents send it back as text. `null`: not an answer to anything we asked. */
function ownId(id: unknown, asked: ReadonlySet<unknown>): unknown {
  if (asked.has(id)) return id;
  const number = typeof id === 'string' && id !== '' ? Number(id) : NaN;
  return asked.has(number) ? number : null;
}
