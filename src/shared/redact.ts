export const redactionMark = '[REDACTED]';

/** What was said, with what looks like a secret replaced, and how often that happened. */
export type Redacted = { readonly text: string; readonly count: number };
export type Redact = (text: string) => Redacted;

type Shape = {
  readonly pattern: RegExp;
  /** How much of a match stays in front of the mark; `null` when it only looked like a secret. */
  readonly kept?: (match: RegExpExecArray) => string | null;
};

/**
 * Secret shapes with few false alarms. All are ASCII, so they work on text decoded as Latin-1 too, which keeps bytes that are not
 * UTF-8 exactly as they were. Few ask for a word boundary in front: in JSON text and in coloured output an escape ends there
 * ("\nghp_…", "[32mghp_…"). Every repetition in front of what decides is bounded, so hostile text cannot make matching slow.
 */
const shapes: readonly Shape[] = [
  { pattern: /gh[pousr]_[A-Za-z0-9]{20,}/g },
  { pattern: /github_pat_[A-Za-z0-9_]{22,}/g },
  { pattern: /glpat-[A-Za-z0-9_-]{20,}/g },
  { pattern: /(?:AKIA|ASIA)[A-Z0-9]{16,}/g },
  { pattern: /xox[abeprs]-[A-Za-z0-9-]{10,}/g },
  { pattern: /[sr]k_(?:live|test)_[A-Za-z0-9]{16,}/g },
  { pattern: /AIza[A-Za-z0-9_-]{35}/g },
  { pattern: /npm_[A-Za-z0-9]{36}/g },
  { pattern: /hf_[A-Za-z0-9]{34}/g },
  { pattern: /SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}/g },
  { pattern: /pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{40,}/g },
  {
    pattern:
      /eyJ(?<=(?:^|[^A-Za-z0-9_-]|\\[nrt]|\[[0-9;]{0,12}m)eyJ)[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g,
  },
  {
    // "task-…", "disk-…" and kebab-case names are no keys: a key starts a word and has a long run with a digit in it.
    pattern:
      /sk-(?<=(?:^|[^A-Za-z0-9]|\\[nrt]|\[[0-9;]{0,12}m)sk-)(?=[A-Za-z0-9_-]{0,80}[0-9])(?:(?:ant|proj|svcacct|or|kimi)-[A-Za-z0-9_-]{32,}|[A-Za-z0-9_-]{0,40}?[A-Za-z0-9]{20}[A-Za-z0-9_-]*)/g,
  },
  {
    pattern: /(bearer(?:[ \t]{1,8}|%20))([A-Za-z0-9._~+/-]{20,}=*)/gi,
    kept: ([, before = '', token = '']) => (/[0-9]|[a-z].*[A-Z]|[A-Z].*[a-z]/.test(token) ? before : null),
  },
  {
    pattern: /(authorization["']?[ \t]{0,4}[:=][ \t]{0,4}["']?basic[ \t]{1,8})[A-Za-z0-9+/]{12,}={0,2}/gi,
    kept: ([, before = '']) => before,
  },
  {
    pattern: /(aws_?secret_?access_?key\\?["']?[ \t]{0,4}[:=][ \t]{0,4}\\?["']?)[A-Za-z0-9+/]{40}/gi,
    kept: ([, before = '']) => before,
  },
  {
    // Whatever quotes, prefixes or escapes the lines of a key, its body ends at a character that none of them has. A mention of
    // the header without a body is no key.
    pattern:
      /-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----([A-Za-z0-9+/=\s\\:,.|>#*"'-]*?)(?:-----END (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----|(?![A-Za-z0-9+/=\s\\:,.|>#*"'-]))/g,
    kept: ([, body = '']) => (/[A-Za-z0-9+/]{24}/.test(body) ? '' : null),
  },
];

/** Replaces what looks like a secret; says how many. Idempotent, the text around stays. */
export const redactText: Redact = (text) => {
  let out = text;
  let count = 0;
  // What a replaced stretch touched may be recognised only now.
  for (let found = 1; found > 0; count += found) {
    found = 0;
    for (const shape of shapes) {
      const matches = matchesOf(shape, out);
      found += matches.length;
      if (matches.length > 0) out = replace(out, matches);
    }
  }
  return { text: out, count };
};

function replace(text: string, matches: readonly Match[]): string {
  let out = '';
  let at = 0;
  for (const { start, end, before } of matches) {
    out += text.slice(at, start) + before + redactionMark;
    at = end;
  }
  return out + text.slice(at);
}

type Match = { readonly start: number; readonly end: number; readonly before: string };

function matchesOf({ pattern, kept }: Shape, text: string): readonly Match[] {
  const found: Match[] = [];
  for (const match of text.matchAll(pattern)) {
    const before = kept ? kept(match) : '';
    if (before !== null) found.push({ start: match.index, end: match.index + match[0].length, before });
  }
  return found;
}

/** Every stretch of the text that would be replaced. */
export const secretSpans = (text: string): readonly { readonly start: number; readonly end: number }[] =>
  shapes.flatMap((shape) => matchesOf(shape, text));

/** Names whose value is a secret whatever it looks like. */
const secretKey = /^(?:api_?key|token|password|secret)$|[_-](?:token|secret)$|authorization/i;

/** Redacts every string inside a JSON value, and the whole of what a key calls a secret; keys and structure stay. */
export function redactJson<T>(value: T, redact: Redact = redactText): T {
  if (typeof value === 'string') return redact(value).text as T & string;
  if (Array.isArray(value)) return value.map((one: unknown) => redactJson(one, redact)) as T & unknown[];
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      typeof member === 'string' && member !== '' && secretKey.test(key)
        ? redactionMark
        : redactJson(member, redact),
    ]),
  ) as T & object;
}

/**
 * `redactText`, and these values wherever they appear, as they are and as JSON text. Meant for what the environment of omk holds
 * under the name of a key (`secretValues`).
 */
export function redactorOf(values: readonly string[]): Redact {
  const literal = [...new Set(values.flatMap((value) => [value, JSON.stringify(value).slice(1, -1)]))]
    .filter((value) => value.length >= 8)
    .toSorted((a, b) => b.length - a.length);
  if (literal.length === 0) return redactText;
  return (text) => {
    let count = 0;
    let out = text;
    for (const value of literal) {
      const parts = out.split(value);
      count += parts.length - 1;
      out = parts.join(redactionMark);
    }
    const rest = redactText(out);
    return { text: rest.text, count: count + rest.count };
  };
}

/** Values of an environment that are secrets by their name and could not be mistaken for a word or a path. */
export function secretValues(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    value !== undefined &&
    /KEY|TOKEN|SECRET|PASSW|CREDENTIAL/i.test(name) &&
    /^(?!\/)(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9_\-+/=.~]{16,400}$/.test(value)
      ? [value]
      : [],
  );
}
