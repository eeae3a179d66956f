import { randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { AgentTools } from '../../runtime/agent-backend.ts';
import { createFrameReader } from './ndjson.ts';
import type { Frame } from './ndjson.ts';

/** The way from the MCP server inside one attempt to its host: a socket in the attempt's own temporary folder. */
export type ToolDoor = {
  readonly socketPath: string;
  /** Known to this attempt alone, worth nothing after it. */
  readonly token: string;
  /** Calls that wait for an answer: an agent that waits for a person is not stalled. */
  readonly pending: number;
  /** The turn is over: whoever is asked need not answer any more. */
  cancelAll(): void;
  close(): Promise<void>;
};

const Hello = z.object({ token: z.string().max(200) });
const Call = z.object({ id: z.number().int(), name: z.string().max(200), args: z.unknown() });

const SOCKET = 'omk-tools.sock';
const LIMITS = { maxLineBytes: 256 * 1024, maxBadLines: 20 };
/** An agent may start its MCP server again, and sub-agents their own. */
const MAX_CONNECTIONS = 8;
/** Of those who have not said the token; the oldest makes room, so that silence keeps nobody out. */
const MAX_UNKNOWN = 32;
const MAX_PENDING = 16;
/** Far above what the tools themselves allow in a turn: beyond it a connection only floods. */
const MAX_CALLS = 1_000;
const HELLO_MS = 5_000;
const LINGER_MS = 1_000;

/** What all connections of one door share. */
type Door = Parameters<typeof openToolDoor>[0] & {
  readonly token: string;
  /** Who said the token, and who did not yet, oldest first. */
  readonly known: Set<Socket>;
  readonly unknown: Set<Socket>;
  /** Calls that wait for an answer. */
  readonly open: Set<AbortController>;
};

/**
 * Opens the door. A peer says the token first, is told the tools, and then may call them. It can do nothing else: this is not
 * the operator's socket, and what it carries is what the agent could say in words. Who does anything else is told why it is
 * turned away, in one line `{"refused": "…"}`.
 *
 * @param dir the attempt's temporary folder, which nobody but this attempt can see where namespaces are used
 * @param mayCall `false`: no turn runs, or it is being ended
 */
export async function openToolDoor(o: {
  readonly dir: string;
  readonly tools: AgentTools;
  readonly deadlineMs: number;
  readonly mayCall: () => boolean;
  /** A call came or was answered: a sign of life. */
  readonly onActivity: () => void;
  /** After which who said nothing is cut off; default 5 s. */
  readonly helloMs?: number;
}): Promise<ToolDoor> {
  const socketPath = join(o.dir, SOCKET);
  const door: Door = {
    ...o,
    token: randomBytes(32).toString('base64url'),
    known: new Set(),
    unknown: new Set(),
    open: new Set(),
  };
  rmSync(socketPath, { force: true });
  const server = createServer((socket) => serve(socket, door));
  await listenShort(server, o.dir);
  server.on('error', () => {}); // a peer that could not be let in, as when no file can be opened any more: its loss alone
  const cancelAll = (): void => {
    for (const controller of door.open) controller.abort();
  };
  return {
    socketPath,
    token: door.token,
    get pending() {
      return door.open.size;
    },
    cancelAll,
    close: () =>
      new Promise((resolve) => {
        cancelAll();
        server.close(() => resolve());
        for (const socket of [...door.known, ...door.unknown]) socket.destroy();
        try {
          rmSync(socketPath, { force: true });
        } catch {
          // The agent put a folder in its place, or shut its own folder: that goes when the attempt's room goes.
        }
      }),
  };
}

/** The folder's path is longer than a socket's may be, so it is bound through a short link that lives for this moment. */
async function listenShort(server: Server, dir: string): Promise<void> {
  const link = join(tmpdir(), `omk-${randomBytes(8).toString('hex')}`);
  symlinkSync(dir, link, 'dir');
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(join(link, SOCKET), resolve);
    });
    chmodSync(join(dir, SOCKET), 0o600);
  } catch (cause) {
    server.close();
    throw cause;
  } finally {
    rmSync(link, { force: true });
  }
}

function serve(socket: Socket, door: Door): void {
  const { known, unknown } = door;
  const [oldest] = unknown;
  if (oldest !== undefined && unknown.size >= MAX_UNKNOWN) {
    unknown.delete(oldest);
    oldest.destroy();
  }
  unknown.add(socket);
  const mine = new Set<AbortController>();
  let calls = 0;
  let away = false;
  const send = (message: object): void => void socket.write(`${JSON.stringify(message)}\n`);
  const turnAway = (refused: string): void => {
    if (away) return;
    away = true;
    // Who does not read what it is sent cannot be told.
    if (socket.writableLength > 0) return void socket.destroy();
    socket.end(`${JSON.stringify({ refused })}\n`);
    clearTimeout(timer);
    // Cut off while it still writes, it might not read why.
    timer = setTimeout(() => socket.destroy(), LINGER_MS);
  };
  let timer = setTimeout(() => turnAway('The token did not come in time.'), door.helloMs ?? HELLO_MS);

  const greet = (frame: Frame): void => {
    const hello = Hello.safeParse(frame);
    if (!hello.success || !isSame(hello.data.token, door.token))
      return turnAway('That is not the token of this attempt.');
    if (known.size >= MAX_CONNECTIONS)
      return turnAway(`omk is reached by ${MAX_CONNECTIONS} connections already; close one first.`);
    clearTimeout(timer);
    unknown.delete(socket);
    known.add(socket);
    send({ tools: door.tools.list });
  };
  const call = async ({ id, name, args }: z.infer<typeof Call>): Promise<void> => {
    const { ok, output } = await answer(name, args, mine, door);
    if (!away) send({ id, ok, output });
  };
  const onFrame = (frame: Frame): void => {
    if (away) return;
    if (!known.has(socket)) return greet(frame);
    calls += 1;
    if (calls > MAX_CALLS) return turnAway(`This connection has called omk ${MAX_CALLS} times; no more.`);
    const asked = Call.safeParse(frame);
    if (asked.success) void call(asked.data);
    else turnAway('A call has an id, which is a whole number, a name and arguments.');
  };
  const reader = createFrameReader(
    {
      onFrame,
      onBadLine: () => {},
      onViolation: (what) =>
        turnAway(what === 'line_too_long' ? 'That line is too long.' : 'omk reads lines of JSON here.'),
    },
    LIMITS,
  );
  socket.on('data', (chunk: Buffer) => {
    if (!away) reader.push(chunk);
  });
  socket.once('close', () => {
    clearTimeout(timer);
    known.delete(socket);
    unknown.delete(socket);
    for (const controller of mine) controller.abort();
  });
  socket.on('error', () => {}); // its close follows
}

const NOT_NOW = 'Nobody answered. Go on without it.';

/** Bounded by the deadline, the turn and the connection, whose calls are `mine`. */
async function answer(
  name: string,
  args: unknown,
  mine: Set<AbortController>,
  { tools, open, mayCall, deadlineMs, onActivity }: Door,
): Promise<{ readonly ok: boolean; readonly output: string }> {
  if (!mayCall()) return { ok: false, output: 'No turn of yours runs now.' };
  if (open.size >= MAX_PENDING)
    return { ok: false, output: 'Too many calls at once; wait for their answers.' };
  onActivity();
  const controller = new AbortController();
  const given = new Promise<{ ok: boolean; output: string }>((resolve) => {
    controller.signal.addEventListener('abort', () => resolve({ ok: false, output: NOT_NOW }), {
      once: true,
    });
  });
  for (const calls of [open, mine]) calls.add(controller);
  const timer = setTimeout(() => controller.abort(), deadlineMs);
  try {
    return await Promise.race([tools.call(name, args, controller.signal), given]);
  } catch {
    return { ok: false, output: NOT_NOW }; // tools promised not to throw; the model need not know more
  } finally {
    clearTimeout(timer);
    for (const calls of [open, mine]) calls.delete(controller);
    onActivity();
  }
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
