import type { ManifestKind } from './locked.ts';
import { takesNameOfDependency } from './manifest-name.ts';

/** A manifest after parsing: only plain data. */
export type ManifestData = { readonly [key: string]: unknown };

export type FieldChange = {
  /** `scripts.test`, `tool.pytest.ini_options`, … */
  readonly field: string;
  /** `true`: what the gates run, or a threshold. Changing it is weakening, not a question of taste. */
  readonly breach: boolean;
};

/** Whole members that belong to the oracle. Deeper ones are written with dots. */
const lockedFields: Readonly<Record<'package.json' | 'pyproject.toml' | 'Cargo.toml', readonly string[]>> = {
  'package.json': [
    'scripts',
    'type',
    'jest',
    'vitest',
    'mocha',
    'nyc',
    'c8',
    'ava',
    'tap',
    'babel',
    'eslintConfig',
    'eslintIgnore',
    'prettier',
    'stylelint',
    'xo',
    'standard',
    'overrides',
    'resolutions',
    'workspaces',
    'pnpm',
    'packageManager',
    'engines',
    'volta',
    'imports',
    'husky',
    'lint-staged',
  ],
  'pyproject.toml': [
    'tool.pytest',
    'tool.ruff',
    'tool.mypy',
    'tool.pyright',
    'tool.coverage',
    'tool.black',
    'tool.isort',
    'tool.pylint',
    'tool.flake8',
    'tool.tox',
    'tool.nox',
    'tool.hatch.envs',
    'tool.uv.sources',
    'tool.uv.workspace',
    'tool.pdm.scripts',
    'tool.poe',
    'build-system',
  ],
  'Cargo.toml': [
    'test',
    'bench',
    'profile',
    'patch',
    'replace',
    'lints',
    'workspace',
    'lib.test',
    'lib.doctest',
    'lib.harness',
    'lib.path',
    'package.autotests',
    'package.autobenches',
    'package.autoexamples',
    'package.build',
    'package.workspace',
  ],
};

const THRESHOLD =
  /^(?:nyc|c8|tool\.coverage|tool\.mypy|tool\.ruff|tool\.pyright|tool\.pylint|tool\.flake8|eslintConfig|eslintIgnore|xo|lints)$/;

export function fieldsOf(kind: 'package.json' | 'pyproject.toml' | 'Cargo.toml'): readonly string[] {
  return lockedFields[kind];
}

/**
 * The result's manifest with base values in every locked field. `theirs` is not changed. A field that base does not have is
 * taken out: a new `jest` member is as much configuration as a changed one.
 */
export function withBaseFields(
  kind: 'package.json' | 'pyproject.toml' | 'Cargo.toml',
  base: ManifestData,
  theirs: ManifestData,
): ManifestData {
  const result = structuredCopy(theirs) as Record<string, unknown>;
  for (const field of lockedFields[kind]) {
    if (field === 'scripts') result['scripts'] = mergedScripts(base, theirs);
    else setAt(result, field.split('.'), structuredCopy(valueAt(base, field.split('.'))));
  }
  if (result['scripts'] === undefined) delete result['scripts'];
  if (kind === 'package.json' && takesNameOfDependency(base, theirs)) setAt(result, ['name'], base['name']);
  return result;
}

/** Locked fields whose values differ. `called`: names of scripts that gates run. */
export function changedFields(
  kind: 'package.json' | 'pyproject.toml' | 'Cargo.toml',
  base: ManifestData,
  theirs: ManifestData,
  called: ReadonlySet<string>,
): FieldChange[] {
  const changes: FieldChange[] = [];
  if (kind === 'package.json' && takesNameOfDependency(base, theirs))
    changes.push({ field: 'name', breach: true });
  for (const field of lockedFields[kind]) {
    if (field === 'scripts') {
      for (const name of changedScripts(base, theirs))
        changes.push({ field: `scripts.${name}`, breach: isCalled(name, called) });
      continue;
    }
    const was = valueAt(base, field.split('.'));
    const is = valueAt(theirs, field.split('.'));
    if (sameData(was, is)) continue;
    changes.push({ field, breach: THRESHOLD.test(field) || thresholdInside(was, is) });
  }
  return changes;
}

/** Scripts that run by themselves around an install or around a script that a gate calls. */
function isCalled(name: string, called: ReadonlySet<string>): boolean {
  if (called.has(name) || /^(?:test|lint|typecheck|type-check|build|check)(?::|$)/.test(name)) return true;
  if (/^(?:pre|post)?(?:install|prepare|pack|publish)$/.test(name)) return true;
  const inner = /^(?:pre|post)(.+)$/.exec(name)?.[1];
  return inner !== undefined && (called.has(inner) || inner === 'test');
}

/** Scripts that exist on both sides with other text, are gone, or are new and would run by themselves. */
function changedScripts(base: ManifestData, theirs: ManifestData): string[] {
  const was = record(base['scripts']);
  const is = record(theirs['scripts']);
  const names = new Set([...Object.keys(was), ...Object.keys(is)]);
  return [...names].filter((name) => {
    if (Object.hasOwn(was, name)) return was[name] !== is[name];
    return /^(?:pre|post)/.test(name) || isCalled(name, new Set());
  });
}

/** Base scripts win; new scripts that nothing calls by itself stay, because adding a script is product work. */
function mergedScripts(base: ManifestData, theirs: ManifestData): Record<string, unknown> | undefined {
  if (base['scripts'] === undefined && theirs['scripts'] === undefined) return undefined;
  const merged: Record<string, unknown> = { ...record(base['scripts']) };
  const taken = new Set(changedScripts(base, theirs));
  for (const [name, text] of Object.entries(record(theirs['scripts'])))
    if (!Object.hasOwn(merged, name) && !taken.has(name)) merged[name] = text;
  return merged;
}

function thresholdInside(was: unknown, is: unknown): boolean {
  const texts = [was, is].map((value) => thresholds(value).toSorted().join('\n'));
  return texts[0] !== texts[1];
}

function thresholds(value: unknown, path = ''): string[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const here = `${path}.${key}`;
    return /threshold|fail_under|check-coverage|coverage|exclude|ignore/i.test(key)
      ? [`${here}=${JSON.stringify(member)}`]
      : thresholds(member, here);
  });
}

function record(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function valueAt(data: unknown, path: readonly string[]): unknown {
  let here: unknown = data;
  for (const key of path) {
    if (here === null || typeof here !== 'object' || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<string, unknown>)[key];
  }
  return here;
}

function setAt(data: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) {
    if (value === undefined) delete data[key];
    else data[key] = value;
    return;
  }
  const inner = data[key];
  if (inner === null || typeof inner !== 'object') {
    if (value === undefined) return;
    data[key] = {};
  }
  setAt(data[key] as Record<string, unknown>, rest, value);
  if (Object.keys(record(data[key])).length === 0 && value === undefined) delete data[key];
}

function structuredCopy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(structuredCopy);
  // TOML dates are class instances that only their own library can write again.
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, structuredCopy(member)]));
}

function sameData(a: unknown, b: unknown): boolean {
  return stable(a) === stable(b);
}

function stable(value: unknown): string {
  if (value instanceof Date) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(stable).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'undefined';
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${stable(member)}`).join(',')}}`;
}

export function isDataManifest(kind: ManifestKind): kind is 'package.json' | 'pyproject.toml' | 'Cargo.toml' {
  return kind === 'package.json' || kind === 'pyproject.toml' || kind === 'Cargo.toml';
}
