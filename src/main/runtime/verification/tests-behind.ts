import type { GateParser } from '../../../shared/goal/gate-parser.ts';
import type { GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { TreeEntry } from '../ports.ts';
import { lockClass } from './locked.ts';
import { languageOf } from './test-source.ts';
import type { TestLanguage } from './test-source.ts';

/** Whose tests each runner reports one by one; `all`: nothing is known of who wrote that report. */
const REPORTS: Readonly<Record<GateParser, TestLanguage | 'other' | 'all' | null>> = {
  'node-tap': 'js',
  'vitest-json': 'js',
  'jest-json': 'js',
  'mocha-json': 'js',
  'playwright-json': 'js',
  pytest: 'py',
  unittest: 'py',
  'rspec-json': 'rb',
  'phpunit-junit': 'php',
  'cargo-test': 'rs',
  'go-json': 'go',
  ctest: 'other',
  'junit-xml': 'all',
  none: null,
};

/**
 * Paths of locked tests that can only be behind a gate judged by its exit code: those in languages whose tests none of these gates
 * reports one by one.
 */
export function testsBehind(gates: readonly GateSpec[], locked: readonly TreeEntry[]): string[] {
  const reported = new Set(gates.map((gate) => REPORTS[gate.parser]));
  if (reported.has('all')) return [];
  return locked
    .map((entry) => entry.path)
    .filter((path) => lockClass(path) === 'test' && !reported.has(languageOf(path)));
}
