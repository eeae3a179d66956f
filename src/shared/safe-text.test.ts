import { describe, expect, it } from 'vitest';
import { inert, inertLine, terminalLines, terminalText, textParts } from './safe-text.ts';

describe('foreign text', () => {
  it('marks a right-to-left override instead of obeying it', () => {
    expect(textParts('a\u202egpj.exe')).toEqual([
      { text: 'a', mark: null },
      { text: '⟨U+202E⟩', mark: 'U+202E' },
      { text: 'gpj.exe', mark: null },
    ]);
  });

  it('keeps tabs, newlines, joined emoji and right-to-left letters as they are', () => {
    const text = 'tab\tline\n👩‍💻 שלום می‌خواهم';
    expect(inert(text)).toBe(text);
  });

  it('marks invisible tag characters and byte order marks', () => {
    expect(inert('a\u{e0041}\ufeffb')).toBe('a⟨U+E0041⟩⟨U+FEFF⟩b');
  });

  it('puts a file name with a newline on one line', () => {
    expect(inertLine('a\nb\u0000')).toBe('a b⟨U+0000⟩');
  });
});

describe('program output', () => {
  it('drops colours, cursor movement, titles and hyperlinks but keeps their text', () => {
    const raw =
      '\u001b[31mfailed\u001b[0m \u001b]0;title\u0007\u001b]8;;https://x\u001b\\link\u001b]8;;\u001b\\\u001b[2K';
    expect(terminalText(raw)).toBe('failed link');
  });

  it('shows what an unterminated title sequence would have swallowed', () => {
    expect(inert(terminalText('\u001b]0;hidden\nnext'))).toBe('⟨U+001B⟩]0;hidden\nnext');
  });

  it('shows a line that a carriage return would have overwritten', () => {
    expect(terminalLines('FAILED\rpassed\n').map((line) => line.text)).toEqual(['FAILED', 'passed']);
  });

  it('cuts a line of a megabyte and says by how much', () => {
    const [line] = terminalLines('x'.repeat(1_000_000), 100);
    expect(line).toEqual({ text: 'x'.repeat(100), cut: 999_900 });
  });

  it('stays linear on a megabyte of escape characters', () => {
    expect(inert(terminalText('\u001b]'.repeat(200_000))).length).toBeGreaterThan(0);
  });
});
