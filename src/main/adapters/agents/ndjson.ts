/** Limits on what one agent may send; over them the session ends, it is never held whole in memory. */
export type FrameLimits = {
  /** Bytes of one line. */
  readonly maxLineBytes: number;
  /** Lines that are not a JSON object; that many are skipped and counted, one more ends the session. */
  readonly maxBadLines: number;
};

/** decisions.md, "Malformed traffic". */
export const frameLimits: FrameLimits = { maxLineBytes: 32 * 1024 * 1024, maxBadLines: 1_000 };

export type Frame = Readonly<Record<string, unknown>>;

export type FrameViolation = 'line_too_long' | 'too_many_bad_lines';

export type FrameHandlers = {
  readonly onFrame: (frame: Frame, line: string) => void;
  /** The line as it came; the caller decides how much of it to keep. */
  readonly onBadLine: (line: string) => void;
  /** Called once; nothing is delivered after it. */
  readonly onViolation: (violation: FrameViolation) => void;
};

export type FrameReader = {
  push(chunk: Uint8Array): void;
  /** The stream ended: delivers a last line that had no line end. */
  end(): void;
  readonly badLines: number;
};

const LF = 0x0a;

/**
 * Splits bytes into lines and lines into JSON objects. Bytes are decoded per whole line, so a character cut in two by a pipe
 * arrives whole; every byte is looked at once, however small the pieces are.
 */
export function createFrameReader(handlers: FrameHandlers, limits: FrameLimits = frameLimits): FrameReader {
  let pieces: Uint8Array[] = [];
  let held = 0;
  let badLines = 0;
  let over = false;

  const violate = (violation: FrameViolation): void => {
    over = true;
    pieces = [];
    held = 0;
    handlers.onViolation(violation);
  };

  const deliver = (line: string): void => {
    const text = line.trim();
    if (text === '') return;
    const frame = parseObject(text);
    if (frame !== null) {
      handlers.onFrame(frame, text);
      return;
    }
    badLines += 1;
    handlers.onBadLine(text);
    if (badLines > limits.maxBadLines) violate('too_many_bad_lines');
  };

  const take = (last: Uint8Array): string => {
    const line = pieces.length === 0 ? Buffer.from(last) : Buffer.concat([...pieces, last]);
    pieces = [];
    held = 0;
    return line.toString('utf8');
  };

  return {
    push(chunk) {
      let start = 0;
      while (!over) {
        const at = chunk.indexOf(LF, start);
        const piece = chunk.subarray(start, at === -1 ? chunk.length : at);
        if (held + piece.length > limits.maxLineBytes) {
          violate('line_too_long');
          return;
        }
        if (at === -1) {
          // A copy: the stream may reuse the chunk's memory once this call returns.
          if (piece.length > 0) pieces.push(Uint8Array.from(piece));
          held += piece.length;
          return;
        }
        deliver(take(piece));
        start = at + 1;
      }
    },
    end() {
      if (!over && held > 0) deliver(take(new Uint8Array()));
    },
    get badLines() {
      return badLines;
    },
  };
}

function parseObject(text: string): Frame | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Frame) : null;
  } catch {
    return null; // counted by the caller as a bad line
  }
}
