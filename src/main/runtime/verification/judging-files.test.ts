import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Oid } from '../../../shared/kernel/ids.ts';
import type { TreeReader } from '../ports.ts';
import { gateOf } from '../testing/gates.ts';
import { judgingFiles } from './judging-files.ts';

const treeOf = (files: Readonly<Record<string, string>>): TreeReader => ({
  list: async () => [],
  all: async () =>
    Object.entries(files).map(([path, text]) => ({
      path,
      mode: '100644' as const,
      oid: Oid.parse(createHash('sha1').update(text).digest('hex')),
    })),
  read: async (path) => {
    const text = files[path];
    return text === undefined ? null : new TextEncoder().encode(text);
  },
});
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const judging = async (
  command: string | readonly string[],
  files: Readonly<Record<string, string>>,
  more: Parameters<typeof gateOf>[1] = {},
): Promise<string[]> => {
  const argv = typeof command === 'string' ? command.split(' ') : [...command];
  return [...(await judgingFiles(treeOf(files), [gateOf(argv, more)], decode))].toSorted();
};
const scripts = (of: Record<string, string>): string => JSON.stringify({ scripts: of });

describe('what judges behind a package script', () => {
  const files = { 'tools/run.js': '', 'tools/pre.js': '', 'src/index.js': '' };
  it.each([
    'npm run unit',
    'pnpm unit',
    'yarn run unit',
    'bun run unit',
    'npm-run-all unit',
    'concurrently npm:unit',
  ])('is followed through %s', async (test) => {
    const manifest = scripts({ test, unit: 'node tools/run.js', preunit: 'node tools/pre.js' });
    expect(await judging('npm test', { ...files, 'package.json': manifest })).toEqual([
      'tools/pre.js',
      'tools/run.js',
    ]);
  });

  it('also in other packages and folders, and not for ever', async () => {
    const web = { 'web/package.json': scripts({ unit: 'node check.js' }), 'web/check.js': '' };
    const named = (test: string): Promise<string[]> =>
      judging('npm test', { ...web, 'package.json': scripts({ test }) });
    for (const test of [
      'npm --prefix web run unit',
      'cd web && npm run unit',
      'npm run unit -w web',
      'pnpm -r unit',
    ])
      expect([test, await named(test)]).toEqual([test, ['web/check.js']]);
    expect(await judging('npm test', { 'package.json': scripts({ test: 'npm run test' }) })).toEqual([]);
  });

  it('but a build script of the product is product', async () => {
    const manifest = scripts({ test: 'npm run build && node check.js', build: 'node src/cli.js build' });
    expect(await judging('npm test', { 'package.json': manifest, 'check.js': '', 'src/cli.js': '' })).toEqual(
      ['check.js'],
    );
  });
});

describe('what a command starts', () => {
  const files = {
    'verify.mjs': '',
    'tools/check.js': '',
    'x.mjs': '',
    'cmd/check/main.go': '',
    'cmd/check/more.go': '',
    'check.js': '',
  };
  it.each<[readonly string[], readonly string[]]>([
    [['sh', '-c', 'node verify.mjs'], ['verify.mjs']],
    [['bash', '-lc', 'env X=1 node verify.mjs | cat'], ['verify.mjs']],
    [['sh', '-c', 'cd tools && node check.js'], ['tools/check.js']],
    [
      ['sh', '-c', 'true; (cd tools; node ./check.js) && node verify.mjs'],
      ['tools/check.js', 'verify.mjs'],
    ],
    [['sh', '-c', "sh -c 'node verify.mjs'"], ['verify.mjs']],
    [['npx', '--no', 'tsx', 'verify.mjs'], ['verify.mjs']],
    [
      ['timeout', '60', 'node', '--import', './x.mjs', 'verify.mjs'],
      ['verify.mjs', 'x.mjs'],
    ],
    [['deno', 'run', '-A', 'verify.mjs'], ['verify.mjs']],
    [['bun', 'run', 'verify.mjs'], ['verify.mjs']],
    [
      ['go', 'run', './cmd/check'],
      ['cmd/check/main.go', 'cmd/check/more.go'],
    ],
    [['sh', '-n', 'check.js'], []],
  ])('%j', async (argv, expected) => {
    expect(await judging(argv, files)).toEqual(expected);
  });

  it('is a module of the repository with all its files, but no module that is only on the command line', async () => {
    const python = {
      'checks/__init__.py': '',
      'checks/__main__.py': '',
      'checks/cases.py': '',
      'add.py': '',
    };
    expect(await judging('python3 -m checks', python)).toEqual(Object.keys(python).slice(0, 3).toSorted());
    expect(await judging('python3 -m unittest', python)).toEqual([]);
    expect(await judging(['python3', '-c', 'import add; assert add.add(1, 2) == 3'], python)).toEqual([]);
  });
});

describe('what a judging script runs', () => {
  const files = {
    'tools/cases.sh': 'sh tools/more.sh',
    'tools/more.sh': '',
    'tools/x.py': '',
    'bin/add.sh': '',
  };
  it.each([
    'sh tools/cases.sh',
    './tools/cases.sh',
    '. tools/cases.sh',
    'cd "$(dirname "$0")/.."\nsh tools/cases.sh || exit 1',
    'DIR="$(cd "$(dirname "$0")/../tools" && pwd)"\nif ! bash "$DIR/cases.sh"; then exit 1; fi',
    'for f in tools/cases.sh tools/more.sh; do sh "$f"; done',
  ])('judges too: %j', async (run) => {
    expect(await judging('sh check/run.sh', { ...files, 'check/run.sh': run })).toEqual([
      'check/run.sh',
      'tools/cases.sh',
      'tools/more.sh',
    ]);
  });

  it('judges in other languages, with what it imports from its own folder to judge', async () => {
    const judges = {
      'tools/x.py': 'import cases\nimport gen\n',
      'tools/cases.py': '',
      'tools/gen.py': '',
    };
    expect(await judging('sh check/run.sh', { ...judges, 'check/run.sh': 'python3 tools/x.py' })).toEqual([
      'check/run.sh',
      'tools/cases.py',
      'tools/x.py',
    ]);
  });

  it('is the product where its output is looked at or it lies where products lie', async () => {
    for (const run of [
      '[ "$(sh bin/add.sh 1 2)" = "3" ] || { echo no; exit 1; }',
      'sh scripts/add.sh 1 2 > out.txt',
      'scripts/add.sh 1 2 | grep -q 3',
      'out=`sh scripts/add.sh 1 2`',
      'sh bin/add.sh || exit 1',
      'sh add.sh 1 2',
    ])
      expect([
        run,
        await judging('sh check/run.sh', {
          ...files,
          'check/run.sh': run,
          'scripts/add.sh': '',
          'add.sh': '',
        }),
      ]).toEqual([run, ['check/run.sh']]);
  });
});

describe('what gates obey', () => {
  const files = {
    'CMakeLists.txt': '',
    'cmake/x.cmake': '',
    Rakefile: '',
    'pom.xml': '',
    'app/build.gradle.kts': '',
    'src/a.c': '',
  };
  it('is locked where a gate uses it, also behind a shell', async () => {
    expect(await judging(['sh', '-c', 'cmake -S . -B b && cd b && ctest'], files)).toEqual([
      'CMakeLists.txt',
      'cmake/x.cmake',
    ]);
    expect(await judging('bundle exec rake test', files)).toEqual(['Rakefile']);
    expect(await judging('./gradlew check', files)).toEqual(['app/build.gradle.kts']);
    expect(await judging('mvn -q test', files)).toEqual(['pom.xml']);
    expect(await judging('node --test', files)).toEqual([]);
  });

  it('is what makefiles include and what locked configuration loads', async () => {
    expect(
      await judging('make test', {
        Makefile: 'include build/config.inc\ntest:\n\tsh t.sh\n',
        'build/config.inc': '',
        't.sh': '',
      }),
    ).toEqual(['build/config.inc', 't.sh']);
    expect(
      await judging('node_modules/.bin/jest', {
        'jest.config.js':
          "module.exports = { setupFiles: ['<rootDir>/src/prepare.js'], globalSetup: './src/begin' };",
        'src/prepare.js': '',
        'src/begin.ts': '',
        'src/other.js': '',
        'web/.mocharc.yml': 'require:\n  - ./hooks.js\n',
        'web/hooks.js': '',
        'conftest.py': 'pytest_plugins = ["plugins.marks"]\n',
        'plugins/marks.py': '',
      }),
    ).toEqual(['plugins/marks.py', 'src/begin.ts', 'src/prepare.js', 'web/hooks.js']);
  });

  it('is what a person locks besides', async () => {
    const tree = treeOf({ 'acceptance/deep/a.txt': '', 'data/x.csv': '', 'src/a.js': '' });
    expect([...(await judgingFiles(tree, [], decode, ['acceptance/**', 'data/*.{csv,json}']))]).toEqual([
      'acceptance/deep/a.txt',
      'data/x.csv',
    ]);
  });
});
