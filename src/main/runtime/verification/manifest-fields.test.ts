import { describe, expect, it } from 'vitest';
import { changedFields, withBaseFields } from './manifest-fields.ts';
import { goModChanged, goModWithBase, iniChanged, iniWithBase } from './manifest-lines.ts';

const base = {
  name: 'x',
  version: '1.0.0',
  scripts: { test: 'node --test', dev: 'vite' },
  jest: { coverageThreshold: { global: { lines: 90 } }, verbose: true },
  dependencies: { a: '1' },
};
const called = new Set(['test']);
const changes = (theirs: Record<string, unknown>): string[] =>
  changedFields('package.json', base, theirs, called).map((one) => `${one.field}${one.breach ? '!' : ''}`);

describe('package.json', () => {
  it('is free where it is product', () => {
    expect(changes({ ...base, version: '2.0.0', dependencies: { b: '1' }, exports: './x.js' })).toEqual([]);
    expect(withBaseFields('package.json', base, { ...base, version: '2.0.0' })).toMatchObject({
      version: '2.0.0',
    });
  });

  it('calls a changed test script, a new hook around it and an install hook a breach', () => {
    expect(changes({ ...base, scripts: { ...base.scripts, test: 'echo ok' } })).toEqual(['scripts.test!']);
    expect(changes({ ...base, scripts: { ...base.scripts, pretest: 'x', postinstall: 'y' } })).toEqual([
      'scripts.pretest!',
      'scripts.postinstall!',
    ]);
    expect(changes({ ...base, scripts: { dev: 'vite' } })).toEqual(['scripts.test!']);
  });

  it('lets scripts be added that nothing runs by itself', () => {
    const theirs = { ...base, scripts: { ...base.scripts, start: 'node .', test: 'echo', prepare: 'evil' } };
    expect(changes({ ...base, scripts: { ...base.scripts, start: 'node .' } })).toEqual([]);
    expect(withBaseFields('package.json', base, theirs)['scripts']).toEqual({
      ...base.scripts,
      start: 'node .',
    });
  });

  it('tells a lowered threshold from another setting of the runner', () => {
    expect(changes({ ...base, jest: { ...base.jest, verbose: false } })).toEqual(['jest']);
    expect(
      changes({ ...base, jest: { verbose: true, coverageThreshold: { global: { lines: 9 } } } }),
    ).toEqual(['jest!']);
  });

  it('takes out configuration that base does not have, and restores what is gone', () => {
    const merged = withBaseFields('package.json', base, {
      name: 'x',
      vitest: { retry: 9 },
      overrides: { a: '2' },
    });
    expect(merged).toEqual({ name: 'x', scripts: base.scripts, jest: base.jest });
  });

  it('keeps its name rather than take that of a dependency or of what tests assert with', () => {
    for (const name of ['a', 'chai']) {
      expect(changes({ ...base, name, exports: './fake.js' })).toEqual(['name!']);
      expect(withBaseFields('package.json', base, { ...base, name })['name']).toBe('x');
    }
    expect(changes({ ...base, name: 'y' })).toEqual([]);
    expect(
      changedFields('package.json', { ...base, name: 'chai' }, { ...base, name: 'chai' }, called),
    ).toEqual([]);
  });

  it('treats __proto__ and odd values as data', () => {
    const odd = JSON.parse('{"__proto__":{"x":1},"scripts":"no","jest":null}') as Record<string, unknown>;
    expect(() => withBaseFields('package.json', base, odd)).not.toThrow();
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    expect(changedFields('package.json', odd, odd, called)).toEqual([]);
  });
});

describe('other manifests', () => {
  it('lock nested tables of pyproject.toml and Cargo.toml', () => {
    const py = {
      project: { name: 'x' },
      tool: { pytest: { ini_options: { addopts: '-x' } }, hatch: { envs: { a: 1 }, version: 1 } },
    };
    const theirs = { project: { name: 'y' }, tool: { hatch: { version: 2 } } };
    expect(withBaseFields('pyproject.toml', py, theirs)).toEqual({
      project: { name: 'y' },
      tool: { pytest: py.tool.pytest, hatch: { envs: { a: 1 }, version: 2 } },
    });
    const cargo = { package: { name: 'x', autotests: true } };
    expect(changedFields('Cargo.toml', cargo, { package: { name: 'x', autotests: false } }, called)).toEqual([
      { field: 'package.autotests', breach: false },
    ]);
  });

  it('lock sections of setup.cfg', () => {
    const was = '[metadata]\nname = x\n[tool:pytest]\naddopts = -x\n[flake8]\nmax = 80\n';
    const is = '[metadata]\nname = y\n[tool:pytest]\naddopts = --deselect t\n';
    expect(iniChanged(was, is)).toBe(true);
    expect(iniChanged(was, was.replace('name = x', 'name = y'))).toBe(false);
    const merged = iniWithBase(was, is);
    expect(merged).toContain('name = y');
    expect(merged).toContain('addopts = -x');
    expect(merged).not.toContain('deselect');
  });

  it('lock replace and exclude in go.mod, in lines and blocks', () => {
    const was = 'module m\n\ngo 1.19\n\nrequire (\n\ta v1\n)\n';
    const is = `${was}replace a => ./fake\nreplace (\n\tb => ./fake\n)\nexclude c v1\n`;
    expect(goModChanged(was, is)).toBe(true);
    expect(goModChanged(was, was.replace('a v1', 'a v2'))).toBe(false);
    expect(goModWithBase(was, is)).not.toContain('fake');
    expect(goModWithBase(is, was)).toContain('b => ./fake');
  });
});
