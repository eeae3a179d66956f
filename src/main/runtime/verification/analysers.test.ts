import { describe, expect, it } from 'vitest';
import { Oid } from '../../../shared/kernel/ids.ts';
import type { TreeEntry } from '../ports.ts';
import { findConflictMarkers } from './analyse-conflicts.ts';
import { findInlineChanges } from './analyse-inline.ts';
import { findPathProblems } from './analyse-paths.ts';
import { findSecretNames, findSecrets } from './analyse-secrets.ts';
import { findWeakenedTests } from './analyse-tests.ts';
import { judgeLocked } from './judge-locked.ts';

const rules = (findings: readonly { readonly rule: string; readonly effect: string }[]): string[] =>
  findings.map((one) => `${one.rule} ${one.effect}`);
const added = (path: string, after: string): { path: string; before: string; after: string } => ({
  path,
  before: '',
  after,
});

describe('secrets', () => {
  const pem = `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEowIBAAKCAQEA'.repeat(4)}\n-----END RSA PRIVATE KEY-----\n`;
  it('are found in names, which are shown redacted', () => {
    const [found] = findSecretNames([`docs/ghp_${'aB3'.repeat(12)}.txt`, 'docs/ordinary.txt']);
    expect(found).toMatchObject({ rule: 'secret.token', effect: 'breach', line: null });
    expect(found?.file).not.toContain('aB3');
  });
  it.each([
    ['a.env', `TOKEN=ghp_${'aB3'.repeat(12)}`],
    ['k.pem', pem],
    ['c.py', 'aws = "AKIAIOSFODNN7ABCDEFG"'],
    ['c.js', `const password = "hJ8#kd92-Qz7!mPx4";`],
    ['c.json', `{"private_key": "${pem.replaceAll('\n', '\\n')}"}`],
    ['c.yml', 'url: postgres://app:h7Kq9zLm2Q@db.internal.net:5432/app'],
    ['c.json', '{"api_key": "9f8c2d1e7b6a5f4c3d2e1f0a9b8c7d6e"}'],
  ])('are found in %s and never repeated', (path, text) => {
    const findings = findSecrets([added(path, text)]);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ effect: 'breach', line: 1 });
    expect(JSON.stringify(findings)).not.toContain(text.slice(-12));
  });
  it.each([
    'const token = "your-token-goes-here-123";',
    'password: "${DB_PASSWORD_FROM_ENV1}"',
    'const secret = "aaaaaaaaaaaaaaaa1";',
    'token = getTokenFromSomewhere("abcdefgh")',
    'throw new Error("token ghp_abcdefghijklmnopqrstuvwxyz0123")',
    'key = "AKIAIOSFODNN7EXAMPLE"',
    'url: postgres://postgres:postgres1@localhost:5432/app',
    'url: postgres://user:${PASSWORD1}@db.internal.net/app',
    '// -----BEGIN PRIVATE KEY----- is the header',
  ])('are not seen in %s', (text) => expect(findSecrets([added('a.js', text)])).toEqual([]));
  it('count only in lines that the change adds', () => {
    const line = `key = "ghp_${'aB3'.repeat(12)}"`;
    expect(findSecrets([{ path: 'a', before: `x\n${line}\n`, after: `${line}\ny\n` }])).toEqual([]);
  });
});

describe('conflict markers', () => {
  const conflict = '<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n';
  it('are found in order only, and only when new', () => {
    expect(findConflictMarkers([added('a', `x\n${conflict}`)])).toMatchObject([{ line: 2 }]);
    expect(findConflictMarkers([{ path: 'a', before: conflict, after: conflict }])).toEqual([]);
    expect(findConflictMarkers([added('README.md', 'Title\n=======\n>>>>>>> quoted\n')])).toEqual([]);
  });
});

describe('tests', () => {
  const before =
    "import { test } from 'node:test';\ntest('a', () => { assert.equal(1, 1); });\ntest('b', () => { assert.ok(1); assert.ok(2); });\n";
  const weakened = (after: string, path = 't/a.test.js', mayChange = false): string[] =>
    rules(findWeakenedTests([{ path, before, after, change: 'modified' }], mayChange));
  it.each([
    ['skipped', before.replace("test('a'", "test.skip('a'")],
    ['skipped by option', before.replace("'a', ", "'a', { skip: true }, ")],
    ['focused', before.replace("test('b'", "test.only('b'")],
    ['todo', before.replace("test('a'", "test.todo('a'")],
  ])('that are %s', (_, after) => expect(weakened(after)).toEqual(['test.skipped breach']));
  it('that are gone, also into a comment', () => {
    expect(weakened(before.replace(/test\('a'.*\n/, ''))).toEqual(['test.deleted breach']);
    expect(weakened(before.replace("test('a'", "// test('a'"))).toEqual(['test.deleted breach']);
  });
  it('that assert less', () =>
    expect(weakened(before.replace('assert.ok(2);', ''))).toEqual(['test.assertions breach']));
  it('that have another name are said, not judged', () =>
    expect(weakened(before.replace("'a'", "'c'"))).toEqual(['test.renamed none']));
  it('that a person allowed to change are a question', () => {
    expect(weakened(before.replace("test('a'", "test.skip('a'"), 't/a.test.js', true)).toEqual([
      'test.skipped question',
    ]);
  });
  it('may grow, and may speak of skipping', () => {
    expect(weakened(`${before}// do not use test.skip here\ntest('c', () => {});\n`)).toEqual([]);
    expect(weakened(`${before}test('d', { skip: false }, () => {});\n`)).toEqual([]);
  });
  it('in Python, Rust and Go', () => {
    const modified = (path: string, was: string, is: string): string[] =>
      rules(findWeakenedTests([{ path, before: was, after: is, change: 'modified' }], false));
    expect(
      modified(
        'test_a.py',
        'def test_a():\n    assert f()\n',
        '@pytest.mark.skip\ndef test_a():\n    assert f()\n',
      ),
    ).toEqual(['test.skipped breach']);
    expect(modified('tests/a.rs', '#[test]\nfn a() {}\n', '#[test]\n#[ignore]\nfn a() {}\n')).toEqual([
      'test.skipped breach',
    ]);
    expect(
      modified(
        'a_test.go',
        'func TestA(t *testing.T) {}\n',
        '//go:build never\nfunc TestA(t *testing.T) {}\n',
      ),
    ).toEqual(['test.skipped breach']);
  });
  it('that moved whole into another file are said, those that vanished are a breach', () => {
    const moved = [
      { path: 'a.test.js', before, after: '', change: 'deleted' as const },
      { path: 'b.test.js', before: '', after: before, change: 'added' as const },
    ];
    expect(rules(findWeakenedTests(moved, false))).toEqual(['test.moved none']);
    expect(rules(findWeakenedTests(moved.slice(0, 1), false))).toEqual(['test.deleted breach']);
  });
  it('inside a Rust file are compared by name and body', () => {
    const rust =
      '#[cfg(test)]\nmod tests {\n    #[test]\n    fn one() { assert_eq!(f(), 1); }\n    #[test]\n    fn two() {}\n}\n';
    const inline = (after: string): string[] =>
      rules(findInlineChanges([{ path: 'src/lib.rs', before: rust, after }], false));
    expect(inline(`fn g() {}\n${rust.replaceAll('    ', '\t')}`)).toEqual([]);
    expect(inline(rust.replace('f(), 1', 'f(), 2'))).toEqual(['test.inline_changed question']);
    expect(inline(rust.replace(/ {4}#\[test\]\n {4}fn two.*\n/, ''))).toEqual(['test.inline_deleted breach']);
  });
});

describe('paths', () => {
  const entry = (path: string, mode: TreeEntry['mode'] = '100644'): TreeEntry => ({
    path,
    mode,
    oid: Oid.parse('a'.repeat(40)),
  });
  const problems = (
    theirs: TreeEntry[],
    links: Record<string, string> = {},
    base: TreeEntry[] = [],
    outside: string[] = [],
  ): string[] =>
    rules(
      findPathProblems({
        base,
        theirs: [...base, ...theirs],
        changed: theirs.map(({ path }) => ({ path, change: 'added' as const, binary: false })),
        links: new Map(Object.entries(links)),
        sizes: new Map(),
        outside,
      }),
    );
  it('a name that no tree may have counts although it is in no commit', () => {
    expect(problems([], {}, [], ['docs/.GIT/config', 'build/out.o', 'sub/.git'])).toEqual([
      'path.git_like breach',
    ]);
  });
  it.each([['/etc/passwd'], ['../x'], ['a/../../x'], ['../.git/config'], [''], ['C:\\x']])(
    'a link to %j leads out',
    (target) => expect(problems([entry('l', '120000')], { l: target })).toEqual(['path.link_outside breach']),
  );
  it('a link inside is only said, one of unknown target leads out', () => {
    expect(problems([entry('d/l', '120000')], { 'd/l': '../a/b' })).toEqual(['path.link none']);
    expect(problems([entry('l', '120000')])).toEqual(['path.link_outside breach']);
  });
  it.each([
    '.GIT/config',
    '.git/hooks/x',
    'a/.Git /x',
    'git~1/x',
    '.g\u200Cit/config',
    '.git:x/y',
    '.git./x',
  ])('%j means .git somewhere', (path) => expect(problems([entry(path)])).toContain('path.git_like breach'));
  it('names that differ by case or composition collide, also as folders', () => {
    expect(problems([entry('README.md'), entry('readme.md')])).toEqual(['path.case_collision breach']);
    expect(problems([entry('Src/a'), entry('src/b')])).toEqual(['path.case_collision breach']);
    expect(problems([entry('\u00e9'), entry('e\u0301')])).toEqual(['path.case_collision breach']);
  });
  it('that collided on base already are nobody’s doing now', () => {
    expect(problems([], {}, [entry('README.md'), entry('readme.md')])).toEqual([]);
  });
  it('that tools obey are asked about, others are not', () => {
    expect(problems([entry('.vscode/tasks.json')])).toEqual(['path.editor_settings question']);
    expect(problems([entry('.gitignore'), entry('.github/workflows/ci.yml')])).toEqual([]);
  });
  it('of binaries say how large they are', () => {
    const said = findPathProblems({
      base: [],
      theirs: [],
      changed: ['small.png', 'large.bin'].map((path) => ({ path, change: 'added' as const, binary: true })),
      links: new Map(),
      outside: [],
      sizes: new Map([['small.png', 2_000]]),
    });
    expect(said.map((one) => `${one.rule} ${one.message.slice(0, 32)}`)).toEqual([
      'path.binary A binary file of 2 kiB: nobody c',
      'path.binary_large A binary file of more than 1 MiB',
    ]);
  });
  it('submodules are a breach', () =>
    expect(problems([entry('sub', '160000')])).toEqual(['path.submodule breach']));
});

describe('locked files', () => {
  const judged = (
    kind: Parameters<typeof judgeLocked>[0][number]['kind'],
    change: 'added' | 'modified' | 'deleted',
    path = 'f',
    text?: [string, string],
  ): string =>
    rules(
      judgeLocked(
        [{ path, kind, change, base: null, theirs: null }],
        new Map(),
        new Map(text === undefined ? [] : [[path, { before: text[0], after: text[1] }]]),
      ).findings,
    ).join();
  it('tell loosening from asking', () => {
    expect(judged('checker', 'modified', '.eslintrc')).toBe('oracle.checker breach');
    expect(judged('checker', 'modified', 'tsconfig.json', ['{"strict": true}', '{"strict": false}'])).toBe(
      'oracle.checker breach',
    );
    expect(judged('checker', 'modified', 'tsconfig.json', ['{"paths": {}}', '{"paths": {"a": ["b"]}}'])).toBe(
      'oracle.checker none',
    );
    expect(judged('runner', 'modified', 'jest.config.js', ['x', 'x\ncoverageThreshold: 1'])).toBe(
      'oracle.threshold breach',
    );
    expect(judged('runner', 'deleted')).toBe('oracle.runner breach');
    expect(judged('golden', 'modified')).toBe('oracle.golden none');
    expect(judged('gates', 'modified')).toBe('oracle.gates none');
    expect(judged('lockfile', 'modified')).toBe('oracle.lockfile question');
    expect(judged('package-manager', 'added', '.npmrc')).toBe('oracle.package_manager breach');
    expect(judged('package-manager', 'modified', '.nvmrc')).toBe('oracle.tool_version none');
    expect(judged('shadow', 'added')).toBe('oracle.shadow breach');
    expect(judged('test', 'added')).toBe('');
  });
  it('need a person unless they are new tests', () => {
    const needed = judgeLocked(
      [
        { path: 'z', kind: 'golden', change: 'modified', base: null, theirs: null },
        { path: 'a', kind: 'test', change: 'modified', base: null, theirs: null },
        { path: 'b', kind: 'test', change: 'added', base: null, theirs: null },
        { path: 'c', kind: 'ci', change: 'added', base: null, theirs: null },
      ],
      new Map([['package.json', [{ field: 'jest', breach: false }]]]),
      new Map(),
    ).needApproval;
    expect(needed).toEqual(['a', 'c', 'package.json', 'z']);
  });
});
