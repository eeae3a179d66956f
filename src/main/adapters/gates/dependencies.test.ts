import { expect, it } from 'vitest';
import { Oid } from '../../../shared/kernel/ids.ts';
import { dependencies } from './dependencies.ts';

it('are read from wherever a Python project writes them down, as modules', async () => {
  const files: Readonly<Record<string, string>> = {
    'pyproject.toml': [
      '[project]\nname = "x"\ndependencies = ["acme-sdk>=1", "PyYAML"]',
      '[project.optional-dependencies]\ndev = ["foo[bar]~=1"]',
      '[tool.poetry.dependencies]\npython = "^3"\nbaz = { version = "1" }',
      '[tool.poetry.group.dev.dependencies]\nqux = "*"',
      '[dependency-groups]\nt = ["zed"]',
    ].join('\n'),
    'requirements-dev.txt': '# for tests\n-r x\nnumpy==1\n',
    'docs/other.txt': 'word\n',
  };
  const entries = Object.keys(files).map((path) => ({
    path,
    mode: '100644' as const,
    oid: Oid.parse('a'.repeat(40)),
  }));
  const found = await dependencies(
    {
      list: async () => [],
      all: async () => entries,
      read: async (path) => new TextEncoder().encode(files[path] ?? ''),
    },
    entries,
  );
  expect([...found].toSorted()).toEqual(['acme_sdk', 'baz', 'foo', 'numpy', 'qux', 'yaml', 'zed']);
});
