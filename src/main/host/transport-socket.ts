import type { Socket } from 'node:net';
import type { Transport } from '../../shared/rpc/frames.ts';

/** A frame is one line of JSON. A peer that sends a longer one than this is not speaking our protocol. */
const LINE_LIMIT = 8 * 1024 * 1024;

/** Frames over a Unix socket or named pipe. */
export function socketTransport(socket: Socket): Transport {
  const frames: ((frame: unknown) => void)[] = [];
  const closes: (() => void)[] = [];
  let pending = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    pending += chunk;
    let end: number;
    while ((end = pending.indexOf('\n')) >= 0) {
      const line = pending.slice(0, end);
      pending = pending.slice(end + 1);
      const frame = parse(line);
      if (frame === undefined) {
        socket.destroy();
        return;
      }
      for (const listener of frames) listener(frame);
    }
    if (pending.length > LINE_LIMIT) socket.destroy();
  });
  socket.on('error', () => socket.destroy()); // 'close' follows and is what everybody waits for
  socket.on('close', () => closes.forEach((listener) => listener()));
  return {
    post(frame) {
      if (!socket.destroyed) socket.write(`${JSON.stringify(frame)}\n`);
    },
    onFrame: (listener) => void frames.push(listener),
    onClose: (listener) => void closes.push(listener),
    close: () => void socket.end(),
  };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
