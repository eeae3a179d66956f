import fc from 'fast-check';
import { expect, test } from 'vitest';
import { followsRule, ruleOf } from './command-rule.ts';

test('a rule is the words that say what a command does', () => {
  const rules: Readonly<Record<string, string>> = {
    'npm test': 'npm test',
    'npm test -- --watch=false src/a.test.ts': 'npm test',
    'npm run build:web --if-present': 'npm run build:web',
    'cargo build --release': 'cargo build',
    'go test ./...': 'go test',
    'git diff --stat': 'git diff',
    'node --test test/a.js': 'node --test',
    'python3 -m pytest -q': 'python3 -m pytest',
    'pytest tests/test_a.py': 'pytest',
    'make check': 'make check',
  };
  for (const [command, rule] of Object.entries(rules)) {
    expect(ruleOf(command)?.join(' '), command).toBe(rule);
    expect(followsRule(command, rule.split(' '))).toBe(true);
  }
});

test('no rule comes from a shell, an interpreter, a launcher, or a word nobody knows', () => {
  for (const command of [
    'npm',
    'npm test && rm -rf /',
    'npm test; id',
    'npm test | tee out',
    'npm test > out',
    'npm test $HOME',
    'npm test `id`',
    'npm test "a b"',
    "npm test 'a'",
    'npm test *',
    'npm test {a,b}',
    'npm test ~/x',
    'npm test\nid',
    'npm test  twice',
    'npm  test',
    ' npm test',
    'NODE_OPTIONS=--import=./x.js npm test',
    'npm exec cowsay',
    'npm install left-pad',
    'npm run',
    'npm --prefix /etc test',
    'git push origin main',
    'git -c core.pager=sh log',
    'git config core.hooksPath x',
    'npx vitest',
    'bash script.sh',
    'node script.js',
    'python -c code',
    'python -m http.server',
    'rm -rf build',
    'curl https://example.org',
    './gradlew build',
    '/usr/bin/npm test',
    'cat secret',
    '',
  ])
    expect(ruleOf(command), command).toBe(null);
});

test('what follows a rule begins with its words and is nothing but plain words', () => {
  const rule = ['npm', 'test'];
  for (const command of ['npm test', 'npm test -- -u', 'npm test a b c'])
    expect(followsRule(command, rule)).toBe(true);
  for (const command of [
    'npm tests',
    'npm test;id',
    'npm test &',
    'npm',
    'pnpm test',
    'X=1 npm test',
    'npm test\nid',
  ])
    expect(followsRule(command, rule), command).toBe(false);
  expect(followsRule('npm test', [])).toBe(false);
});

test('whatever is put behind an allowed command, no shell operator ever comes with it', () => {
  fc.assert(
    fc.property(fc.string(), (rest) => {
      if (followsRule(`npm test ${rest}`, ['npm', 'test'])) expect(rest).toMatch(/^[A-Za-z0-9@%+=:,./_ -]*$/);
    }),
  );
  fc.assert(
    fc.property(fc.string(), (command) => {
      const rule = ruleOf(command);
      if (rule !== null) expect(followsRule(command, rule)).toBe(true);
    }),
  );
});
