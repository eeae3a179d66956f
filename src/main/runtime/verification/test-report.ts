/** What a runner said about one test. Skipped, todo and expected failure are one thing: not a pass. */
export type TestOutcome = 'passed' | 'failed' | 'skipped';

export type ReportedTest = {
  /** `file > suite > … > name`, plus ` #n` for the n-th of equal ones. Stable over runs, places and machines. */
  readonly id: string;
  /** POSIX, relative to the tree; '' when the runner does not say. */
  readonly file: string;
  readonly outcome: TestOutcome;
};

/** A test file that failed as a whole: it does not compile, throws while loading, or is ended from outside. */
export type FileError = { readonly file: string; readonly message: string };

export type TestReport = {
  readonly tests: readonly ReportedTest[];
  readonly fileErrors: readonly FileError[];
};

export type RawTest = {
  readonly file: string;
  /** Names of the suites around the test, then its own. */
  readonly path: readonly string[];
  readonly outcome: TestOutcome;
};

export type IdentityOptions = {
  /** Absolute places of this run (tree, HOME, TMPDIR), whatever their name was this time. The first one is the tree. */
  readonly roots: readonly string[];
  /** Evidence is stored redacted; ids must be the same before and after. */
  readonly redact: (text: string) => string;
};

const SEPARATOR = ' > ';
const ADDRESS = /0x[0-9a-f]{6,}/gi;
const DURATION = /\(\d+(?:\.\d+)?\s?(?:ms|s|µs|us|min)\)/g;

/** File path of a report as the tree knows it: relative, POSIX, without `./`. */
export function treePath(file: string, roots: readonly string[]): string {
  let path = file.replaceAll('\\', '/').replace(/^file:\/\//, '');
  for (const root of roots)
    if (root !== '' && path.startsWith(`${root}/`)) path = path.slice(root.length + 1);
  while (path.startsWith('./')) path = path.slice(2);
  return path;
}

/**
 * Gives reported tests their ids (decisions H11): file, suites, name and an ordinal for duplicates in report order, with
 * absolute paths, addresses and durations taken out, because those differ between two honest runs.
 */
export function identify(raw: readonly RawTest[], options: IdentityOptions): ReportedTest[] {
  const seen = new Map<string, number>();
  return raw.map((test) => {
    const file = treePath(test.file, options.roots);
    const names = test.path.map((name) => stableName(name, options));
    const plain = options.redact([file, ...names].filter((part) => part !== '').join(SEPARATOR));
    const count = (seen.get(plain) ?? 0) + 1;
    seen.set(plain, count);
    return { id: count === 1 ? plain : `${plain} #${count}`, file, outcome: test.outcome };
  });
}

function stableName(name: string, options: IdentityOptions): string {
  let text = name;
  for (const root of options.roots)
    if (root !== '') text = text.replaceAll(`${root}/`, '').replaceAll(root, '.');
  return text.replace(ADDRESS, '0x…').replace(DURATION, '').trim();
}

/** The suite (or file) that a test belongs to: its id without the last name and ordinal. */
export function parentOf(test: ReportedTest): string {
  const cut = test.id.lastIndexOf(SEPARATOR);
  return cut === -1 ? test.file : test.id.slice(0, cut);
}

export function countTests(tests: readonly ReportedTest[]): {
  passed: number;
  failed: number;
  skipped: number;
} {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const test of tests) counts[test.outcome] += 1;
  return counts;
}
