import { err, ok } from '../../../../shared/kernel/result.ts';
import type { FileError, RawTest } from '../../../runtime/verification/test-report.ts';
import type { ParsedReport } from './types.ts';

const RUNNING = /^ {5}Running (?:unittests )?(\S+) \((?:.*\/)?([\w-]+?)-[0-9a-f]{16}(?:\.exe)?\)$/;
const IN_DOCS = /^ {3}Doc-tests (\S+)$/;
const COUNT = /^running (\d+) tests?$/;
const TEST = /^test (.+?) \.\.\. (ok|FAILED|ignored)(?:[,: ].*)?$/;
const DOC_LINE = / \(line (\d+)\)$/;
const RESULT = /^test result: (?:ok|FAILED)\. (\d+) passed; (\d+) failed; (\d+) ignored;/;

/** In place of the file of examples in documentation, which cargo does not say in a stable way. */
export const DOC_TESTS = 'doc-tests';

type ListedTest = RawTest & { /** Of a doc test; 0 of any other. */ readonly line: number };

/**
 * What `cargo test` prints for people, the only report that stable Rust has. Each test program must announce its tests, list
 * as many and sum them up; one that ends in between (`process::exit`, a crash) is a failed file. Tests share the stream with
 * the code they test, so a listing proves less than a pipe does: it is used to find what is missing or red.
 */
export function parseCargoTest(text: string): ParsedReport {
  const tests: ListedTest[] = [];
  const fileErrors: FileError[] = [];
  let target = { file: '', suite: '' };
  let open: { announced: number; from: number } | null = null;
  let programs = 0;
  const endedEarly = (): void => {
    fileErrors.push({ file: target.file, message: 'It ended before all of its tests had reported.' });
    open = null;
  };
  for (const line of text.split(/\r?\n/)) {
    const running = RUNNING.exec(line);
    const doc = IN_DOCS.exec(line);
    if (running !== null || doc !== null) {
      if (open !== null) endedEarly();
      target =
        running === null
          ? { file: DOC_TESTS, suite: doc?.[1] ?? '' }
          : { file: running[1] ?? '', suite: running[2] ?? '' };
      continue;
    }
    const announced = COUNT.exec(line)?.[1];
    if (announced !== undefined) {
      if (open !== null) endedEarly();
      open = { announced: Number(announced), from: tests.length };
      programs += 1;
      continue;
    }
    const test = TEST.exec(line);
    if (test !== null && open !== null) {
      const named = (test[1] ?? '').replace(/ - (?:should panic|compile(?: fail)?)$/, '');
      const inDocs = target.file === DOC_TESTS;
      const name = inDocs ? named.replace(DOC_LINE, '') : named;
      const outcome = test[2] === 'ok' ? 'passed' : test[2] === 'FAILED' ? 'failed' : 'skipped';
      tests.push({
        file: target.file,
        path: [target.suite, ...name.split('::')],
        outcome,
        line: inDocs ? Number(DOC_LINE.exec(named)?.[1] ?? 0) : 0,
      });
      continue;
    }
    const result = RESULT.exec(line);
    if (result !== null && open !== null) {
      const sum = Number(result[1]) + Number(result[2]) + Number(result[3]);
      const listed = tests.length - open.from;
      if (sum !== open.announced || listed !== open.announced) endedEarly();
      open = null;
    }
  }
  if (open !== null) endedEarly();
  if (programs === 0)
    return err(/^error(?:\[E\d+\])?:/m.test(text) ? 'it does not compile.' : 'it lists no test program.');
  return ok({ tests: inSourceOrder(tests).map(({ line: _, ...test }) => test), fileErrors });
}

/**
 * A doc test is named by its item alone, because its line moves with every line added above it. Several of one item are
 * told apart by their order, so they are put in that of the source: they are reported in that of their ending.
 */
function inSourceOrder(tests: readonly ListedTest[]): readonly ListedTest[] {
  return tests.toSorted((a, b) => a.line - b.line);
}
