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
const MAX_PENDING = 16;
const HELLO_MS = 5_000;

/**
 * Opens the door. A peer says the token first, is told the tools, and then may call them. It can do nothing else: this is not
 * the operator's socket, and what it carries is what the agent could say in words.
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
}): Promise<ToolDoor> {
  const token = randomBytes(32).toString('base64url');
  const socketPath = join(o.dir, SOCKET);
  rmSync(socketPath, { force: true });
  const sockets = new Set<Socket>();
  const open = new Set<AbortController>();
  const server = createServer((socket) => {
    if (sockets.size >= MAX_CONNECTIONS) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serve(socket, { ...o, token, open });
  });
  await listenShort(server, o.dir);
  chmodSync(socketPath, 0o600);
  const cancelAll = (): void => {
    for (const controller of open) controller.abort();
  };
  return {
    socketPath,
    token,
    get pending() {
      return open.size;
    },
    cancelAll,
    close: () =>
      new Promise((resolve) => {
        cancelAll();
        rmSync(socketPath, { force: true });
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
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
  } finally {
    rmSync(link, { force: true });
  }
}

function serve(
  socket: Socket,
  o: Parameters<typeof openToolDoor>[0] & {
    readonly token: string;
    readonly open: Set<AbortController>;
  },
): void {
  let known = false;
  const send = (message: object): void => void socket.write(`${JSON.stringify(message)}\n`);
  const timer = setTimeout(() => socket.destroy(), HELLO_MS);

  const call = async ({ id, name, args }: z.infer<typeof Call>): Promise<void> => {
    o.onActivity();
    const { ok, output } = await answer(name, args, socket, o);
    o.onActivity();
    send({ id, ok, output });
  };

  const onFrame = (frame: Frame): void => {
    if (!known) {
      const hello = Hello.safeParse(frame);
      if (!hello.success || !isSame(hello.data.token, o.token)) return void socket.destroy();
      clearTimeout(timer);
      known = true;
      send({ tools: o.tools.list });
      return;
    }
    const asked = Call.safeParse(frame);
    if (asked.success) void call(asked.data);
    else socket.destroy();
  };
  const reader = createFrameReader(
    { onFrame, onBadLine: () => {}, onViolation: () => void socket.destroy() },
    LIMITS,
  );
  socket.on('data', (chunk: Buffer) => reader.push(chunk));
  socket.once('close', () => clearTimeout(timer));
  socket.on('error', () => {}); // its close follows
}

const NOT_NOW = 'Nobody answered. Go on without it.';

/** Bounded by the deadline, the turn and the connection. */
async function answer(
  name: string,
  args: unknown,
  socket: Socket,
  o: Parameters<typeof serve>[1],
): Promise<{ readonly ok: boolean; readonly output: string }> {
  if (!o.mayCall()) return { ok: false, output: 'No turn of yours runs now.' };
  if (o.open.size >= MAX_PENDING)
    return { ok: false, output: 'Too many calls at once; wait for their answers.' };
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const given = new Promise<{ ok: boolean; output: string }>((resolve) => {
    controller.signal.addEventListener('abort', () => resolve({ ok: false, output: NOT_NOW }), {
      once: true,
    });
  });
  o.open.add(controller);
  const timer = setTimeout(abort, o.deadlineMs);
  socket.once('close', abort);
  try {
    return await Promise.race([o.tools.call(name, args, controller.signal), given]);
  } catch {
    return { ok: false, output: NOT_NOW }; // tools promised not to throw; the model need not know more
  } finally {
    clearTimeout(timer);
    socket.off('close', abort);
    o.open.delete(controller);
  }
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
