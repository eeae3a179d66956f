import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { redactText, redactionMark } from '../../../shared/redact.ts';

/** `in`: from the agent, `out`: to it, `err`: its standard error, `note`: omk's own remark about the traffic. */
export type TranscriptDirection = 'in' | 'out' | 'err' | 'note';

export type Transcript = {
  /** One frame as the JSON text it had on the wire. */
  frame(direction: 'in' | 'out', json: string): void;
  /** Anything that is not a frame: a line that does not parse, standard error, a remark. */
  text(direction: TranscriptDirection, text: string): void;
  /** Synced to disk when this returns. Idempotent. */
  close(): TranscriptSummary;
};

export type TranscriptSummary = {
  readonly lines: number;
  readonly bytes: number;
  /** Lines left out: over the quota, or the disk refused them. */
  readonly dropped: number;
  readonly redacted: number;
};

/** What one attempt may leave on disk; a transcript is evidence, not an archive. */
const QUOTA_BYTES = 5_000_000;
/** Of it, for the end: how a flood ended says more than its middle. */
const TAIL_BYTES = 512 * 1024;
const FLUSH_BYTES = 64 * 1024;

/**
 * Raw agent traffic of one attempt as JSON Lines `{"ms","dir","frame"|"text"}`, redacted before the first byte is written
 * (0600, appended). Of more than the quota the beginning and the end are kept, the end once it is closed. Recording never
 * fails the session: what a full disk refuses is counted in `dropped`.
 *
 * @param secrets values let through to the agent by name, replaced wherever they appear literally
 */
export function openTranscript(
  path: string,
  o: { readonly secrets?: readonly string[]; readonly quotaBytes?: number; readonly now?: () => number } = {},
): Transcript {
  const now = o.now ?? Date.now;
  const quota = o.quotaBytes ?? QUOTA_BYTES;
  const tailQuota = Math.min(TAIL_BYTES, Math.floor(quota / 10));
  const secrets = (o.secrets ?? []).filter((secret) => secret.length >= 8);
  const startedAt = now();
  let lines = 0;
  let bytes = 0;
  let dropped = 0;
  let redacted = 0;
  let pending = '';
  let tail: { readonly line: string; readonly size: number }[] = [];
  let tailBytes = 0;
  let fd = open(path);
  let timer: NodeJS.Timeout | null = null;

  const flush = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (fd === null || pending === '') return;
    const text = pending;
    pending = '';
    try {
      writeSync(fd, text);
    } catch {
      dropped += text.split('\n').length - 1; // disk full or gone: counted, and the session goes on
    }
  };

  const clean = (text: string): string => {
    let out = text;
    for (const secret of secrets) {
      if (!out.includes(secret)) continue;
      const parts = out.split(secret);
      redacted += parts.length - 1;
      out = parts.join(redactionMark);
    }
    const result = redactText(out);
    redacted += result.count;
    return result.text;
  };

  const write = (line: string): void => {
    const size = Buffer.byteLength(line) + 1;
    if (fd === null) dropped += 1;
    else if (tail.length > 0 || bytes + size > quota - tailQuota) keepForTheEnd(line, size);
    else append(line, size);
  };

  const keepForTheEnd = (line: string, size: number): void => {
    tail.push({ line, size });
    tailBytes += size;
    while (tailBytes > tailQuota) {
      tailBytes -= tail.shift()?.size ?? 0;
      dropped += 1;
    }
  };

  const append = (line: string, size: number): void => {
    lines += 1;
    bytes += size;
    pending += `${line}\n`;
    if (pending.length >= FLUSH_BYTES) flush();
    else timer ??= setTimeout(flush, 100).unref();
  };

  const head = (direction: TranscriptDirection): string => `{"ms":${now() - startedAt},"dir":"${direction}",`;

  return {
    frame(direction, json) {
      const text = clean(json);
      // A redaction may have taken the end of a frame with it; what is left is kept as text.
      const whole = text === json || parses(text);
      write(`${head(direction)}${whole ? `"frame":${text}` : `"text":${JSON.stringify(text)}`}}`);
    },
    text: (direction, text) => write(`${head(direction)}"text":${clean(JSON.stringify(text))}}`),
    close() {
      for (const { line, size } of tail) append(line, size);
      tail = [];
      flush();
      if (fd !== null) {
        const open = fd;
        fd = null;
        try {
          fsyncSync(open);
        } finally {
          closeSync(open);
        }
      }
      return { lines, bytes, dropped, redacted };
    },
  };
}

function parses(json: string): boolean {
  try {
    JSON.parse(json);
    return true;
  } catch {
    return false;
  }
}

function open(path: string): number | null {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openSync(path, 'a', 0o600);
  } catch {
    return null; // everything is counted as dropped
  }
}
