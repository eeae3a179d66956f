import type { GateParser } from '../../../shared/goal/gate-parser.ts';
import type { GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { TreeEntry } from '../ports.ts';
import { lockClass } from './locked.ts';
import { languageOf } from './test-source.ts';
import type { TestLanguage } from './test-source.ts';

/** Whose tests are reported one by one, but not by their files; `all`: nothing is known of who wrote that report. */
const WITHOUT_FILES: Readonly<Partial<Record<GateParser, TestLanguage | 'other' | 'all'>>> = {
  'cargo-test': 'rs',
  'go-json': 'go',
  ctest: 'other',
  'junit-xml': 'all',
};

/**
 * Paths of locked tests that can only be behind a gate judged by its exit code: those that none of these gates reports one by one.
 * `reported`: the files under which tests were reported on base, built ones perhaps.
 */
export function testsBehind(
  gates: readonly GateSpec[],
  locked: readonly TreeEntry[],
  reported: Iterable<string>,
): string[] {
  const languages = new Set(gates.map((gate) => WITHOUT_FILES[gate.parser]));
  if (languages.has('all')) return [];
  const named = new Set([...reported].map(stem).filter((name) => name !== ''));
  return locked
    .map((entry) => entry.path)
    .filter(
      (path) => lockClass(path) === 'test' && !languages.has(languageOf(path)) && !named.has(stem(path)),
    );
}

/** The name of a file without its folder and its last ending, which a build may change. */
export const stem = (path: string): string => path.replace(/^.*\//, '').replace(/\.\w+$/, '');
