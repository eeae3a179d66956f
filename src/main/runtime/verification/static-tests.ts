import type { GateParser } from '../../../shared/goal/gate-parser.ts';
import type { GateBase } from './base-result.ts';
import { literalTitles } from './test-source.ts';
import type { TestReport } from './test-report.ts';

type Found = {
  /** Files in which the runner looks for tests by itself. */
  readonly files: RegExp;
  /** Does one file that does not load, or compile, keep all others from being run? */
  readonly allOrNothing: boolean;
  /** Are tests reported under the file they are written in? */
  readonly byFile: boolean;
};

const js = /(?:^|\/)(?:__tests__\/.*|[^/]+[._-](?:test|spec))\.[cm]?[jt]sx?$/;
const of = (files: RegExp, allOrNothing: boolean, byFile = true): Found => ({ files, allOrNothing, byFile });
/** Nothing is known of `junit-xml`: any runner may write it. */
const runners: Readonly<Record<GateParser, Found | null>> = {
  'node-tap': of(/(?:^|\/)(?:test\/.*|test[._-][^/]*|[^/]+[._-]test)\.[cm]?[jt]s$/, false),
  'vitest-json': of(js, false),
  'jest-json': of(js, false),
  'mocha-json': of(/(?:^|\/)test\/[^/]+\.[cm]?js$/, true),
  'playwright-json': of(js, true),
  pytest: of(/(?:^|\/)(?:test_[^/]*|[^/]*_test)\.py$/, false),
  unittest: of(/(?:^|\/)test[^/]*\.py$/, false),
  'rspec-json': of(/(?:^|\/)spec\/.*_spec\.rb$/, true),
  'phpunit-junit': of(/Test\.php$/, true),
  'cargo-test': of(/(?:^|\/)(?:tests\/[^/]+|src\/.*)\.rs$/, true, false),
  'go-json': of(/_test\.go$/, true, false),
  ctest: of(/(?:^|\/)CMakeLists\.txt$/, true, false),
  'junit-xml': null,
  none: null,
};

/** Code of others, data that looks like tests, and what is built on one system only. */
const ELSEWHERE =
  /(?:^|\/)(?:vendor|node_modules|testdata|fixtures)\/|_(?:windows|darwin|linux|[a-z]+bsd|js|plan9)_test\.go$/;

/** Go reports packages: the folder of a file is the end of its package's name; that of a file at the top is not known. */
function inPackage(path: string, packages: readonly string[]): boolean {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  return folder === '' || packages.some((name) => name.endsWith(`/${folder}`));
}

/** Files whose tests a gate should run and of which its base runs can have said nothing (decisions H11). */
export function unheardFiles(
  parser: GateParser,
  base: GateBase,
  paths: readonly string[],
): readonly string[] {
  const found = runners[parser];
  const silent = !base.parsed || base.expected.length === 0;
  if (found === null || !(silent || (found.allOrNothing && base.brokenFiles.length > 0))) return [];
  // What did not load by itself is asked for by name.
  const heard = new Set([...base.expected.map((test) => test.file), ...base.brokenFiles]);
  return paths.filter(
    (path) =>
      found.files.test(path) &&
      !heard.has(path) &&
      !ELSEWHERE.test(path) &&
      (silent || parser !== 'go-json' || inPackage(path, base.brokenFiles)),
  );
}

/** Tests that are written in a file, by names that a report has in it. */
export function writtenTests(path: string, text: string): string[] {
  if (path.endsWith('CMakeLists.txt'))
    return [...text.matchAll(/^[ \t]*add_test\s*\(\s*(?:NAME\s+)?"?(?!NAME\s)([\w.:+-]+)"?[\s)]/gim)].map(
      (match) => match[1] ?? '',
    );
  const titles = literalTitles(path, text);
  if (/^\/\/(?:go:build|\s*\+build)/m.test(text)) return [];
  return path.endsWith('.go')
    ? titles.filter((title) => /^(?:Test|Fuzz)(?![a-z])/.test(title) && title !== 'TestMain')
    : titles;
}

/** Those of the tests of a file that one of the reports does not have. */
export function unlisted(
  parser: GateParser,
  path: string,
  titles: readonly string[],
  reports: readonly TestReport[],
): string[] {
  const byFile = runners[parser]?.byFile === true;
  return titles.filter((title) => {
    const has = new RegExp(`(?:^| > )${escaped(title)}(?=$| #\\d| > |\\[|/| with data set )`);
    return !reports.every((report) =>
      report.tests.some(({ id, file }) => (!byFile || file === path) && has.test(id)),
    );
  });
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
