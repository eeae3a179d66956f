import type { Finding } from '../../../shared/goal/vocabulary.ts';
import type { ChangedText } from './analyse-secrets.ts';
import { few, plural } from './compare-gate.ts';
import { languageOf, readTestSource } from './test-source.ts';

export type ChangedTestFile = ChangedText & { readonly change: 'added' | 'modified' | 'deleted' | 'type' };

/**
 * Deleted, skipped, focused and weakened tests (decisions §1). The deciding run uses the base copies in any case; this says
 * that somebody tried. `mayChange`: a person said before agents started that tests may change, so it becomes a question.
 */
export function findWeakenedTests(files: readonly ChangedTestFile[], mayChange: boolean): Finding[] {
  const findings: Finding[] = [];
  const effect = mayChange ? 'question' : 'breach';
  const add = (rule: string, file: string, message: string): void => {
    findings.push({ rule, severity: 'blocker', effect, file, line: null, message });
  };
  const addedElsewhere = new Map(
    files
      .filter((file) => file.change === 'added')
      .flatMap((file) => readTestSource(file.path, file.after).titles.map((title) => [title, file.path])),
  );
  for (const file of files) {
    const before = readTestSource(file.path, file.before);
    if (file.change === 'deleted' || file.change === 'type') {
      const moved = before.titles.length > 0 && before.titles.every((title) => addedElsewhere.has(title));
      if (moved)
        findings.push({
          rule: 'test.moved',
          severity: 'warning',
          effect: 'none',
          file: file.path,
          line: null,
          message: `Its tests are elsewhere now; it was verified with this one: ${few(movedTo(file.path, before.titles, addedElsewhere))}.`,
        });
      else add('test.deleted', file.path, 'A test file was deleted.');
      continue;
    }
    if (file.change === 'added') {
      // New tests are free, but a new conftest can switch off every test there is.
      if (/(?:^|\/)conftest\.py$/.test(file.path) && OVERRULING_HOOK.test(file.after))
        add('test.hook', file.path, 'A new conftest.py decides over the results of other tests.');
      continue;
    }
    if (languageOf(file.path) === 'other') continue;
    const after = readTestSource(file.path, file.after);
    const gone = missing(before.titles, after.titles);
    const fresh = missing(after.titles, before.titles);
    if (gone.length > fresh.length)
      add('test.deleted', file.path, `${plural(gone.length, 'test')} were taken out: ${few(gone)}.`);
    else if (gone.length > 0)
      findings.push({
        rule: 'test.renamed',
        severity: 'warning',
        effect: 'none',
        file: file.path,
        line: null,
        message: `Tests have other names now: ${few(gone.map((title, at) => `${title} → ${fresh[at] ?? ''}`))}.`,
      });
    if (after.markers > before.markers)
      add('test.skipped', file.path, 'Tests are skipped, focused or expected to fail that were not before.');
    if (gone.length === 0 && fresh.length === 0 && after.assertions < before.assertions)
      add(
        'test.assertions',
        file.path,
        `${plural(before.assertions - after.assertions, 'assertion')} fewer than before in the same tests.`,
      );
    if (OVERRULING_HOOK.test(file.after) && !OVERRULING_HOOK.test(file.before))
      add('test.hook', file.path, 'A hook was added that decides over the results of tests.');
  }
  return findings;
}

/** `old → new`, once for each file. */
function movedTo(path: string, titles: readonly string[], now: ReadonlyMap<string, string>): string[] {
  return [...new Set(titles.map((title) => `${path} → ${now.get(title) ?? ''}`))];
}

const OVERRULING_HOOK =
  /\bdef\s+pytest_(?:runtest_makereport|runtest_logreport|runtest_call|runtest_protocol|pyfunc_call|report_teststatus|sessionfinish)\b/;

/** Members of `all` that are not in `others`, counted as often as they occur. */
function missing(all: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const title of others) left.set(title, (left.get(title) ?? 0) + 1);
  return all.filter((title) => {
    const count = left.get(title) ?? 0;
    left.set(title, count - 1);
    return count <= 0;
  });
}
