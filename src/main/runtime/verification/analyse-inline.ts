import type { Finding } from '../../../shared/goal/vocabulary.ts';
import type { ChangedText } from './analyse-secrets.ts';
import { few, plural } from './compare-gate.ts';
import { inlineTests } from './inline-tests.ts';
import type { InlineTest } from './inline-tests.ts';

/**
 * Tests inside product files (decisions H10): they cannot be put back without undoing the change around them, so existing
 * ones are compared as name and body. New ones are free. `runsExamples`: does a gate run the examples of this file, where the
 * language alone does not say so?
 */
export function findInlineChanges(
  files: readonly ChangedText[],
  mayChange: boolean,
  runsExamples: (path: string) => boolean = () => false,
): Finding[] {
  return files.flatMap((file) => {
    if (file.before === '') return [];
    const examples = runsExamples(file.path);
    const { gone, changed } = compare(
      inlineTests(file.path, file.before, examples),
      inlineTests(file.path, file.after, examples),
    );
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

/** A test that is still there under its name with its body is the same test, wherever it stands among others. */
function compare(
  before: readonly InlineTest[],
  after: readonly InlineTest[],
): { readonly gone: string[]; readonly changed: string[] } {
  const missing = before.filter(
    (test) =>
      !after.some(
        ({ name, body }) =>
          name === test.name && (body === test.body || (test.mayGrow && body.startsWith(`${test.body}\n`))),
      ),
  );
  const stays = (name: string): boolean => after.some((one) => one.name === name);
  return {
    gone: missing.filter(({ name }) => !stays(name)).map(({ name }) => name),
    changed: missing.filter(({ name }) => stays(name)).map(({ name }) => name),
  };
}
