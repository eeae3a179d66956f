import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitShellWords } from './shell-words.ts';

const words = (text: string): readonly string[] | string => {
  const result = splitShellWords(text);
  return result.ok ? result.value : result.error.code;
};

it.each([
  ['kimi acp', ['kimi', 'acp']],
  ['  a\t b  ', ['a', 'b']],
  [`a 'b  c' "d e"`, ['a', 'b  c', 'd e']],
  [`a''b ""`, ['ab', '']],
  [`a\\ b \\"c\\' \\\\`, ['a b', `"c'`, '\\']],
  [`"\\$x \\a \\"\\\\ \\\``, 'words.quote'],
  [`"\\$x \\a \\" \\\\ \\\`"`, ['$x \\a " \\ `']],
  [`'\\'`, ['\\']],
  ['echo $HOME *.ts ~', ['echo', '$HOME', '*.ts', '~']],
  ['a \\\n b', ['a', 'b']],
  ['a # a comment', ['a']],
  ['a b#c', ['a', 'b#c']],
  ['für 日本', ['für', '日本']],
  ['a\n', ['a']],
])('splits %j', (text, expected) => expect(words(text)).toEqual(expected));

it.each([
  ['', 'words.empty'],
  ['   \n', 'words.empty'],
  [`''`, 'words.empty'],
  [`a 'b`, 'words.quote'],
  ['a "b', 'words.quote'],
  ['a \\', 'words.escape'],
  ['a | b', 'words.operator'],
  ['a && b', 'words.operator'],
  ['a > f', 'words.operator'],
  ['(a)', 'words.operator'],
  ['a\nb', 'words.operator'],
])('refuses %j as %s', (text, code) => expect(words(text)).toBe(code));

it('splits as a real shell does', () => {
  const piece = fc.constantFrom(
    'a',
    'B1',
    "'",
    '"',
    '\\',
    ' ',
    '  ',
    '\t',
    'ü',
    '#',
    '-x',
    '=',
    "'x y'",
    '"x \\" y"',
  );
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 12 }), (pieces) => {
      const text = pieces.join('');
      const mine = splitShellWords(text);
      if (!mine.ok) return;
      const shell = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${text}`], {
        encoding: 'utf8',
        stdio: 'pipe',
      });
      expect(mine.value).toEqual(shell.split('\0').slice(0, -1));
    }),
    { numRuns: 200 },
  );
});
