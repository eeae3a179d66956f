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
    if (key !== null) findings.push(finding(file.path, key, 'secret.private_key', 'a private key'));
    for (const [index, line] of file.after.split('\n').entries()) {
      if (line.length > 20_000 || old.has(line)) continue;
      if (!/-----BEGIN/.test(line) && hasToken(line))
        findings.push(finding(file.path, index + 1, 'secret.token', 'what looks like an access token'));
      else if ((isAssignment(line) || isLogin(line)) && lockClass(file.path) === null)
        findings.push(
          finding(file.path, index + 1, 'secret.assignment', 'what looks like a password or key'),
        );
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
    return count === 0
      ? []
      : [{ ...finding(text, 1, 'secret.token', 'a name with an access token'), line: null }];
  });
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

function finding(file: string, line: number, rule: string, what: string): Finding {
  return {
    rule,
    severity: 'blocker',
    effect: 'breach',
    file,
    line,
    message: `The change adds ${what}; take it out and revoke it.`,
  };
}
