import { describe, expect, it } from 'vitest';
import { gateOf } from '../testing/gates.ts';
import { calledFiles } from './called-files.ts';
import { ownRunner } from './own-runner.ts';
import { scriptWords } from './script-words.ts';
import { Oid } from '../../../shared/kernel/ids.ts';

describe('a package script', () => {
  it('splits like a shell where no shell is needed', () => {
    expect(scriptWords(`node --test "my tests/*.js" 'a b' c\\ d`)).toEqual([
      'node',
      '--test',
      'my tests/*.js',
      'a b',
      'c d',
    ]);
  });
  it.each([
    'a && b',
    'A=1 b',
    'a $X',
    'a `b`',
    'a > b',
    'a; b',
    '',
    '  ',
    'a "b',
    'a\nb',
    'a | b',
    '(a)',
    '~/x',
  ])('needs one: %j', (script) => expect(scriptWords(script)).toBeNull());
});

describe('omk’s own argv', () => {
  const own = (command: string, scripts: Record<string, unknown> = {}): string | null => {
    const found = ownRunner(command.split(' '), { scripts });
    return found === null ? null : `${found.parser}: ${found.argv.join(' ')}`;
  };
  it('stands for runners and for the scripts that name them', () => {
    expect(own('npm test', { test: 'node --test --test-reporter=dot test/' })).toBe(
      'node-tap: node --test test/',
    );
    expect(own('npm run unit', { unit: 'vitest --reporter verbose' })).toBe(
      'vitest-json: node_modules/.bin/vitest run',
    );
    expect(own('yarn unit', { unit: 'jest --ci' })).toBe('jest-json: node_modules/.bin/jest --ci');
    expect(own('npm test -- -t x', { test: 'vitest run' })).toBe(
      'vitest-json: node_modules/.bin/vitest run -t x',
    );
    expect(own('npx jest')).toBe('jest-json: node_modules/.bin/jest');
    expect(own('python3.11 -m pytest -q')).toBe('pytest: python3.11 -m pytest -q');
    expect(own('cargo test --all')).toBe('cargo-test: cargo test --all');
    expect(own('go test ./...')).toBe('go-json: go test ./...');
    expect(own('bundle exec rspec -f doc spec')).toBe('rspec-json: bundle exec rspec spec');
    expect(own('./bin/rspec')).toBe('rspec-json: ./bin/rspec');
    expect(own('php -d x=1 vendor/bin/phpunit --log-junit a.xml')).toBe(
      'phpunit-junit: php -d x=1 vendor/bin/phpunit',
    );
    expect(own('phpunit tests')).toBe('phpunit-junit: phpunit tests');
    expect(own('npx playwright test --reporter=dot a')).toBe(
      'playwright-json: node_modules/.bin/playwright test a',
    );
    expect(own('ctest --test-dir build --stop-on-failure -j4')).toBe('ctest: ctest --test-dir build -j4');
  });
  it('leaves to a shell what a script does around its runner', () => {
    const at = 'sh -c PATH="$PWD/node_modules/.bin:$PATH";';
    expect(own('npm test', { test: 'tsc -p . && NODE_ENV=test node --test && echo ok' })).toBe(
      `node-tap: ${at} tsc -p . && NODE_ENV=test "$@" && echo ok sh node --test`,
    );
    expect(own('npm test', { test: 'cross-env A=1 B=2 vitest run', pretest: 'x' })).toBe(
      `vitest-json: ${at} npm run pretest && { PATH="$PWD/node_modules/.bin:$PATH"; A=1 B=2 "$@"; } sh node_modules/.bin/vitest run`,
    );
    expect(own('npm test', { test: 'mocha -R dot spec' })).toBe('mocha-json: node_modules/.bin/mocha spec');
    expect(own('python3 -m unittest')).toBe('unittest: python3 -m unittest');
  });
  it('keeps what a build prints out of what ctest prints', () => {
    const shell = (text: string): string | undefined =>
      ownRunner(['sh', '-c', text], { scripts: {} })?.argv.join(' ');
    expect(shell('cmake -B b && cmake --build b && A=1 ctest --test-dir b')).toBe(
      'sh -c { cmake -B b && cmake --build b; } >&2 && A=1 "$@" sh ctest --test-dir b',
    );
    for (const text of [
      'ctest',
      'ctest && echo x',
      'make; ctest',
      'make && node --test',
      'make && ctest | cat',
    ])
      expect([text, shell(text)]).toEqual([text, undefined]);
  });
  it('leaves alone what would not mean the same', () => {
    const scripts = {
      test: 'node --test',
      pretest: 'build',
      two: 'npm run test',
      loop: 'npm run loop',
      sh: 'a | jest',
    };
    for (const command of [
      'npm run two',
      'npm run loop',
      'npm run sh',
      'npm run none',
      'npm ci',
      'node x.js',
      'vitest --watch',
      '/opt/vitest run',
      'cargo build',
      'go test -json',
      'rspec --dry-run',
      'bundle install',
      'php artisan test',
      'phpunit --list-tests',
      'playwright show-report',
      'playwright test --list',
      'ctest -Q',
      'ctest --repeat until-pass:3',
    ])
      expect([command, own(command, scripts)]).toEqual([command, null]);
  });
});

describe('files that gates execute', () => {
  const files = [
    'check.js',
    'src/index.js',
    'scripts/t.sh',
    'setup.mjs',
    'lint.json',
    'web/run.js',
    'package.json',
    'spec/a.js',
  ];
  const entries = files.map((path) => ({ path, mode: '100644' as const, oid: Oid.parse('a'.repeat(40)) }));
  const called = (argv: string[], more: Parameters<typeof gateOf>[1] = {}): string[] => [
    ...calledFiles([gateOf(argv, more)], entries),
  ];

  it('are oracle', () => {
    expect(called(['node', './check.js', 'src/index.js'])).toEqual(['check.js']);
    expect(called(['./scripts/t.sh'])).toEqual(['scripts/t.sh']);
    expect(called(['node', '--import', './setup.mjs', '--test', 'spec/a.js'])).toEqual([
      'setup.mjs',
      'spec/a.js',
    ]);
    expect(
      called(['npm', 'run', 'test'], { script: 'NODE_ENV=test node check.js && sh scripts/t.sh' }),
    ).toEqual(['check.js', 'scripts/t.sh']);
    expect(called(['sh', '-c', 'node check.js | cat'])).toEqual(['check.js']);
    expect(called(['node', 'run.js'], { cwd: 'web' })).toEqual(['web/run.js']);
    expect(called(['eslint', '--config', 'lint.json', 'src/index.js'])).toEqual(['lint.json']);
  });

  it('and those that a command looks at, or a probe runs, are product', () => {
    expect(called(['eslint', 'src/index.js'])).toEqual([]);
    expect(called(['node', '--check', 'src/index.js'])).toEqual([]);
    expect(called(['node', 'src/index.js'], { kind: 'probe' })).toEqual([]);
    expect(called(['cat', 'package.json'])).toEqual([]);
  });
});
