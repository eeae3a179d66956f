import { expect, it } from 'vitest';
import { Oid } from '../../../shared/kernel/ids.ts';
import type { Loaded } from '../../runtime/verification/oracle-plan.ts';
import { dependencies } from './dependencies.ts';

const read = (files: Readonly<Record<string, string>>): Promise<Loaded> => {
  const entries = Object.keys(files).map((path) => ({
    path,
    mode: '100644' as const,
    oid: Oid.parse('a'.repeat(40)),
  }));
  const tree = {
    list: async () => [],
    all: async () => entries,
    read: async (path: string) => new TextEncoder().encode(files[path] ?? ''),
  };
  return dependencies(tree, entries);
};

it('of Python are read from wherever a project writes them down, as modules', async () => {
  const { modules } = await read({
    'pyproject.toml': [
      '[project]\nname = "x"\ndependencies = ["acme-sdk>=1", "PyYAML"]',
      '[project.optional-dependencies]\ndev = ["foo[bar]~=1"]',
      '[tool.poetry.dependencies]\npython = "^3"\nbaz = { version = "1" }',
      '[tool.poetry.group.dev.dependencies]\nqux = "*"',
      '[dependency-groups]\nt = ["zed"]',
    ].join('\n'),
    'requirements-dev.txt': '# for tests\n-r x\nnumpy==1\n',
    'docs/other.txt': 'word\n',
  });
  expect([...modules].toSorted()).toEqual(['acme_sdk', 'baz', 'foo', 'numpy', 'qux', 'yaml', 'zed']);
});

it('of Node can be taken the place of only where a project says that its own folders come first', async () => {
  const manifest = JSON.stringify({ dependencies: { lodash: '4' }, devDependencies: { '@a/b': '1' } });
  expect((await read({ 'package.json': manifest })).packages.size).toBe(0);
  const { packages } = await read({
    'web/package.json': manifest,
    'web/tsconfig.json': '{ // own\n "compilerOptions": { "baseUrl": "./src" } }',
    'web/jest.config.js': "module.exports = { moduleDirectories: ['node_modules', '<rootDir>/lib'] };",
  });
  expect([...packages].toSorted()).toEqual([
    'web/lib/@a/b',
    'web/lib/lodash',
    'web/src/@a/b',
    'web/src/lodash',
  ]);
});
