import type { Result } from './result.ts';
import { err, ok } from './result.ts';

export type ShellWordsError = {
  readonly code: 'words.quote' | 'words.escape' | 'words.operator' | 'words.empty';
  readonly message: string;
};

/**
 * Splits a command line into words as a POSIX shell does: blanks separate, `'…'` is literal, `"…"` keeps `\` before `$ \` " \`
 * and newline, `\` outside quotes takes the next character. Nothing is expanded, and nothing is run: `$HOME` and `*` stay as
 * they are. An unquoted operator (`| & ; < > ( )` or a new command on a new line) is refused, because it would silently mean
 * something else than it says.
 */
export function splitShellWords(text: string): Result<readonly [string, ...string[]], ShellWordsError> {
  const words: string[] = [];
  let word: string | null = null;
  let at = 0;

  while (at < text.length) {
    const char = text.charAt(at);
    if (char === "'") {
      const end = text.indexOf("'", at + 1);
      if (end === -1) return unclosed("'");
      word = (word ?? '') + text.slice(at + 1, end);
      at = end + 1;
    } else if (char === '"') {
      const quoted = doubleQuoted(text, at + 1);
      if (quoted === null) return unclosed('"');
      word = (word ?? '') + quoted.value;
      at = quoted.end;
    } else if (char === '\\') {
      const next = text.charAt(at + 1);
      if (next === '')
        return err({
          code: 'words.escape',
          message: 'The command ends with a backslash that escapes nothing.',
        });
      // A backslash before a line end joins the lines.
      if (next !== '\n') word = (word ?? '') + next;
      at += 2;
    } else if (char === ' ' || char === '\t' || char === '\r') {
      if (word !== null) words.push(word);
      word = null;
      at += 1;
    } else if (char === '#' && word === null) {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end;
    } else if (char === '\n' && text.slice(at).trim() !== '' && (words.length > 0 || word !== null)) {
      return operator('a second line');
    } else if ('|&;<>()'.includes(char)) {
      return operator(`an unquoted ${char}`);
    } else if (char === '\n') {
      if (word !== null) words.push(word);
      word = null;
      at += 1;
    } else {
      word = (word ?? '') + char;
      at += 1;
    }
  }
  if (word !== null) words.push(word);
  const [first, ...rest] = words;
  if (first === undefined || first === '')
    return err({ code: 'words.empty', message: 'The command is empty; write a program and its arguments.' });
  return ok([first, ...rest]);
}

function doubleQuoted(text: string, from: number): { readonly value: string; readonly end: number } | null {
  let value = '';
  for (let at = from; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') return { value, end: at + 1 };
    const next = text.charAt(at + 1);
    if (char === '\\' && next === '\n') at += 1;
    else if (char === '\\' && next !== '' && '$`"\\'.includes(next)) {
      value += next;
      at += 1;
    } else value += char;
  }
  return null;
}

const unclosed = (quote: string): Result<never, ShellWordsError> =>
  err({ code: 'words.quote', message: `The command has an opening ${quote} without its closing one.` });

const operator = (what: string): Result<never, ShellWordsError> =>
  err({
    code: 'words.operator',
    message: `The command is run without a shell, so ${what} does not work in it; quote it, or put it into a script.`,
  });
