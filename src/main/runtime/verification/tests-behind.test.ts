import { describe, expect, it } from 'vitest';
import type { GateParser } from '../../../shared/goal/gate-parser.ts';
import { Oid } from '../../../shared/kernel/ids.ts';
import { gateSpec } from '../../../shared/testing/story.ts';
import { testsBehind } from './tests-behind.ts';

const locked = [
  'test/a.test.js',
  'test/help.js',
  'test_b.py',
  'c_test.go',
  'tests/d.c',
  'package.json',
  'Makefile',
].map((path) => ({ path, mode: '100644', oid: Oid.parse('a'.repeat(40)) }) as const);
const behind = (parsers: readonly GateParser[], reported: readonly string[] = []): string[] =>
  testsBehind(
    parsers.map((parser) => gateSpec(parser, ['x'], { parser })),
    locked,
    reported,
  );

describe('the tests that can only be behind an exit code', () => {
  it('are all of them where no gate reports any', () => {
    expect(behind(['none'])).toEqual([
      'test/a.test.js',
      'test/help.js',
      'test_b.py',
      'c_test.go',
      'tests/d.c',
    ]);
  });

  it('are no files that were reported, by their own names or as a build calls them', () => {
    expect(behind(['none', 'node-tap', 'pytest'], ['dist/test/a.test.mjs', 'test_b.py', ''])).toEqual([
      'test/help.js',
      'c_test.go',
      'tests/d.c',
    ]);
  });

  it('are none in a language whose runner reports no files', () => {
    expect(behind(['none', 'go-json', 'ctest'])).toEqual(['test/a.test.js', 'test/help.js', 'test_b.py']);
  });

  it('are unknown where anybody may have written the report', () => {
    expect(behind(['none', 'junit-xml'])).toEqual([]);
  });
});
