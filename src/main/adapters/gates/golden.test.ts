import { describe, expect, it } from 'vitest';
import { GoldenCase } from '../../../shared/goal/golden-case.ts';
import { difference, firstDifference } from './difference.ts';
import { acceptedNotes, caseNote, caseReport, compareCase, goldenReport } from './golden.ts';
import type { Seen } from './golden.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const seen = (fields: Readonly<Record<string, string>>): Map<string, Seen> =>
  new Map(Object.entries(fields).map(([field, text]) => [field, bytes(text)]));
const one = (differences: GoldenCase['differences'] = []): GoldenCase =>
  GoldenCase.parse({ name: 'help', differences });
const base = { stdout: 'a\nb\nc\n', stderr: '', exit_code: '0\n' };

describe('a case', () => {
  it('is the same only to the byte, in every field of either side', () => {
    expect(compareCase(one(), seen(base), seen(base)).map((field) => field.state)).toEqual([
      'same',
      'same',
      'same',
    ]);
    const note = (change: Record<string, string>): string | null =>
      caseNote('help', compareCase(one(), seen(base), seen({ ...base, ...change })));
    expect(note({ stdout: 'a\nX\nc\n' })).toBe('help: stdout differs at line 2: "X" instead of "b".');
    expect(note({ stdout: 'a\nb\n' })).toBe('help: stdout differs at line 3: its end instead of "c".');
    expect(note({ exit_code: '1\n', stderr: 'x' })).toMatch(/^help: stderr differs .*; also exit_code\.$/);
    expect(note({ exit_code: '3\n' })).toBe('help: exit code 3 instead of 0.');
    expect(note({ 'files/x': '' })).toBe('help: files/x was written and should not be.');
  });

  it.each<[Seen, string]>([
    ['missing', 'files/x was not written'],
    ['too large', 'files/x is larger than 1 MiB, the most that is compared'],
    ['no file', 'files/x is a link or a folder and not a file'],
  ])('fails by a file that is %s', (value, words) => {
    const fields = compareCase(one(), seen({ 'files/x': '1' }), new Map([['files/x', value]]));
    expect(caseNote('help', fields)).toBe(`help: ${words}.`);
    // What cannot be compared equals nothing, but that nothing was expected and nothing is there.
    const both = compareCase(one(), new Map([['files/x', value]]), new Map([['files/x', value]]));
    expect(both[0]?.state).toBe(value === 'missing' ? 'same' : 'differs');
  });

  it('may differ in the field for which a reason was given, and in no other', () => {
    const wanted = one([{ field: 'stdout', reason: 'Another name.' }]);
    const fields = compareCase(wanted, seen(base), seen({ ...base, stdout: 'z\n' }));
    expect(caseNote('help', fields)).toBeNull();
    expect(acceptedNotes('help', fields)).toEqual([
      'Wanted difference in help: stdout differs at line 1: "z" instead of "a". Reason: Another name.',
    ]);
    const more = compareCase(wanted, seen(base), seen({ ...base, stdout: 'z\n', exit_code: '1\n' }));
    expect(caseNote('help', more)).toBe('help: exit code 1 instead of 0.');
    expect(acceptedNotes('help', compareCase(wanted, seen(base), seen(base)))).toEqual([]);
  });

  it('is told in the evidence with a unified difference of every field that differs', () => {
    const fields = compareCase(one(), seen(base), seen({ ...base, stdout: 'a\nX\nc\n' }));
    expect(caseReport({ name: 'help', command: 'node new.js', against: 'golden/help', fields })).toBe(
      `differs: help
  new: node new.js
  expected: golden/help
  stdout: differs
--- expected stdout
+++ observed stdout
@@ -1 +1 @@
 a
-b
+X
 c
  stderr: same, 0 bytes
  exit_code: same, 2 bytes
`,
    );
    expect(goldenReport(['x'.repeat(2_000_000)]).length).toBeLessThan(600_000);
  });
});

describe('a difference', () => {
  const of = (was: string, is: string): string => difference(bytes(was), bytes(is));

  it('shows three lines around each change, and a last line without its end', () => {
    const lines = Array.from({ length: 30 }, (_, n) => `${n}`);
    const changed = lines.map((line) => (line === '5' ? 'five' : line === '25' ? '' : line));
    expect(of(lines.join('\n'), changed.join('\n'))).toBe(
      '@@ -3 +3 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n@@ -23 +23 @@\n 22\n 23\n 24\n-25\n+\n 26\n 27\n 28',
    );
    expect(of('a\n', 'a')).toBe('@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file');
    expect(of('', 'a\n')).toBe('@@ -1 +1 @@\n+a');
    expect(of('a\nb\n', 'b\nc\n')).toBe('@@ -1 +1 @@\n-a\n b\n+c');
  });

  it('shows what cannot be seen, and nothing of it acts', () => {
    expect(of('a\n', 'a\r\n')).toContain('+a⟨U+000D⟩');
    expect(of('a\n', '\u001b[2Ja\n')).not.toContain('\u001b');
  });

  it('names bytes where a side is not text', () => {
    const png = new Uint8Array([0x89, 0x50, 0, 1]);
    expect(difference(png, new Uint8Array([0x89, 0x50, 0, 2]))).toBe(
      'Not text: 4 bytes expected, 4 observed; they part at byte 4.\n-01\n+02',
    );
    expect(firstDifference(bytes('a'), new Uint8Array([0xff]))).toBe('at byte 1');
  });

  it('is bounded in lines and in their length, however much differs', () => {
    const many = (letter: string): string => `${letter.repeat(1_000)}\n`.repeat(1_000);
    const text = of(many('a'), many('b'));
    expect(text.length).toBeLessThan(100_000);
    expect(text).toContain('[… 1801 more lines differ …]');
    expect(text).toContain('(600 more characters)');
  });
});
