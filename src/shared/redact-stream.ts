import { redactText, secretSpans } from './redact.ts';
import type { Redact } from './redact.ts';

/** The longest stretch that is held back to be looked at as a whole. */
export const HOLD_LIMIT = 64 * 1024;
/** Longer than any secret on one line; what a long line is cut at has so much behind it. */
const KEEP = 4 * 1024;
const HEADER = '-----BEGIN ';

export interface StreamRedactor {
  /** What of the text so far can no longer turn out to be a part of a secret. */
  push(text: string): string;
  /** The rest. */
  end(): string;
}

/**
 * Redacts text that arrives in pieces, wherever these are cut. Text is handed on line by line, because only a private key spans
 * lines; a line or key longer than `HOLD_LIMIT` is handed on in parts that cut no secret.
 */
export function createStreamRedactor(redact: Redact = redactText): StreamRedactor {
  let pending = '';
  const take = (length: number): string => {
    const text = redact(pending.slice(0, length)).text;
    pending = pending.slice(length);
    return text;
  };
  return {
    push(text) {
      pending += text;
      if (pending.length <= HOLD_LIMIT && !text.includes('\n')) return '';
      const line = pending.lastIndexOf('\n') + 1;
      const key = openKeyAt(pending, line);
      const cut = key === null ? line : Math.min(line, key);
      if (cut > 0) return take(cut);
      return pending.length > HOLD_LIMIT ? take(cutBefore(pending, pending.length - KEEP)) : '';
    },
    end: () => take(pending.length),
  };
}

/** Where a private key begins whose last line is not whole yet; what precedes it is safe. */
function openKeyAt(text: string, line: number): number | null {
  let at = text.indexOf(HEADER, Math.max(0, text.length - HOLD_LIMIT + 1));
  while (at >= 0) {
    const end = text.indexOf('-----END ', at);
    if (end < 0 || end >= line) return at;
    at = text.indexOf(HEADER, end);
  }
  return null;
}

/** The last place up to `at` that is not inside a secret; where one fills everything, its end. */
function cutBefore(text: string, at: number): number {
  const across = secretSpans(text).filter(({ start, end }) => start < at && end > at);
  const first = Math.min(at, ...across.map(({ start }) => start));
  return first > 0 ? first : Math.max(...across.map(({ end }) => end));
}
