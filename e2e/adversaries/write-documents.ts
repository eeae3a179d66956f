import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { markdown } from './summary.ts';
import type { Summary } from './summary.ts';

const BEGIN = '<!-- adversaries:begin -->';
const END = '<!-- adversaries:end -->';
const RESULTS = 'docs/adversaries.json';

/** Keeps the numbers, and puts them into the README between its two marks. Nobody types them. */
export function writeDocuments(summary: Summary): void {
  writeFileSync(RESULTS, `${JSON.stringify(summary, null, 2)}\n`);
  const text = readFileSync('README.md', 'utf8');
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error('README.md has lost its marks for these numbers.');
  writeFileSync('README.md', `${before}${BEGIN}\n\n${markdown(summary)}\n\n${END}${after}`);
  execFileSync('node_modules/.bin/prettier', ['--write', '--log-level', 'warn', 'README.md', RESULTS]);
}
