import { describe, expect, it } from 'vitest';
import { parseCtest } from './ctest.ts';
import { parseJunitXml } from './junit-xml.ts';
import { parsePlaywrightJson } from './playwright-json.ts';
import { parseRspecJson } from './rspec-json.ts';
import { instrumented } from './runner.ts';
import { shownReport as read } from '../testing/shown-report.ts';

describe('what ctest prints', () => {
  const text = [
    'Test project /t/build',
    '    Start 1: adds two',
    '1/6 Test #1: adds two .........................   Passed    0.01 sec',
    '    Start 2: skip',
    '2/6 Test #2: skip .............................***Skipped   0.01 sec',
    '3/6 Test #3: off ..............................***Not Run (Disabled)   0.00 sec',
    '4/6 Test #6: crash ............................Subprocess aborted***Exception:   0.00 sec',
    '5/6 Test #5: gone .............................***Not Run   0.00 sec',
    '6/6 Test #4: re ...............................***Failed  Required regular expression not found. Regex=[z',
    ']  0.00 sec',
    '',
    '40% tests passed, 3 tests failed out of 5',
    '',
  ].join('\n');
  it('is read, in the order of the definitions', () => {
    expect(read(parseCtest(text))).toEqual([
      ' > adds two: passed',
      ' > skip: skipped',
      ' > off: skipped',
      ' > re: failed',
      ' > gone: failed',
      ' > crash: failed',
    ]);
  });
  const fake = '6/6 Test #4: re ...............................   Passed    0.00 sec\n';
  it.each([
    ['cut off', text.slice(0, text.indexOf('40%'))],
    ['with a test twice', text.replace('40%', `${fake}40%`)],
    ['with a test by another number', text.replace('40%', `${fake.replace('6/6', '7/7')}40%`)],
    ['summed up twice', text + text],
    ['with results after its sum', text + fake.replace('#4', '#7').replace('6/6', '7/6')],
    ['with a wrong sum', text.replace('3 tests failed', '0 tests failed')],
    ['without one of its tests', text.replace(/^2\/6.*\n/m, '')],
    ['empty', 'No tests were found!!!\n'],
  ])('is refused when it is %s', (_, one) => expect(parseCtest(one).ok).toBe(false));
});

describe('JSON of RSpec', () => {
  const example = (id: string, description: string, full: string, status: string): object => ({
    id: `./spec/a_spec.rb[${id}]`,
    description,
    full_description: full,
    status,
    file_path: './spec/a_spec.rb',
    line_number: 3,
  });
  const report = {
    version: '3.12.0',
    examples: [
      example('1:1', 'adds', 'calc adds', 'failed'),
      example('1:2', 'is expected to eq 2', 'calc more is expected to eq 2', 'passed'),
      example('1:3', 'later', 'calc later', 'pending'),
    ],
    summary: { example_count: 3, failure_count: 1, pending_count: 1, errors_outside_of_examples_count: 0 },
  };
  it('is read, with a place where there is no title', () => {
    expect(read(parseRspecJson(JSON.stringify(report)))).toEqual([
      './spec/a_spec.rb > calc > adds: failed',
      './spec/a_spec.rb > calc more > [1:2]: passed',
      './spec/a_spec.rb > calc > later: skipped',
    ]);
  });
  it('names a file that does not load, and is refused where an error has no place', () => {
    const broken = (message: string): string =>
      JSON.stringify({
        messages: [message],
        examples: [],
        summary: {
          example_count: 0,
          failure_count: 0,
          pending_count: 0,
          errors_outside_of_examples_count: 1,
        },
      });
    expect(
      read(parseRspecJson(broken('\nAn error occurred while loading ./spec/b_spec.rb. - Did you mean?\n'))),
    ).toEqual(['./spec/b_spec.rb!']);
    expect(parseRspecJson(broken('\nAn error occurred in a `before(:suite)` hook.\n')).ok).toBe(false);
  });
  it.each([
    ['two documents', JSON.stringify(report) + JSON.stringify(report)],
    ['cut off', JSON.stringify(report).slice(0, -9)],
    ['wrong in its sums', JSON.stringify(report).replace('"failure_count":1', '"failure_count":0')],
    ['something else', '{"examples":[]}'],
  ])('is refused when it is %s', (_, one) => expect(parseRspecJson(one).ok).toBe(false));
});

describe('JSON of Playwright', () => {
  const spec = (title: string, status: string, expectedStatus = 'passed', projectName = ''): object => ({
    title,
    file: 'a.spec.ts',
    tests: [{ projectName, expectedStatus, status, results: [] }],
  });
  const report = {
    config: { rootDir: '/t/e2e' },
    suites: [
      {
        title: 'a.spec.ts',
        specs: [spec('top', 'expected', 'passed', 'web')],
        suites: [
          {
            title: 'sum',
            specs: [
              spec('adds', 'unexpected'),
              spec('again', 'flaky'),
              spec('known', 'expected', 'failed'),
              spec('later', 'skipped', 'skipped'),
            ],
          },
        ],
      },
    ],
    errors: [{ message: 'Error: no\nat x', location: { file: '/t/e2e/b.spec.ts' } }],
    stats: { expected: 2, skipped: 1, unexpected: 1, flaky: 1 },
  };
  it('is read; a second try and an expected failure are no passes', () => {
    expect(read(parsePlaywrightJson(JSON.stringify(report)))).toEqual([
      '/t/e2e/a.spec.ts > web > top: passed',
      '/t/e2e/a.spec.ts > sum > adds: failed',
      '/t/e2e/a.spec.ts > sum > again: failed',
      '/t/e2e/a.spec.ts > sum > known: skipped',
      '/t/e2e/a.spec.ts > sum > later: skipped',
      '/t/e2e/b.spec.ts!',
    ]);
  });
  it.each([
    ['two documents', JSON.stringify(report) + JSON.stringify(report)],
    ['wrong in its sums', JSON.stringify(report).replace('"flaky":1', '"flaky":0')],
    ['with an error of no file', JSON.stringify(report).replace('"location"', '"place"')],
    ['something else', '{"suites":[]}'],
  ])('is refused when it is %s', (_, one) => expect(parsePlaywrightJson(one).ok).toBe(false));
});

describe('JUnit XML of PHPUnit', () => {
  it('is read with names of classes, and a test that asserts nothing is no pass', () => {
    const xml = String.raw`<?xml version="1.0"?><testsuites><testsuite name=""><testsuite name="App\CalcTest" file="/t/tests/CalcTest.php">
<testcase name="testAdd" class="App\CalcTest" classname="App.CalcTest" file="/t/tests/CalcTest.php"><system-out>&lt;testcase name="x"/&gt;</system-out></testcase>
<testcase name="testNothing" class="App\CalcTest" classname="App.CalcTest"><error type="PHPUnit\Framework\RiskyTestError">no</error></testcase>
<testcase name="testThrows" class="App\CalcTest" classname="App.CalcTest"><error type="RuntimeException">no</error></testcase>
<testcase name="testEmpty" class="App\CalcTest" classname="App.CalcTest"><error/></testcase>
</testsuite></testsuite></testsuites>`;
    expect(read(parseJunitXml(xml))).toEqual([
      String.raw`/t/tests/CalcTest.php > App\CalcTest > testAdd: passed`,
      String.raw`/t/tests/CalcTest.php > App\CalcTest > testNothing: skipped`,
      String.raw`/t/tests/CalcTest.php > App\CalcTest > testThrows: failed`,
      String.raw`/t/tests/CalcTest.php > App\CalcTest > testEmpty: failed`,
    ]);
  });
});

describe('the argv that reports to a pipe', () => {
  it('names nothing that code under test could find', () => {
    const argv = (parser: Parameters<typeof instrumented>[0], ...words: [string, ...string[]]): string =>
      instrumented(parser, words).join(' ');
    expect(argv('rspec-json', 'bundle', 'exec', 'rspec', 'spec')).toBe(
      'bundle exec rspec spec --format=progress --format=json --out=/dev/fd/3',
    );
    expect(argv('phpunit-junit', 'php', 'vendor/bin/phpunit')).toBe(
      'php vendor/bin/phpunit --log-junit php://fd/3',
    );
    expect(argv('playwright-json', '/m/playwright', 'test')).toBe(
      '/usr/bin/env PLAYWRIGHT_JSON_OUTPUT_NAME=/dev/fd/3 /m/playwright test --reporter=json',
    );
    expect(argv('ctest', 'sh', '-c', '{ make; } >&2 && "$@"', 'sh', 'ctest')).toBe(
      '/bin/sh -c { make; } >&2 && "$@" sh ctest',
    );
  });
});
