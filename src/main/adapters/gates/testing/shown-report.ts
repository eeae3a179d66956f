import type { ParsedReport } from '../parsers/types.ts';

/** A report as lines that a test can compare: each test with its outcome, each file that did not load with a mark, or the error. */
export const shownReport = (parsed: ParsedReport): unknown =>
  parsed.ok
    ? [
        ...parsed.value.tests.map((test) => `${[test.file, ...test.path].join(' > ')}: ${test.outcome}`),
        ...parsed.value.fileErrors.map((error) => `${error.file}!`),
      ]
    : parsed.error;
