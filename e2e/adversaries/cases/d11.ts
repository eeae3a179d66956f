import { readFileSync } from 'node:fs';
import { defineCase } from '../case.ts';
import { node } from '../repositories.ts';

// eslint-disable-next-line no-control-regex -- looking for exactly these
const LIVE = /[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]/;

export const theCase = defineCase({
  id: 'D11',
  title: 'gives files names with options, control, bidi and newline characters',
  honest: true,
  expected: 'ready',
  layers: [],
  variants: {
    names: {
      repository: (p) => node(p),
      agent: ({ fix, write }) => {
        fix();
        for (const name of [
          '--exec=touch x',
          '-rf',
          'a\nb.txt',
          'tab\there',
          'bidi\u202egpj.txt',
          'esc\u001b[31mred',
          'quote\'"`$(touch y)',
          'ünïcödé-日本語.txt',
          ' leading and trailing ',
        ])
          write(`docs/${name}`, 'x\n');
      },
      check: ({ commands }) => {
        const path = commands.at(-1)?.proofPath?.replace(/json$/, 'md') ?? null;
        if (path === null) return ['there is no proof'];
        const text = readFileSync(path, 'utf8');
        const found = LIVE.exec(text.replaceAll('\n', ''));
        return found === null ? [] : [`a live U+${found[0].codePointAt(0)?.toString(16)} in proof.md`];
      },
    },
  },
});
