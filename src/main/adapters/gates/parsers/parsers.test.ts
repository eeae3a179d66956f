import { describe, expect, it } from 'vitest';
import { parseCargoTest } from './cargo-test.ts';
import { parseGoJson } from './go-json.ts';
import { parseJestJson } from './jest-json.ts';
import { parseJunitXml } from './junit-xml.ts';
import { parseTap } from './tap.ts';
import { shownReport as read } from '../testing/shown-report.ts';

describe('TAP of omk’s own reporters', () => {
  const tap =
    'TAP version 14\nok 1 - ["a","x \\u0023 y"]\nnot ok 2 - ["a","z"]\nok 3 - ["a","s"] # SKIP\nnot ok 4 - ["a","t"] # TODO\n# file-error ["b","boom"]\n1..4\n';
  it('is read', () => {
    expect(read(parseTap(tap))).toEqual([
      'a > x # y: passed',
      'a > z: failed',
      'a > s: skipped',
      'a > t: skipped',
      'b!',
    ]);
    expect(read(parseTap('TAP version 14\n1..0\n'))).toEqual([]);
  });
  it.each([
    ['cut off', tap.slice(0, -5)],
    ['cut off at a line', tap.replace('1..4\n', '')],
    ['with a line somebody else wrote', tap.replace('not ok 2', 'ok 2 - ["a","z"]\nnot ok 3')],
    ['numbered twice', tap.replace('ok 1 -', 'ok 1 - ["a","fake"]\nok 1 -')],
    ['numbered oddly', tap.replace('ok 1 -', 'ok 7 -')],
    ['followed by another', tap + tap],
    ['with a wrong plan', tap.replace('1..4', '1..3')],
    ['with text', tap.replace('1..4', 'hello\n1..4')],
    ['with a description that is no list', tap.replace('["a","z"]', '"z"')],
    ['empty', ''],
  ])('is refused when it is %s', (_, text) => expect(parseTap(text).ok).toBe(false));
});

describe('JSON of Jest and Vitest', () => {
  const report = {
    numTotalTests: 3,
    success: false,
    testResults: [
      {
        name: '/t/a.test.js',
        status: 'failed',
        message: '',
        assertionResults: [
          { ancestorTitles: ['s'], title: 'one', status: 'passed' },
          { ancestorTitles: ['s'], title: 'two', status: 'failed' },
          { ancestorTitles: [], title: 'three', status: 'pending' },
          { ancestorTitles: [], title: 'four', status: 'todo' },
        ],
      },
      { name: '/t/b.test.js', status: 'failed', message: 'SyntaxError: x\nat y', assertionResults: [] },
    ],
  };
  it('is read, a file that does not load included', () => {
    expect(read(parseJestJson(JSON.stringify(report)))).toEqual([
      '/t/a.test.js > s > one: passed',
      '/t/a.test.js > s > two: failed',
      '/t/a.test.js > three: skipped',
      '/t/a.test.js > four: skipped',
      '/t/b.test.js!',
    ]);
  });
  it('sees a hook that failed around tests that passed', () => {
    const hook = {
      ...report,
      testResults: [
        {
          name: 'a',
          status: 'failed',
          message: 'afterAll',
          assertionResults: [{ title: 'x', status: 'passed' }],
        },
      ],
    };
    expect(read(parseJestJson(JSON.stringify(hook)))).toEqual(['a > x: passed', 'a!']);
  });
  it('is refused when it is two documents, cut off or something else', () => {
    const text = JSON.stringify(report);
    for (const bad of [text + text, text.slice(0, -1), `log\n${text}`, '[]', '{"ok":true}', ''])
      expect(parseJestJson(bad).ok).toBe(false);
  });
});

describe('JUnit XML', () => {
  it('is read through nested suites', () => {
    const xml = `<?xml version="1.0"?><testsuites><testsuite name="s" file="t/a.py"><testcase classname="t.a.C" name="one" time="0.1"/>
      <testcase classname="t.a.C" name="two"><failure message="&lt;x&gt;"><![CDATA[ <testcase name="fake"/> ]]></failure></testcase>
      <testsuite name="deep"><testcase name="three"><skipped/></testcase><testcase name="four"><error/></testcase></testsuite></testsuite></testsuites>`;
    expect(read(parseJunitXml(xml))).toEqual([
      't/a.py > s > t.a.C > one: passed',
      't/a.py > s > t.a.C > two: failed',
      't/a.py > s > deep > three: skipped',
      't/a.py > s > deep > four: failed',
    ]);
    expect(read(parseJunitXml('<testsuite><testcase name="a"/></testsuite>'))).toEqual([' > a: passed']);
  });
  it.each([
    ['<testsuite><testcase name="a"/>'],
    ['<testsuite/><testsuite/>'],
    ['<html/>'],
    [''],
    ['<!DOCTYPE x [<!ENTITY a "b">]><testsuite/>'],
    ['ok 1 - a'],
  ])('is refused: %j', (xml) => expect(parseJunitXml(xml).ok).toBe(false));
});

describe('what cargo test prints', () => {
  const program = (file: string, lines: string, result: string): string =>
    `     Running ${file} (target/debug/deps/calc-0123456789abcdef)\n\nrunning ${lines.split('\n').length} tests\n${lines}\n\ntest result: ${result}; 0 measured; 0 filtered out; finished in 0.00s\n\n`;
  it('is read program by program', () => {
    const text =
      program(
        'unittests src/lib.rs',
        'test tests::a ... ok\ntest tests::b - should panic ... ok',
        'ok. 2 passed; 0 failed; 0 ignored',
      ) +
      program(
        'tests/x.rs',
        'test c ... FAILED\ntest d ... ignored, slow',
        'FAILED. 0 passed; 1 failed; 1 ignored',
      ) +
      '   Doc-tests calc\n\nrunning 1 test\ntest src/lib.rs - add (line 3) ... ok\n\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n';
    expect(read(parseCargoTest(text))).toEqual([
      'src/lib.rs > calc > tests > a: passed',
      'src/lib.rs > calc > tests > b: passed',
      'tests/x.rs > calc > c: failed',
      'tests/x.rs > calc > d: skipped',
      'doc-tests > calc > src/lib.rs - add: passed',
    ]);
  });
  it('names doc tests by their item in the order of the source, wherever their lines are', () => {
    const docs = (...lines: string[]): unknown =>
      read(
        parseCargoTest(
          `   Doc-tests calc\n\nrunning ${lines.length} tests\n${lines.join('\n')}\n\ntest result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured\n`,
        ),
      );
    const sorted = [
      'doc-tests > calc > src/lib.rs - add: passed',
      'doc-tests > calc > src/lib.rs - sub: passed',
      'doc-tests > calc > src/lib.rs - add: failed',
    ];
    expect(
      docs(
        'test src/lib.rs - add (line 90) - compile ... FAILED',
        'test src/lib.rs - sub (line 40) ... ok',
        'test src/lib.rs - add (line 9) ... ok',
      ),
    ).toEqual(sorted);
    expect(
      docs(
        'test src/lib.rs - add (line 10) ... ok',
        'test src/lib.rs - sub (line 41) ... ok',
        'test src/lib.rs - add (line 91) - compile ... FAILED',
      ),
    ).toEqual(sorted);
  });
  it('is a failed file where a program ended early, or its sums are wrong', () => {
    const cut =
      '     Running tests/x.rs (target/debug/deps/x-0123456789abcdef)\n\nrunning 2 tests\ntest a ... ok\n';
    expect(read(parseCargoTest(cut))).toEqual(['tests/x.rs > x > a: passed', 'tests/x.rs!']);
    const wrong = program('tests/x.rs', 'test a ... ok\ntest a ... ok', 'ok. 1 passed; 0 failed; 0 ignored');
    expect(read(parseCargoTest(wrong))).toContain('tests/x.rs!');
  });
  it('is no report when nothing was built', () => {
    expect(read(parseCargoTest('error[E0425]: cannot find value\n'))).toBe('it does not compile.');
    expect(read(parseCargoTest('test fake ... ok\n'))).toBe('it lists no test program.');
  });
});

describe('events of go test', () => {
  const line = (event: object): string => `${JSON.stringify(event)}\n`;
  it('are read, with packages that do not build or end early', () => {
    const text =
      line({ Action: 'run', Package: 'p', Test: 'TestA/x' }) +
      line({ Action: 'output', Package: 'p', Test: 'TestA/x', Output: '--- PASS: TestFake' }) +
      line({ Action: 'pass', Package: 'p', Test: 'TestA/x' }) +
      line({ Action: 'skip', Package: 'p', Test: 'TestB' }) +
      line({ Action: 'pass', Package: 'p' }) +
      line({ Action: 'run', Package: 'q', Test: 'TestC' }) +
      line({ Action: 'fail', Package: 'q' }) +
      'FAIL\tr [build failed]\n';
    expect(read(parseGoJson(text))).toEqual([
      'p > TestA > x: passed',
      'p > TestB: skipped',
      'q > TestC: failed',
      'r!',
    ]);
  });
  it('are refused when they are none', () => {
    expect(parseGoJson('').ok).toBe(false);
    expect(parseGoJson('{"Action":1}\n').ok).toBe(false);
    expect(parseGoJson('{broken\n').ok).toBe(false);
  });
});
