import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Oid } from '../../../shared/kernel/ids.ts';
import type { TreeReader } from '../../runtime/ports.ts';
import { findGates } from './find.ts';
import { oracleDigest } from './oracle-digest.ts';
import { toolPath, unshimmedPath } from './tools.ts';
import type { ToolPath } from './tools.ts';

const treeOf = (files: Readonly<Record<string, string>>): TreeReader => ({
  list: async () => [],
  all: async () =>
    Object.entries(files).map(([path, text]) => ({
      path,
      mode: '100644' as const,
      oid: Oid.parse(createHash('sha1').update(text).digest('hex')),
    })),
  read: async (path, max) => {
    const text = files[path];
    return text === undefined || text.length > max ? null : new TextEncoder().encode(text);
  },
});
const having = (...names: string[]): ToolPath => ({
  dirs: ['/usr/bin'],
  find: async (name) => (names.includes(name) ? `/usr/bin/${name}` : null),
});
const everything = having('node', 'npm', 'pnpm', 'yarn', 'python3', 'uv', 'cargo', 'go', 'make');
const found = async (files: Record<string, string>, tools = everything): Promise<string[]> => {
  const oracle = await findGates(treeOf(files), tools);
  return oracle.type === 'found'
    ? oracle.gates.map(
        (gate) => `${gate.selected ? '' : '('}${gate.name}: ${gate.argv.join(' ')} [${gate.parser}]`,
      )
    : [oracle.type, ...(oracle.type === 'none' ? oracle.notes : [oracle.message])];
};
const pkg = (content: object): string => JSON.stringify(content);

describe('gates are found', () => {
  it('in package.json, where the scripts exist', async () => {
    const scripts = {
      test: 'vitest',
      lint: 'eslint .',
      typecheck: 'tsc --noEmit',
      dev: 'vite',
      build: 'vite build',
    };
    expect(
      await found({
        'package.json': pkg({ scripts, devDependencies: { vitest: '5' } }),
        'package-lock.json': '{}',
      }),
    ).toEqual([
      'install: npm ci --no-audit --no-fund [none]',
      'typecheck: npm run typecheck [none]',
      'lint: npm run lint [none]',
      'build: npm run build [none]',
      'test: node_modules/.bin/vitest run [vitest-json]',
    ]);
  });

  it('with the package manager whose lockfile is there', async () => {
    const files = { 'package.json': pkg({ scripts: { test: 'node --test' }, dependencies: { a: '1' } }) };
    const install = async (extra: Record<string, string>): Promise<string | undefined> =>
      (await found({ ...files, ...extra }))[0];
    expect(await install({ 'pnpm-lock.yaml': '' })).toBe('install: pnpm install --frozen-lockfile [none]');
    expect(await install({ 'yarn.lock': '' })).toBe('install: yarn install --frozen-lockfile [none]');
    expect(await install({ 'yarn.lock': '', '.yarnrc.yml': '' })).toBe(
      'install: yarn install --immutable [none]',
    );
    expect(await install({})).toBe('test: node --test [node-tap]');
  });

  it('not for the placeholder of npm, a missing tool or an unreadable manifest', async () => {
    expect(
      await found({
        'package.json': pkg({ scripts: { test: 'echo "Error: no test specified" && exit 1' } }),
      }),
    ).toEqual(['none', expect.stringContaining('placeholder')]);
    expect(await found({ 'package.json': pkg({ scripts: { test: 'node --test' } }) }, having())).toEqual([
      'none',
      expect.stringContaining('node is not on the PATH'),
    ]);
    expect(await found({ 'package.json': '{' })).toEqual(['none', expect.stringContaining('cannot be read')]);
    expect(await found({ 'README.md': 'x' })).toEqual(['none']);
  });

  it('in workspace members, switched off', async () => {
    const files = {
      'package.json': pkg({ scripts: { test: 'node --test' }, workspaces: ['packages/*'] }),
      'packages/a/package.json': pkg({ scripts: { test: 'node --test' } }),
      'packages/a/node_modules/b/package.json': pkg({ scripts: { test: 'node --test' } }),
      'other/package.json': pkg({ scripts: { test: 'node --test' } }),
    };
    expect(await found(files)).toEqual([
      'test: node --test [node-tap]',
      '(packages/a: test: node --test [node-tap]',
    ]);
  });

  it('in Python, Rust, Go and Make', async () => {
    expect(
      await found({ 'pyproject.toml': '[tool.pytest.ini_options]', 'tests/test_a.py': 'def test_a(): pass' }),
    ).toEqual(['test: python3 -m pytest [pytest]']);
    expect(await found({ 'setup.py': '', 'tests/test_a.py': 'import unittest' })).toEqual([
      'test: python3 -m unittest discover -s tests [unittest]',
    ]);
    expect(await found({ 'pyproject.toml': '', 'uv.lock': '', 'test_a.py': 'import pytest' })).toEqual([
      'install: uv sync --frozen --all-extras --all-groups [none]',
      'test: .venv/bin/python -m pytest [pytest]',
    ]);
    expect(await found({ 'Cargo.toml': '', 'Cargo.lock': '[[package]]\nsource = "registry"\n' })).toEqual([
      'fetch: cargo fetch --locked [none]',
      'test: cargo test [cargo-test]',
    ]);
    expect(await found({ 'go.mod': '', 'go.sum': 'x' })).toEqual([
      'download: go mod download [none]',
      'vet: go vet ./... [none]',
      'test: go test -count=1 ./... [go-json]',
    ]);
    expect(await found({ Makefile: 'all:\n\ntest: all\n\ncheck := x\n' })).toEqual([
      'test: make test [none]',
    ]);
  });

  it('in Ruby, PHP and CMake, where the tools exist', async () => {
    const ruby = { Gemfile: '', 'spec/a_spec.rb': '' };
    expect(await found(ruby, having('rspec'))).toEqual(['test: rspec [rspec-json]']);
    expect(await found({ ...ruby, 'Gemfile.lock': '' }, having('rspec', 'bundle'))).toEqual([
      'install: sh -c bundle config set --local deployment true && bundle install [none]',
      'test: bundle exec rspec [rspec-json]',
    ]);
    expect(await found(ruby, having())).toEqual([
      'none',
      expect.stringContaining('rspec is not on the PATH'),
    ]);
    const php = { 'phpunit.xml.dist': '<phpunit/>', 'tests/ATest.php': '' };
    expect(await found(php, having('php', 'phpunit'))).toEqual(['test: phpunit [phpunit-junit]']);
    expect(await found({ ...php, 'vendor/bin/phpunit': '' }, having('php'))).toEqual([
      'test: php vendor/bin/phpunit [phpunit-junit]',
    ]);
    expect(await found({ ...php, 'composer.lock': '' }, having('php', 'composer'))).toEqual([
      'install: composer install --no-interaction --no-progress [none]',
      'test: php vendor/bin/phpunit [phpunit-junit]',
    ]);
    expect(await found(php, having('php'))).toEqual(['none', expect.stringContaining('phpunit is not on')]);
    const cmake = { 'CMakeLists.txt': 'project(a)\ninclude(CTest)\n' };
    expect(await found(cmake, having('cmake', 'ctest'))).toEqual([
      'test: sh -c { cmake -S . -B build && cmake --build build; } >&2 && "$@" sh ctest --test-dir build --output-on-failure [ctest]',
    ]);
    expect(await found({ ...cmake, 'build/x': '' }, having('cmake', 'ctest'))).toEqual([
      expect.stringContaining('-B cmake-build'),
    ]);
    expect(await found({ 'CMakeLists.txt': 'project(a)' }, having('cmake', 'ctest'))).toEqual(['none']);
  });

  it('of Make only as an offer where there is something finer', async () => {
    expect(await found({ 'go.mod': '', Makefile: 'test:\n' })).toContain('(make test: make test [none]');
  });

  it('with names that tell them apart', async () => {
    const names = await found({ 'package.json': pkg({ scripts: { test: 'node --test' } }), 'go.mod': '' });
    expect(names.map((line) => line.split(': ')[0])).toEqual(['test', 'vet', 'test (go.mod)']);
  });
});

describe('gates.toml', () => {
  it('wins over detection, and lets omk read single tests', async () => {
    const files = {
      '.omk/gates.toml': '[[gates]]\nname="unit"\ncommand="npm"\nargs=["test"]\n',
      'package.json': pkg({ scripts: { test: 'node --test', lint: 'x' } }),
    };
    expect(await found(files)).toEqual(['unit: node --test [node-tap]']);
  });
  it('that cannot be read is never replaced by detection', async () => {
    const files = {
      '.omk/gates.toml': '[[gates]\n',
      'package.json': pkg({ scripts: { test: 'node --test' } }),
    };
    expect((await found(files))[0]).toBe('unreadable');
    expect((await found({ ...files, '.omk/gates.toml': `# ${'x'.repeat(300_000)}` }))[0]).toBe('unreadable');
  });
});

describe('the digest that trust binds to', () => {
  const files = {
    'package.json': pkg({ version: '1', scripts: { test: 'node --test' } }),
    'src/a.js': '1',
    'test/a.js': '1',
    'vitest.config.js': '1',
  };
  const digest = async (changed: Record<string, string>): Promise<string> => {
    const tree = treeOf({ ...files, ...changed });
    const oracle = await findGates(treeOf(files), everything);
    return oracleDigest(tree, oracle.type === 'found' ? oracle.gates : []);
  };
  it('changes with scripts and configuration, not with product, tests or a version', async () => {
    const same = await digest({});
    expect(await digest({ 'src/a.js': '2', 'test/a.js': '2' })).toBe(same);
    expect(await digest({ 'package.json': pkg({ version: '2', scripts: { test: 'node --test' } }) })).toBe(
      same,
    );
    expect(await digest({ 'vitest.config.js': '2' })).not.toBe(same);
    expect(await digest({ 'package.json': pkg({ scripts: { test: 'echo' } }) })).not.toBe(same);
    expect(await digest({ 'eslint.config.js': '' })).not.toBe(same);
  });
});

describe('the clean PATH', () => {
  it('leaves out what an agent or a repository could write', async () => {
    const root = mkdtempSync(join(tmpdir(), 'omk-path-'));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    const dir = (name: string, mode = 0o755): string => {
      const path = join(root, name);
      mkdirSync(path, { recursive: true });
      writeFileSync(join(path, 'tool'), '#!/bin/sh\n', { mode: 0o755 });
      chmodSync(path, mode);
      return path;
    };
    const [good, open, repo, bin] = [
      dir('good'),
      dir('open', 0o777),
      dir('repo/bin'),
      dir('x/node_modules/.bin'),
    ];
    symlinkSync(repo, join(root, 'link'));
    const path = ['relative', '', open, repo, join(root, 'link'), bin, join(root, 'gone'), good, good].join(
      ':',
    );
    const tools = await toolPath(path, [join(root, 'repo')]);
    expect(tools.dirs).toEqual([good]);
    expect(await tools.find('tool')).toBe(join(good, 'tool'));
    for (const name of ['../good/tool', 'none', '', '.', join(good, 'tool')])
      expect(await tools.find(name)).toBeNull();
  });

  it('replaces shims by the version they stand for', async () => {
    const root = mkdtempSync(join(tmpdir(), 'omk-path-'));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    for (const dir of [
      'pyenv/shims',
      'pyenv/versions/3.11.7/bin',
      'home/.cargo/bin',
      'home/.rustup/toolchains/stable-x86_64/bin',
    ])
      mkdirSync(join(root, dir), { recursive: true });
    writeFileSync(join(root, 'pyenv/version'), '3.11.7\n');
    writeFileSync(join(root, 'home/.cargo/bin/rustup'), '');
    symlinkSync('rustup', join(root, 'home/.cargo/bin/cargo'));
    writeFileSync(join(root, 'home/.rustup/settings.toml'), 'default_toolchain = "stable-x86_64"\n');
    const tools = await toolPath(`${join(root, 'pyenv/shims')}:${join(root, 'home/.cargo/bin')}`, []);
    expect(tools.dirs.map((path) => path.slice(root.length))).toEqual([
      '/pyenv/versions/3.11.7/bin',
      '/home/.rustup/toolchains/stable-x86_64/bin',
      '/home/.cargo/bin',
    ]);
    const whole = `relative:${join(root, 'pyenv/shims')}:${join(root, 'home/.cargo/bin')}:/usr/bin:/usr/bin`;
    expect(await unshimmedPath(whole)).toBe(['relative', ...tools.dirs, '/usr/bin'].join(':'));
  });
});
