import type { Socket } from 'node:net';
import type { Transport } from '../../shared/rpc/frames.ts';
import { transportEnd } from '../../shared/rpc/transport-end.ts';

/** What a client may send in one line: the longest input of the contract is a goal's text of 1.1 million characters. */
export const CLIENT_LINE_LIMIT = 8 * 1024 * 1024;
/** What a host may answer in one line: a patch of 20 MiB, escaped. */
export const HOST_LINE_LIMIT = 128 * 1024 * 1024;

/**
 * Frames over a Unix socket or named pipe, one line of JSON each. A peer that sends something else, or a line of more than
 * `lineLimit` characters, is not speaking our protocol and is hung up on.
 */
export function socketTransport(socket: Socket, lineLimit: number): Transport {
  const end = transportEnd({
    post(frame) {
      const line = `${JSON.stringify(frame)}\n`;
      if (!socket.destroyed) socket.write(line);
    },
    close: () => void socket.end(),
  });
  let pieces: string[] = [];
  let length = 0;
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    let rest = chunk;
    let at: number;
    while ((at = rest.indexOf('\n')) >= 0) {
      const line = pieces.join('') + rest.slice(0, at);
      pieces = [];
      length = 0;
      rest = rest.slice(at + 1);
      const frame = line.length > lineLimit ? undefined : parse(line);
      if (frame === undefined) return void socket.destroy();
      end.deliver(frame);
    }
    if (rest === '') return;
    pieces.push(rest);
    length += rest.length;
    if (length > lineLimit) socket.destroy();
  });
  socket.on('error', () => socket.destroy()); // 'close' follows and is what everybody waits for
  socket.on('close', end.closed);
  return end.transport;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
