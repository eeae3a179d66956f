import type { Readable } from 'node:stream';

export type Captured = {
  readonly text: string;
  readonly bytes: number;
  /** Bytes left out between head and tail. */
  readonly dropped: number;
};

/**
 * Reads a stream to its end and keeps its first `keepHead` and last `keepTail` bytes; the rest is counted and marked. Memory
 * stays within twice that, however much comes. A stream that breaks ends there.
 */
export async function captureOutput(
  stream: Readable,
  o: { readonly keepHead: number; readonly keepTail: number },
): Promise<Captured> {
  const head: Uint8Array[] = [];
  let headBytes = 0;
  let tail: Uint8Array[] = [];
  let tailBytes = 0;
  let bytes = 0;

  const keep = (chunk: Buffer): void => {
    bytes += chunk.length;
    const room = Math.max(0, o.keepHead - headBytes);
    if (room > 0) {
      head.push(Buffer.from(chunk.subarray(0, room)));
      headBytes += Math.min(room, chunk.length);
    }
    const rest = chunk.subarray(room);
    if (rest.length === 0) return;
    tail.push(Buffer.from(rest));
    tailBytes += rest.length;
    if (tailBytes > 2 * o.keepTail || tail.length > 1_000) {
      tail = [last(tail, o.keepTail)];
      tailBytes = tail[0]?.length ?? 0;
    }
  };

  try {
    for await (const chunk of stream)
      keep(typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer));
  } catch {
    // What arrived before the break is the output.
  }
  const end = last(tail, o.keepTail);
  const dropped = bytes - headBytes - end.length;
  const mark = dropped > 0 ? `\n[${dropped} bytes left out]\n` : '';
  return {
    // Decoded as one when nothing is missing, so that a character on the border stays whole.
    text:
      dropped > 0
        ? `${Buffer.concat(head).toString('utf8')}${mark}${end.toString('utf8')}`
        : Buffer.concat([...head, end]).toString('utf8'),
    bytes,
    dropped,
  };
}

function last(chunks: readonly Uint8Array[], count: number): Buffer {
  const whole = Buffer.concat(chunks);
  return whole.subarray(Math.max(0, whole.length - count));
}
