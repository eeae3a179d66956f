/** The newest bytes of an output, within a limit; what was before them is forgotten as it comes. */
export type TailBuffer = {
  push(chunk: Uint8Array): void;
  /** Nothing more comes: the last bytes are what they are. */
  end(): void;
  /** Whole characters only: the rest of one that is still on its way is not shown yet. */
  read(): { readonly text: string; readonly truncated: boolean };
};

/** As the protocol has it: bytes over the limit are cut off from the beginning, and never in the middle of a character. */
export function createTailBuffer(limit: number): TailBuffer {
  let chunks: Uint8Array[] = [];
  let size = 0;
  let truncated = false;
  let ended = false;
  let known: { readonly text: string; readonly truncated: boolean } | null = null;

  const compact = (): void => {
    const whole = Buffer.concat(chunks);
    const kept = whole.subarray(Math.max(0, whole.length - limit));
    truncated ||= kept.length < whole.length;
    chunks = [Buffer.from(kept)];
    size = kept.length;
  };

  return {
    push(chunk) {
      if (chunk.length === 0) return;
      known = null;
      chunks.push(chunk);
      size += chunk.length;
      // Copied once per limit, not once per chunk.
      if (size > 2 * limit || chunks.length > 10_000) compact();
    },
    end() {
      ended = true;
      known = null;
    },
    read() {
      if (known !== null) return known;
      compact();
      const bytes = chunks[0] ?? new Uint8Array();
      const from = truncated ? firstWhole(bytes) : 0;
      const to = ended ? bytes.length : lastWhole(bytes);
      known = { text: Buffer.from(bytes.subarray(from, Math.max(from, to))).toString('utf8'), truncated };
      return known;
    },
  };
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** Where the first character begins that is there from its first byte. */
function firstWhole(bytes: Uint8Array): number {
  let at = 0;
  while (at < 3 && isContinuation(bytes[at])) at += 1;
  return at;
}

/** Where a character begins that has not fully arrived; the end when all have. */
function lastWhole(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (isContinuation(byte)) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
