import { randomUUID } from 'node:crypto';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import type { Transport } from '../../shared/rpc/frames.ts';
import { transportEnd } from '../../shared/rpc/transport-end.ts';
import type { Log } from '../runtime/ports.ts';
import { belongsToAttempt, peerHolds } from './peer.ts';
import { CLIENT_LINE_LIMIT, socketTransport } from './transport-socket.ts';

const Proof = z.object({ t: z.literal('proof'), pid: z.number().int().min(1) });

/** How long a peer has to answer the challenge. */
const CHALLENGE_MS = 5_000;

/**
 * The host's only listener: a Unix socket (0600, in a 0700 folder). Every connection is challenged first; processes that
 * belong to an attempt are refused, so an agent cannot answer its own questions or accept its own work.
 */
export async function listenForOperators(o: {
  readonly socketPath: string;
  readonly challengeDir: string;
  /** Folders only attempts live in. */
  readonly privateRoots: readonly string[];
  readonly log: Log;
  readonly onOperator: (transport: Transport) => void;
}): Promise<{ readonly close: () => Promise<void> }> {
  rmSync(o.socketPath, { force: true }); // left by a host that was killed; the lock says that none lives
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    challenge(socket, o);
  });
  await listen(server, o.socketPath);
  chmodSync(o.socketPath, 0o600);
  return {
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve());
  });
}

function challenge(socket: Socket, o: Parameters<typeof listenForOperators>[0]): void {
  const outer = socketTransport(socket, CLIENT_LINE_LIMIT);
  if (process.platform !== 'linux') {
    // Without /proc the claim cannot be checked; the socket's permissions are the boundary, and the proof says so.
    o.onOperator(outer);
    return;
  }
  const path = join(o.challengeDir, randomUUID());
  try {
    writeFileSync(path, '', { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    o.log.error('A connection could not be challenged and was refused.', { cause: String(cause) });
    outer.post({ t: 'refused', message: 'The state directory cannot be written. Check its disk.' });
    outer.close();
    return;
  }
  const done = (): void => {
    clearTimeout(timer);
    rmSync(path, { force: true });
  };
  const timer = setTimeout(() => socket.destroy(), CHALLENGE_MS);
  const refuse = (message: string): void => {
    done();
    outer.post({ t: 'refused', message });
    outer.close();
  };
  const operator = transportEnd({ post: (frame) => outer.post(frame), close: () => outer.close() });
  let proven = false;
  outer.onClose(() => {
    done();
    operator.closed();
  });
  outer.onFrame((frame) => {
    if (proven) return operator.deliver(frame);
    const proof = Proof.safeParse(frame);
    if (!proof.success || !peerHolds(proof.data.pid, path))
      return refuse('This connection did not prove which process it is.');
    if (belongsToAttempt(proof.data.pid, { hostPid: process.pid, privateRoots: o.privateRoots })) {
      o.log.warn('An attempt tried to use the operator channel.', { pid: proof.data.pid });
      return refuse('Operator commands are refused from inside an attempt.');
    }
    proven = true;
    done();
    o.onOperator(operator.transport);
  });
  outer.post({ t: 'challenge', path });
}
