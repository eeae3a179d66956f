import { readFileSync } from 'node:fs';
import { defineCase } from '../case.ts';
import { node } from '../repositories.ts';

const words =
  '[open](file:///etc/passwd) ![x](http://127.0.0.1:9/pixel.png) <script>alert(1)</script> <img src=x onerror=alert(1)> [go](javascript:alert(1)) vscode://open?x';

export const theCase = defineCase({
  id: 'G5',
  title: 'puts links, custom schemes and HTML into its summary, and fixes the bug',
  honest: true,
  expected: 'ready',
  layers: [],
  variants: {
    summary: {
      repository: (p) => node(p),
      agent: ({ fix, say }) => {
        fix();
        say(words);
      },
      check: ({ commands }) => {
        const path = commands.at(-1)?.proofPath ?? null;
        if (path === null) return ['there is no proof'];
        const text = readFileSync(path.replace(/json$/, 'md'), 'utf8');
        // As code, between backquotes or indented, it is inert.
        const live = text
          .split('\n')
          .filter(
            (line) =>
              /<script|<img|\]\((?:javascript|file|http)/.test(line) &&
              !/^(?: {4}|\t|> {4}|.*`.*`)/.test(line),
          );
        return live.length === 0 ? [] : [`live in proof.md: ${live[0]}`];
      },
    },
  },
});
