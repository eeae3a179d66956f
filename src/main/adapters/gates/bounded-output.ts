/** The head and the tail of a stream of any length, in bounded memory. */
export type BoundedOutput = {
  push(chunk: Uint8Array): void;
  readonly total: number;
  /** The kept bytes from the start on, as they came. */
  head(): Uint8Array;
  /** The kept bytes; a line between head and tail says how much was cut. */
  text(): string;
};

export function boundedOutput(headBytes: number, tailBytes: number): BoundedOutput {
  const head: Buffer[] = [];
  let headSize = 0;
  const tail: Buffer[] = [];
  let tailSize = 0;
  let total = 0;
  return {
    push(chunk) {
      total += chunk.length;
      const bytes = Buffer.from(chunk);
      const room = headBytes - headSize;
      if (room > 0) {
        head.push(bytes.subarray(0, room));
        headSize += Math.min(room, bytes.length);
      }
      if (bytes.length <= room) return;
      tail.push(bytes.subarray(Math.max(0, room)));
      tailSize += bytes.length - Math.max(0, room);
      for (
        let first = tail[0];
        first !== undefined && tailSize - first.length >= tailBytes;
        first = tail[0]
      ) {
        tail.shift();
        tailSize -= first.length;
      }
    },
    get total() {
      return total;
    },
    head: () => Buffer.concat(head),
    text() {
      const end = Buffer.concat(tail);
      const kept = end.subarray(Math.max(0, end.length - tailBytes));
      const cut = total - headSize - kept.length;
      const gap = cut > 0 ? `\n[… ${cut} bytes not kept …]\n` : '';
      return Buffer.concat(head).toString('utf8') + gap + kept.toString('utf8');
    },
  };
}
