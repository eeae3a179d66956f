import type { Readable, Writable } from 'node:stream';
import { createFrameReader } from '../ndjson.ts';
import type { Frame, FrameLimits, FrameViolation } from '../ndjson.ts';
import type { Transcript } from '../transcript.ts';

/** Why a connection ended; whoever closes it first says so. */
export type CloseReason =
  | { readonly type: 'ended' }
  | { readonly type: 'violation'; readonly violation: FrameViolation | 'unread_input' };

export type Reply =
  | { readonly type: 'result'; readonly result: unknown }
  | { readonly type: 'error'; readonly code: number; readonly message: string }
  | { readonly type: 'closed'; readonly reason: CloseReason };

export type Answer =
  | { readonly result: Readonly<Record<string, unknown>> }
  | { readonly error: { readonly code: number; readonly message: string } };

export type WireHandlers = {
  readonly onEvent: (params: unknown) => void;
  /** The answer is sent when it settles; a rejection is an internal error to the agent. */
  readonly onRequest: (params: unknown) => Promise<Answer>;
  /** A frame that is neither event, request nor answer, or a line that is no frame. */
  readonly onUnknown: (name: string) => void;
  /** Any sign of life. */
  readonly onTraffic: () => void;
};

export type WireClient = {
  /** Never rejects. */
  request(method: string, params?: Readonly<Record<string, unknown>>): Promise<Reply>;
  /** Settles everything pending. Idempotent: the first reason counts. */
  close(reason: CloseReason): void;
  readonly closed: Promise<CloseReason>;
};

/** More than this waiting in the pipe means that the agent does not read what it is sent. */
const MAX_UNREAD_INPUT = 16 * 1024 * 1024;

/** One Wire connection: JSON-RPC 2.0 over lines, both ways, with string ids as the protocol wants them. */
export function openWireClient(o: {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly transcript: Transcript;
  readonly handlers: WireHandlers;
  readonly limits?: FrameLimits;
}): WireClient {
  const { handlers, transcript } = o;
  const pending = new Map<string, (reply: Reply) => void>();
  let sent = 0;
  let reason: CloseReason | null = null;
  let resolveClosed: (reason: CloseReason) => void = () => undefined;
  const closed = new Promise<CloseReason>((resolve) => {
    resolveClosed = resolve;
  });

  const send = (message: Readonly<Record<string, unknown>>): void => {
    if (reason !== null) return;
    const json = JSON.stringify({ jsonrpc: '2.0', ...message });
    transcript.frame('out', json);
    o.stdin.write(`${json}\n`);
    if (o.stdin.writableLength > MAX_UNREAD_INPUT) close({ type: 'violation', violation: 'unread_input' });
  };

  const dispatch = (frame: Frame): void => {
    const { id, method } = frame;
    if (method === undefined) settle(frame);
    else if (typeof method !== 'string') handlers.onUnknown('method that is no text');
    else if (method === 'event') handlers.onEvent(frame['params']);
    else if (typeof id === 'string' || typeof id === 'number') void answer(id, method, frame['params']);
    else handlers.onUnknown(method.slice(0, 100));
  };

  const settle = (frame: Frame): void => {
    // An id that comes back as another type, or that nobody asked with, belongs to no request of this process.
    const id = typeof frame['id'] === 'string' ? frame['id'] : '';
    const resolve = pending.get(id);
    if (resolve === undefined) {
      handlers.onUnknown('answer to nothing asked');
      return;
    }
    pending.delete(id);
    const error = frame['error'];
    if (typeof error !== 'object' || error === null) resolve({ type: 'result', result: frame['result'] });
    else {
      const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
      resolve({
        type: 'error',
        code: typeof code === 'number' ? code : -32603,
        message: typeof message === 'string' ? message : '',
      });
    }
  };

  const answer = async (id: string | number, method: string, params: unknown): Promise<void> => {
    if (method !== 'request') {
      handlers.onUnknown(method.slice(0, 100));
      send({ id, error: { code: -32601, message: 'omk does not know this method.' } });
      return;
    }
    try {
      send({ id, ...(await handlers.onRequest(params)) });
    } catch {
      send({ id, error: { code: -32603, message: 'omk could not answer this.' } });
    }
  };

  const reader = createFrameReader(
    {
      onFrame(frame, line) {
        transcript.frame('in', line);
        handlers.onTraffic();
        try {
          dispatch(frame);
        } catch {
          // One message that was made to break its reader must not end the host; it is in the transcript as it came.
          handlers.onUnknown('message that could not be read');
        }
      },
      onBadLine(line) {
        transcript.text('in', line.slice(0, 4_096));
        handlers.onUnknown('line that is not a message');
      },
      onViolation: (violation) => close({ type: 'violation', violation }),
    },
    o.limits,
  );

  const close = (why: CloseReason): void => {
    if (reason !== null) return;
    reason = why;
    for (const resolve of pending.values()) resolve({ type: 'closed', reason: why });
    pending.clear();
    resolveClosed(why);
  };

  o.stdout.on('data', (chunk: Buffer) => reader.push(chunk));
  o.stdout.once('end', () => reader.end());

  return {
    request(method, params) {
      if (reason !== null) return Promise.resolve({ type: 'closed', reason });
      sent += 1;
      const id = `omk-${sent}`;
      return new Promise((resolve) => {
        pending.set(id, resolve);
        send({ id, method, ...(params === undefined ? {} : { params }) });
      });
    },
    close,
    closed,
  };
}
