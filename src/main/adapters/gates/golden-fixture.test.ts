import { expect, it } from 'vitest';
import { GoldenCase } from '../../../shared/goal/golden-case.ts';
import { readFixture } from './golden-fixture.ts';

const whole = { 'g/stdout.txt': 'a\n', 'g/stderr.txt': '', 'g/exit_code.txt': '3' };
const one = GoldenCase.parse({ name: 'help', fixture: 'g', files: ['new'] });
const read = (files: Readonly<Record<string, string>>): ReturnType<typeof readFixture> =>
  readFixture(
    {
      paths: Object.keys(files),
      read: async (path, max) => {
        const bytes = Buffer.from(files[path] ?? '');
        return bytes.length > max ? null : bytes;
      },
    },
    one,
    'g',
  );

it('says what a case must do: its files, and that a declared one which is not there stays away', async () => {
  const fields = await read({ ...whole, 'g/files/a/b': '1', 'other/files/c': '' });
  expect(typeof fields === 'string' ? fields : Object.fromEntries(fields)).toEqual({
    stdout: Buffer.from('a\n'),
    stderr: Buffer.from(''),
    exit_code: Buffer.from('3\n'),
    'files/a/b': Buffer.from('1'),
    'files/new': 'missing',
  });
});

it.each<[string, Record<string, string>, string]>([
  ['the folder is not there', {}, 'the fixture g of the case "help" has no stdout.txt.'],
  ['a file is missing', { 'g/stdout.txt': '' }, 'the fixture g of the case "help" has no stderr.txt.'],
  [
    'the exit code is no number',
    { ...whole, 'g/exit_code.txt': 'zero\n' },
    'g/exit_code.txt must hold one whole number; it holds "zero\\n".',
  ],
  [
    'a file is enormous',
    { ...whole, 'g/stderr.txt': 'x'.repeat(2 * 1024 * 1024) },
    'g/stderr.txt is not an ordinary file of at most 1024 kB.',
  ],
  [
    'there are too many files',
    { ...whole, ...Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`g/files/${n}`, ''])) },
    'the fixture g of the case "help" has 51 files; 50 are the most.',
  ],
])('cannot be read when %s', async (_, files, message) => expect(await read(files)).toBe(message));
