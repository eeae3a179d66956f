/**
 * Secret shapes with few false alarms. All patterns are ASCII, so they work on text decoded as Latin-1 too, which keeps
 * bytes that are not UTF-8 exactly as they were.
 */
const patterns: readonly RegExp[] = [
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{22,}/g,
  /\bglpat-[A-Za-z0-9_-]{20,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bxox[abeprs]-[A-Za-z0-9-]{10,}/g,
  /\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}/g,
  /\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,}/g,
  /\bAIza[A-Za-z0-9_-]{35}\b/g,
  /\bnpm_[A-Za-z0-9]{36}\b/g,
  /(?<=\b[Bb]earer\s+)[A-Za-z0-9._~+/-]{20,}=*/g,
  /-----BEGIN (?:[A-Z ]+ )?PRIVATE KEY-----[\s\S]*?(?:-----END (?:[A-Z ]+ )?PRIVATE KEY-----|$)/g,
];

export const redactionMark = '[REDACTED]';

/** Replaces what looks like a secret; says how many. Idempotent, the text around stays. */
export function redactText(text: string): { readonly text: string; readonly count: number } {
  let count = 0;
  let out = text;
  for (const pattern of patterns) {
    out = out.replace(pattern, () => {
      count += 1;
      return redactionMark;
    });
  }
  return { text: out, count };
}

/** Redacts every string inside a JSON value; keys and structure stay. */
export function redactJson<T>(value: T): T {
  if (typeof value === 'string') return redactText(value).text as T & string;
  if (Array.isArray(value)) return value.map(redactJson) as T & unknown[];
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, redactJson(member)])) as T &
    object;
}
