import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { block, cell, code, codeCell, plain } from './markdown-text.ts';

/** Pieces that mean something to a Markdown reader, a browser or a terminal. */
const hostile = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '[click](javascript:alert(1))',
  '![pixel](https://evil.example/p.png)',
  '<https://evil.example>',
  'https://evil.example/path',
  'ftp://evil.example',
  'www.evil.example',
  'Xwww.evil.example',
  'mailto:a@evil.example',
  'xmpp:a@evil.example',
  '&lt;script&gt; &#106;',
  '<!-- hidden -->',
  '| cell | cell |',
  '\\|',
  '\\',
  '`` code ``',
  '```\nblock\n```',
  '~~~\nblock\n~~~',
  '# heading',
  '- item',
  '+ item',
  '1. item',
  '12) item',
  '> quote',
  '***',
  '---',
  '===',
  '**bold** _it_ ~~no~~',
  '[^1]: note',
  '[ref]: https://evil.example',
  '$\\href{javascript:alert(1)}{x}$',
  '\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007',
  '\u202egnp.exe',
  'line\r\nline\u2028line',
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...hostile), fc.string({ maxLength: 4 })), { maxLength: 6 })
  .map((pieces) => pieces.join(''));

/** What a Markdown reader still takes for markup: characters without a backslash, outside code spans. */
function live(markdown: string): string {
  const spans = /(?<![\\`])(`+)(?!`)(.*?)(?<!`)\1(?!`)/g;
  return markdown
    .replace(/\\[!-/:-@[-`{-~]/g, (pair) => (pair === '\\`' ? '' : pair))
    .replace(spans, '')
    .replace(/\\[!-/:-@[-`{-~]/g, '')
    .replace(/[^\\`*_[\]<>#|~&!$]/g, '');
}

describe('plain', () => {
  it.each(hostile)('leaves nothing of %j that could act', (one) => {
    expect(live(plain(one))).toBe('');
    expect(live(`before ${plain(one)} after`)).toBe('');
    expect(plain(one)).not.toMatch(/(?<!\\):\/\/|www\.|[\n\r]|^[-+=] |^\d+[.)] /);
    expect(plain(one)).not.toContain('\u001b');
    expect(plain(one)).not.toContain('\u202e');
  });

  it('is one line without live markup for any text', () => {
    fc.assert(
      fc.property(text, (one) => {
        const out = plain(one);
        expect(live(out)).toBe('');
        expect(out.replace(/(?<!\\)(`+).*?[^`]\1(?!`)/g, '')).not.toMatch(/\w@\w/);
        expect(out).not.toMatch(/[\n\r]/);
      }),
    );
  });

  it('keeps ordinary sentences readable', () => {
    expect(plain('2 of 3 gates passed on commit 588aca8c.')).toBe('2 of 3 gates passed on commit 588aca8c.');
    expect(plain('Fix src/money.js, please')).toBe('Fix src/money.js, please');
    expect(plain('write to a@b.example today')).toBe('write to `a@b.example` today');
  });
});

describe('code', () => {
  it('cannot be ended by what it holds, and is never empty', () => {
    expect(code('npm test')).toBe('`npm test`');
    expect(code('a `b` c')).toBe('`` a `b` c ``');
    expect(code('C:\\a\\')).toBe('` C:\\a\\ `');
    expect(code('```')).toBe('```` ``` ````');
    expect(code('')).toBe('–');
    expect(code(' \n ')).toBe('–');
    fc.assert(
      fc.property(text, (one) => {
        const [, fence = ''] = /^(`+)/.exec(code(one)) ?? [];
        const inside = code(one).slice(fence.length, -fence.length || undefined);
        const runs = [...inside.matchAll(/`+/g)].map((run) => run[0].length);
        expect(runs).not.toContain(fence.length);
      }),
    );
  });
});

describe('cells', () => {
  it('have no bar that would begin another one', () => {
    for (const one of [cell, codeCell]) {
      fc.assert(
        fc.property(text, (said) => {
          for (const [, slashes = ''] of one(said).matchAll(/(\\*)\|/g)) expect(slashes.length % 2).toBe(1);
        }),
      );
    }
    expect(codeCell('a | b')).toBe('`a \\| b`');
    expect(codeCell('a \\| b')).toBe('`a \\ \\| b`');
  });
});

describe('block', () => {
  it('keeps every line, and none of them ends it', () => {
    expect(block('one\r\n# two')).toBe('```text\none\n# two\n```');
    expect(block('a\n````\nb')).toBe('`````text\na\n````\nb\n`````');
    fc.assert(
      fc.property(text, (said) => {
        const [fence = '', ...rest] = block(said).split('\n');
        const ticks = fence.replace('text', '');
        expect(rest.indexOf(ticks)).toBe(rest.length - 1);
      }),
    );
  });
});
