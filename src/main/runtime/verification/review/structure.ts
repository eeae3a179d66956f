import type { Finding } from '../../../../shared/goal/vocabulary.ts';
import type { ChangedCode } from './changed-code.ts';
import { remark } from './finding.ts';
import { functionsOf } from './functions.ts';
import type { MeasuredFunction } from './functions.ts';
import { languageOf, scan } from './scan.ts';
import type { ChangedText } from '../analyse-secrets.ts';

/** A function is long from here, and long because of this change when it grew by that much. */
const LONG = { from: 80, grew: 15 };
const NESTED = { from: 5, grew: 1 };
const BRANCHED = { from: 20, grew: 5 };
const FILE = { from: 500, grew: 80 };

/** Sizes and complexity that the change adds. What was long before and hardly grew is not its doing, nor what it only moved. */
export function findStructure(files: readonly ChangedCode[], texts: readonly ChangedText[]): Finding[] {
  const known = texts.flatMap(({ path, before }) => {
    const language = languageOf(path);
    const functions = language === null ? [] : functionsOf(scan(before, language).code, language);
    return functions.length === 0 ? [] : [{ path, functions }];
  });
  return files.flatMap((file) => {
    const own = known.find((one) => one.path === file.path)?.functions ?? [];
    const elsewhere = known.flatMap((one) => (one.path === file.path ? [] : one.functions));
    const seen = new Map<string, number>();
    const findings = functionsOf(file.scanned.code, file.language)
      .toSorted((a, b) => a.line - b.line)
      .flatMap((now) => {
        const nth = seen.get(now.name) ?? 0;
        seen.set(now.name, nth + 1);
        const before =
          own.filter((one) => one.name === now.name)[nth] ??
          (now.name === '' ? closest(own, now) : elsewhere.find((one) => one.name === now.name));
        return compare(file.path, now, before ?? null);
      });
    return [...findings, ...fileLength(file)];
  });
}

/** An anonymous function has no name to be found by again: the one most like it. */
const closest = (all: readonly MeasuredFunction[], now: MeasuredFunction): MeasuredFunction | undefined =>
  all
    .filter((one) => one.name === '')
    .toSorted((a, b) => Math.abs(a.length - now.length) - Math.abs(b.length - now.length))[0];

function compare(path: string, now: MeasuredFunction, before: MeasuredFunction | null): Finding[] {
  const name = now.name === '' ? 'A function without a name' : `“${now.name}”`;
  const was = (value: number): string => (before === null ? 'new' : `${value} before`);
  const grew = (limit: typeof LONG, is: number, old: number): boolean =>
    is >= limit.from && is - old >= limit.grew;
  const found: Finding[] = [];
  if (grew(LONG, now.length, before?.length ?? 0))
    found.push(
      remark(
        'warning',
        'structure.function_length',
        path,
        now.line,
        `${name} has ${now.length} lines of its own (${was(before?.length ?? 0)}).`,
      ),
    );
  if (grew(NESTED, now.nesting, before?.nesting ?? 0))
    found.push(
      remark(
        'warning',
        'structure.nesting',
        path,
        now.line,
        `${name} nests conditions and loops ${now.nesting} deep (${was(before?.nesting ?? 0)}).`,
      ),
    );
  if (grew(BRANCHED, now.branches, before?.branches ?? 0))
    found.push(
      remark(
        'warning',
        'structure.complexity',
        path,
        now.line,
        `${name} has ${now.branches} conditions, loops and cases (${was(before?.branches ?? 0)}).`,
      ),
    );
  return found;
}

function fileLength(file: ChangedCode): Finding[] {
  const count = (code: string): number => code.split('\n').filter((line) => line.trim() !== '').length;
  const now = count(file.scanned.code);
  const before = file.before === '' ? 0 : count(scan(file.before, file.language).code);
  if (now < FILE.from || now - before < FILE.grew || file.added.size < FILE.grew) return [];
  return [
    remark(
      'warning',
      'structure.file_length',
      file.path,
      null,
      `This file has ${now} lines of code (${before === 0 ? 'new' : `${before} before`}).`,
    ),
  ];
}
