import { secretSpans, redactText } from '../../../shared/redact.ts';
import type { Finding } from '../../../shared/goal/vocabulary.ts';
import { lockClass } from './locked.ts';

/** A changed text file on both sides; `before` is '' for a new one. */
export type ChangedText = { readonly path: string; readonly before: string; readonly after: string };

const ASSIGNMENT =
  /\b[\w-]{0,40}(?:api[_-]?key|secret|token|password|passwd|access[_-]?key)\b["']?\s*[:=]\s*(["'`])([^"'`\s]{16,200})\1/i;
const PLACEHOLDER =
  /example|dummy|sample|placeholder|changeme|your[_-]|xxxx|test|fake|mock|\$\{|<[^>]+>|^\*+$/i;

/** Secrets in lines that the slice adds. The finding never repeats the secret. */
export function findSecrets(files: readonly ChangedText[]): Finding[] {
  const findings: Finding[] = [];
  for (const file of files) {
    const old = new Set(file.before.split('\n'));
    const key = newPrivateKey(file);
    if (key !== null) findings.push(finding(file.path, key, 'secret.private_key'));
    for (const [index, line] of file.after.split('\n').entries()) {
      if (old.has(line)) continue;
      if (!/-----BEGIN/.test(line) && hasToken(line))
        findings.push(finding(file.path, index + 1, 'secret.token'));
      else if (lockClass(file.path) === null && piecesOf(line).some(opens))
        findings.push(finding(file.path, index + 1, 'secret.assignment'));
    }
  }
  return findings;
}

/** A token that counts up, repeats one character or says itself that it is an example never opened anything. */
const MADE_UP =
  /(.)\1{5}|abcdefgh|12345678|87654321|example|dummy|fake|placeholder|redacted|(?:your|my)[_-]/i;

const hasToken = (line: string): boolean =>
  secretSpans(line).some(({ start, end }) => !MADE_UP.test(line.slice(start, end)));

/** Names are shown everywhere and landed with the rest. */
export function findSecretNames(paths: readonly string[]): Finding[] {
  return paths.flatMap((path) => {
    const { text, count } = redactText(path);
    return count === 0 ? [] : [finding(text, null, 'secret.token', 'a name with an access token')];
  });
}

const WINDOW = 1024 * 1024;
/** What starts in one window and ends in the next is read whole in the first. */
const OVERLAP = 64 * 1024;
/** What stands in front of a window, because some tokens are only recognised at the start of a word. */
const LEAD = 16;
/** ASCII as UTF-16 or UTF-32 writes it, in either byte order and at any offset. */
const WIDE = /(?:[\t-~]\0(?:\0\0)?){12,}[\t-~]?/g;

/**
 * Secrets in bytes that are no text, or more of it than is read line by line: window by window, as Latin-1 (which UTF-8 is too as far
 * as secrets go) and as wide characters. `before` is read only if something was found; `rest` lets everything else go on between
 * windows.
 */
export async function findSecretsInBytes(
  path: string,
  after: Uint8Array,
  before: () => Promise<Uint8Array | null>,
  rest: () => Promise<void>,
): Promise<Finding[]> {
  const found = await secretsIn(path, after, rest);
  if (found.size === 0) return [];
  const was = await before();
  const old = was === null ? new Map() : await secretsIn(path, was, rest);
  const fresh = [...found].filter(([secret]) => !old.has(secret)).map(([, rule]) => rule);
  return [...new Set(fresh)].map((rule) => finding(path, null, rule));
}

/** Secret → rule. */
async function secretsIn(
  path: string,
  bytes: Uint8Array,
  rest: () => Promise<void>,
): Promise<Map<string, keyof typeof KINDS>> {
  const found = new Map<string, keyof typeof KINDS>();
  for (let from = 0; from < bytes.byteLength; from += WINDOW) {
    const lead = Math.min(from, LEAD);
    const text = latin1(bytes.subarray(from - lead, from + WINDOW + OVERLAP));
    const wide = text.includes('\0') ? (text.match(WIDE) ?? []).map(narrow) : [];
    for (const [at, part] of [text, ...wide].entries()) {
      for (const { start, end } of secretSpans(part)) {
        const secret = part.slice(start, end);
        // The next window has it whole.
        if (at === 0 && (start < lead || start >= lead + WINDOW)) continue;
        if (secret.startsWith('-----BEGIN')) found.set(secret.slice(0, 120), 'secret.private_key');
        else if (!MADE_UP.test(secret)) found.set(secret, 'secret.token');
      }
      if (lockClass(path) !== null) continue;
      for (const line of part.split('\n'))
        for (const piece of piecesOf(line)) if (opens(piece)) found.set(piece, 'secret.assignment');
    }
    await rest();
  }
  return found;
}

/** More at once than an engine takes as arguments. */
const SLICE = 8_192;

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let from = 0; from < bytes.byteLength; from += SLICE)
    text += String.fromCharCode(...bytes.subarray(from, from + SLICE));
  return text;
}

const narrow = (wide: string): string => wide.replaceAll('\0', '');

const opens = (text: string): boolean =>
  /key|secret|token|passw|:\/\//i.test(text) && (isAssignment(text) || isLogin(text));

const PIECE = 16_000;

/** A line as it is, or overlapping parts of one that is too long for patterns that look back and forth. */
export function piecesOf(line: string): string[] {
  const pieces: string[] = [];
  for (let from = 0; from === 0 || from < line.length; from += PIECE)
    pieces.push(line.slice(from, from + PIECE + 400));
  return pieces;
}

function newPrivateKey(file: ChangedText): number | null {
  const header =
    /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\s|\\n|\\r|["'+,])+[A-Za-z0-9+/=]{20}/;
  const found = header.exec(file.after);
  if (found === null || header.test(file.before)) return null;
  return file.after.slice(0, found.index).split('\n').length;
}

function isAssignment(line: string): boolean {
  const value = ASSIGNMENT.exec(line)?.[2];
  if (value === undefined || PLACEHOLDER.test(value)) return false;
  return /\d/.test(value) && /[A-Za-z]/.test(value) && entropy(value) >= 3.3;
}

/** An address of a service with name and password in it; those of one's own machine and of examples are no secrets. */
function isLogin(line: string): boolean {
  const [, password = '', server = ''] =
    /\b(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|ftps?|smtps?|https?):\/\/[^\s:/@"'`]{1,60}:([^\s:/@"'`]{8,100})@([\w.-]+)/i.exec(
      line,
    ) ?? [];
  if (password === '' || PLACEHOLDER.test(password) || MADE_UP.test(password)) return false;
  if (
    /^(?:localhost|127\.|0\.0\.0\.0|(?:db|database|postgres|mysql|redis|mongo|host|server)$)|\bexample\b/.test(
      server,
    )
  )
    return false;
  return !/[{}$<>%]/.test(password) && /\d/.test(password) && /[A-Za-z]/.test(password);
}

function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const c of text) counts.set(c, (counts.get(c) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

const KINDS = {
  'secret.private_key': 'a private key',
  'secret.token': 'what looks like an access token',
  'secret.assignment': 'what looks like a password or key',
};

function finding(file: string, line: number | null, rule: keyof typeof KINDS, what = KINDS[rule]): Finding {
  return {
    rule,
    severity: 'blocker',
    effect: 'breach',
    file: file.slice(0, 1_000),
    line,
    message: `The change adds ${what}; take it out and revoke it.`,
  };
}
