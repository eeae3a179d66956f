import { redactText } from '../../../shared/redact.ts';
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
      if (!/-----BEGIN/.test(line) && redactText(line).count > 0)
        findings.push(finding(file.path, index + 1, 'secret.token', 'what looks like an access token'));
      else if (isAssignment(line) && lockClass(file.path) === null)
        findings.push(
          finding(file.path, index + 1, 'secret.assignment', 'what looks like a password or key'),
        );
    }
  }
  return findings;
}

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
  const header = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{20}/;
  const found = header.exec(file.after);
  if (found === null || header.test(file.before)) return null;
  return file.after.slice(0, found.index).split('\n').length;
}

function isAssignment(line: string): boolean {
  const value = ASSIGNMENT.exec(line)?.[2];
  if (value === undefined || PLACEHOLDER.test(value)) return false;
  return /\d/.test(value) && /[A-Za-z]/.test(value) && entropy(value) >= 3.3;
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
