import type { Finding } from '../../../shared/goal/vocabulary.ts';
import type { ChangedText } from './analyse-secrets.ts';
import { few, plural } from './compare-gate.ts';
import { rustDocTests } from './rust-doc-tests.ts';
import type { DocTest } from './rust-doc-tests.ts';
import { withoutComments } from './test-source.ts';

const TEST_FN =
  /#\[(?:\w+::)*test\b[^\]]*\]\s*((?:#\[[^\]]*\]\s*)*)(?:pub\s+)?(?:async\s+)?fn\s+(\w+)[^{;]*\{/g;

/**
 * Tests inside product files (decisions H10): they cannot be put back without undoing the change around them, so existing
 * ones are compared as name and body, examples in documentation too. New ones are free. Rust only; other languages keep tests in files of their own.
 */
export function findInlineChanges(files: readonly ChangedText[], mayChange: boolean): Finding[] {
  return files.flatMap((file) => {
    if (!file.path.endsWith('.rs') || file.before === '') return [];
    const before = inlineTests(file.before);
    const after = inlineTests(file.after);
    const docs = compareDocTests(file);
    const gone = [...[...before.keys()].filter((name) => !after.has(name)), ...docs.gone];
    const changed = [
      ...[...before]
        .filter(([name, body]) => after.has(name) && after.get(name) !== body)
        .map(([name]) => name),
      ...docs.changed,
    ];
    const findings: Finding[] = [];
    if (gone.length > 0)
      findings.push({
        rule: 'test.inline_deleted',
        severity: 'blocker',
        effect: mayChange ? 'question' : 'breach',
        file: file.path,
        line: null,
        message: `${plural(gone.length, 'test')} inside this file ${gone.length === 1 ? 'was' : 'were'} taken out: ${few(gone)}.`,
      });
    if (changed.length > 0)
      findings.push({
        rule: 'test.inline_changed',
        severity: 'blocker',
        effect: 'question',
        file: file.path,
        line: null,
        message: `${plural(changed.length, 'test')} inside this file ${changed.length === 1 ? 'was' : 'were'} changed and cannot be restored: ${few(changed)}.`,
      });
    return findings;
  });
}

/** An example that is still there under its item is the same test, wherever it stands among others. */
function compareDocTests(file: ChangedText): { readonly gone: string[]; readonly changed: string[] } {
  const after = rustDocTests(file.after);
  const missing = rustDocTests(file.before).filter(
    (test) => !after.some(({ item, body }) => item === test.item && body === test.body),
  );
  const stays = (item: string): boolean => after.some((one) => one.item === item);
  const named = ({ item }: DocTest): string => `example of ${item === '' ? 'the file' : item}`;
  return {
    gone: missing.filter(({ item }) => !stays(item)).map(named),
    changed: missing.filter(({ item }) => stays(item)).map(named),
  };
}

/** Name → attributes and body, white space aside. */
function inlineTests(text: string): Map<string, string> {
  const code = withoutComments(text, 'rs');
  const tests = new Map<string, string>();
  for (const match of code.matchAll(TEST_FN)) {
    const start = match.index + match[0].length;
    let depth = 1;
    let end = start;
    for (; end < code.length && depth > 0; end += 1) {
      if (code[end] === '{') depth += 1;
      if (code[end] === '}') depth -= 1;
    }
    const body = `${match[1] ?? ''}${code.slice(start, end)}`.replaceAll(/\s+/g, ' ').trim();
    const name = match[2] ?? '';
    tests.set(tests.has(name) ? `${name} #${tests.size}` : name, body);
  }
  return tests;
}
