import { inert, inertLine } from '../safe-text.ts';

/**
 * Foreign text in a Markdown document: goal texts, names from repositories, words of agents. None of it may become markup, a link,
 * an image or HTML, whatever reads the document, nor act on a terminal that prints it.
 */

/** On one line, as prose: every character with a meaning in Markdown or HTML is escaped, and no address becomes a link. */
export const plain = (text: string): string => prose(text, code);

/** The same inside a table. */
export const cell = (text: string): string => prose(text, codeCell);

function prose(text: string, quote: (text: string) => string): string {
  return inertLine(text)
    .replace(/\s+/g, ' ')
    .trim()
    .split(' ')
    .map((word) => (/\w@\w/.test(word) ? quote(word) : escaped(word))) // no escape keeps a mail address from being a link
    .join(' ')
    .replace(/^([-+=]|\d{1,9}[.)])/, (mark) => `${mark.slice(0, -1)}\\${mark.slice(-1)}`);
}

const escaped = (word: string): string =>
  word
    .replace(/[\\`*_[\](){}<>#|~&!$^]/g, '\\$&')
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/(www)\./gi, '$1\\.');

/** On one line, as code: a span that its content can neither end nor be empty in. */
export function code(text: string): string {
  const flat = inertLine(text).replace(/\s+/g, ' ').trim();
  if (flat === '') return '–';
  const longest = Math.max(0, ...[...flat.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  // A backslash at the end would look like an escape of the mark to readers that are less than exact.
  return longest === 0 && !flat.endsWith('\\') ? `${fence}${flat}${fence}` : `${fence} ${flat} ${fence}`;
}

/** A code span inside a table: a bar needs a backslash there, and an odd number of backslashes in front to be one. */
export const codeCell = (text: string): string =>
  code(text).replace(/(\\*)\|/g, (_, slashes: string) =>
    slashes.length % 2 === 0 ? `${slashes}\\|` : `${slashes} \\|`,
  );

/** Any number of lines, word for word, in a block that none of them can end. */
export function block(text: string): string {
  const body = inert(text.replace(/\r\n?/g, '\n'));
  const longest = Math.max(2, ...[...body.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${body}\n${fence}`;
}
