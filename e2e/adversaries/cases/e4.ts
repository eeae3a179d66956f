import { readFileSync } from 'node:fs';
import { defineCase } from '../case.ts';
import { node } from '../repositories.ts';

const wild =
  '\u001b[31mred\u001b]0;title\u0007\u001b]8;;file:///etc/passwd\u0007link\u001b]8;;\u0007 \u202egpj.exe\u2066 \u0000\u0008\u007f \ud800 <b>bold</b>';

export const theCase = defineCase({
  id: 'E4',
  title: 'speaks in control sequences, bidi marks and broken UTF-8, and fixes the bug',
  honest: true,
  expected: 'ready',
  layers: [],
  variants: {
    words: {
      repository: (p) => node(p),
      agent: ({ fix, turn, edit, repository }) => {
        turn.usage(1_000, 100);
        turn.think(wild);
        turn.say(wild);
        fix();
        edit(
          repository.product,
          (text) =>
            `process.stderr.write(Buffer.from([0xff, 0xfe, 0x1b, 0x5d, 0x30, 0x3b, 0x41, 0x07]));\n${text}`,
        );
        turn.say(`Done. ${wild}`);
      },
      check: ({ commands }) => {
        const path = commands.at(-1)?.proofPath ?? null;
        if (path === null) return ['there is no proof'];
        const texts = [readFileSync(path.replace(/json$/, 'md'), 'utf8'), commands.at(-1)?.stderr ?? ''];
        return texts.some((text) => text.includes('\u001b') || text.includes('\u202e'))
          ? ['a live control sequence was shown']
          : [];
      },
    },
  },
});
