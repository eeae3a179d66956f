import { describe, expect, it } from 'vitest';
import { findInlineChanges } from './analyse-inline.ts';

const rules = (findings: ReturnType<typeof findInlineChanges>): string[] =>
  findings.map((one) => `${one.rule} ${one.effect}`);

describe('examples in Python documentation', () => {
  const python = [
    '"""About it.',
    '',
    '>>> add(1, 1)',
    '2',
    '"""',
    '',
    'class Calc:',
    '    """Adds."""',
    '    def add(self, a):',
    "        r'''>>> c.add(1)",
    '        1',
    '',
    '        Words.',
    '        >>> for a in (1, 2):',
    '        ...     c.add(a)',
    "        3'''",
    '        return a',
    '',
    'def sub(): return ">>> 1"',
    '',
  ].join('\n');
  const changes = (after: string, run = true): string[] =>
    findInlineChanges([{ path: 'src/calc.py', before: python, after }], false, () => run).map(
      (one) => `${one.effect}: ${one.message}`,
    );
  it.each([
    ['moved', `import x\n\n${python}`],
    ['with other words around', python.replace('Words.', 'Other words.').replace('return a', 'return b')],
    ['with more of them at the end', python.replace("3'''", "3\n        >>> c.add(2)\n        4'''")],
    ['beside new ones', python.replace('"""Adds."""', '"""Adds.\n    >>> Calc()\n    """')],
  ])('are the same %s', (_, after) => expect(changes(after)).toEqual([]));
  it.each([
    ['another expectation', python.replace("3'''", "4'''"), 'question', 'changed', 'Calc.add'],
    ['another first example', python.replace('1, 1)', '1, 2)'), 'question', 'changed', 'the file'],
    ['one before it', python.replace('>>> add', '>>> add = f\n>>> add'), 'question', 'changed', 'the file'],
    [
      'an example less',
      python.replace(/ {8}>>> for[^]*3'''/, "        '''"),
      'question',
      'changed',
      'Calc.add',
    ],
    ['none any more', python.replace('>>> add', 'add'), 'breach', 'taken out', 'the file'],
  ])('%s is seen', (_, after, effect, how, item) => {
    expect(changes(after)).toEqual([
      expect.stringMatching(new RegExp(`^${effect}: 1 test .* ${how}.*examples of ${item}`)),
    ]);
    expect(changes(after, false)).toEqual([]);
  });
  it('are all of a text that is no Python', () => {
    const text = 'Intro\n\n>>> 1 + 1\n2\n\nMore\n';
    const said = (after: string): string[] =>
      rules(findInlineChanges([{ path: 'README.md', before: text, after }], false, () => true));
    expect(said(text.replace('More', 'Less'))).toEqual([]);
    expect(said(text.replace('\n2', '\n3'))).toEqual(['test.inline_changed question']);
    expect(said('')).toEqual(['test.inline_deleted breach']);
  });
});

describe('tests of Vitest in the source', () => {
  const source =
    "export const add = (a, b) => a + b;\nif (import.meta.vitest) {\n  const { it, expect } = import.meta.vitest;\n  const two = 2;\n  describe('add', () => {\n    it('adds', () => { expect(add(1, 1)).toBe(two); });\n  });\n  it('is', () => {});\n}\n";
  const changes = (after: string): string[] =>
    findInlineChanges([{ path: 'src/add.ts', before: source, after }], false).map(
      (one) => `${one.rule} ${one.message}`,
    );
  it.each([
    ['beside other product code', source.replace('a + b', 'b + a')],
    [
      'beside new ones',
      source.replace("  it('is'", "  describe('x', () => { it('new', () => {}); });\n  it('is'"),
    ],
    ['with more of the runner', source.replace('{ it, expect }', '{ describe, it, expect }')],
  ])('are the same %s', (_, after) => expect(changes(after)).toEqual([]));
  it.each([
    ['another body', source.replace('toBe(two)', 'toBe(3)'), 'changed', 'adds'],
    ['a skip', source.replace("it('adds'", "it.skip('adds'"), 'changed', 'adds'],
    ['another value around', source.replace('two = 2', 'two = 3'), 'changed', 'what stands around'],
    ['a runner of its own', source.replace('expect }', 'expect: e }'), 'changed', 'what stands around'],
    ['one less', source.replace("  it('is', () => {});\n", ''), 'deleted', 'is'],
    ['no block any more', 'export const add = 1;\n', 'deleted', 'adds'],
  ])('%s is seen', (_, after, rule, name) => {
    expect(changes(after).join()).toMatch(new RegExp(`inline_${rule}.*${name}`));
  });
});

describe('examples in Rust documentation', () => {
  const rust = [
    '//! ```',
    '//! assert_eq!(calc::add(1, 1), 2);',
    '//! ```',
    '',
    'use x;',
    '/// Adds.',
    '///',
    '/// ```should_panic',
    '/// assert_eq!(add(2, 2), 4);',
    '/// ```',
    '/// ```text',
    '/// 2 + 2',
    '/// ```',
    '#[inline]',
    'pub const unsafe fn add() {}',
    '/**',
    ' * ```rust',
    ' * sub();',
    ' * ```',
    ' */',
    'pub fn sub() {}',
    '',
  ].join('\n');
  const changes = (after: string): string[] =>
    findInlineChanges([{ path: 'src/lib.rs', before: rust, after }], false).map((one) => one.message);
  it.each([
    ['moved by lines above', `// new\n\n${rust}`],
    [
      'beside new ones',
      rust.replace('/// ```should_panic', '/// ```\n/// new();\n/// ```\n/// ```should_panic'),
    ],
    ['with other words around', rust.replace('/// Adds.', '/// Adds up.').replace('2 + 2', '3 + 3')],
  ])('are the same %s', (_, after) => expect(changes(after)).toEqual([]));
  it.each([
    ['other expectation', rust.replace('add(2, 2), 4', 'add(2, 2), 5'), 'changed', 'add'],
    ['other expectation of the file', rust.replace('1), 2', '1), 3'), 'changed', 'the file'],
    ['block comment', rust.replace(' * sub()', ' * // sub()'), 'changed', 'sub'],
    ['no longer run', rust.replace('```should_panic', '```ignore'), 'taken out', 'add'],
    ['no comment any more', rust.replace(/\/\*\*[^]*\*\//, ''), 'taken out', 'sub'],
  ])('%s is seen', (_, after, how, item) => {
    expect(changes(after)).toEqual([expect.stringContaining(how)]);
    expect(changes(after)[0]).toContain(`example of ${item}`);
  });
});
