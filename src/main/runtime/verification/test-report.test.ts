import { expect, it } from 'vitest';
import { identify, treePath } from './test-report.ts';

const options = {
  roots: ['/tmp/run-1/work', '/tmp/run-1/home'],
  redact: (text: string) => text.replaceAll('SECRET', '[REDACTED]'),
};
const ids = (...tests: [string, ...string[]][]): string[] =>
  identify(
    tests.map(([file, ...path]) => ({ file, path, outcome: 'passed' })),
    options,
  ).map((test) => test.id);

it('gives ids that do not depend on the place, the time or the address', () => {
  expect(
    ids(['/tmp/run-1/work/test/a.js', 'reads /tmp/run-1/home/user (12 ms)', 'obj at 0x7ffe0123abcd']),
  ).toEqual(['test/a.js > reads user > obj at 0x…']);
});
it('numbers equal ids in the order of the report', () => {
  expect(ids(['a', 'x'], ['a', 'x'], ['b', 'x'], ['a', 'x'])).toEqual([
    'a > x',
    'a > x #2',
    'b > x',
    'a > x #3',
  ]);
});
it('is redacted like everything that is stored, so that stored ids still match', () => {
  expect(ids(['a', 'logs SECRET in'])).toEqual(['a > logs [REDACTED] in']);
});
it('makes paths of reports relative to the tree', () => {
  expect(treePath('file:///tmp/run-1/work/a.js', options.roots)).toBe('a.js');
  expect(treePath('.\\a\\b.js', options.roots)).toBe('a/b.js');
  expect(treePath('./a.js', options.roots)).toBe('a.js');
});
