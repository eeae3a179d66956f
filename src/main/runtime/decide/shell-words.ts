import { err, ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';

/**
 * Splits a command line as a POSIX shell splits words: white space, single and double quotes, backslash. What only a shell
 * can do is refused rather than passed on as text, because it would silently mean something else.
 */
export function splitShellWords(text: string): Result<readonly string[], string> {
  const words: string[] = [];
  let word = '';
  let inWord = false;
  let quote: '"' | "'" | null = null;
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index] ?? '';
    if (quote === "'") {
      if (char === "'") quote = null;
      else word += char;
    } else if (char === '\\') {
      const next = text[index + 1];
      if (next === undefined) return err('The command ends in a backslash.');
      index += 1;
      // A backslash before a line end joins the lines; inside double quotes it only escapes what would be special there.
      if (next !== '\n') word += quote === '"' && !'"\\$`'.includes(next) ? `\\${next}` : next;
      inWord = true;
    } else if (quote === '"') {
      if (char === '"') quote = null;
      else if (char === '$' || char === '`') return err(needsShell(char));
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      inWord = true;
    } else if (/\s/.test(char)) {
      if (inWord) words.push(word);
      word = '';
      inWord = false;
    } else if ('|&;<>()$`'.includes(char)) {
      return err(needsShell(char));
    } else {
      word += char;
      inWord = true;
    }
  }
  if (quote) return err(`A ${quote} is not closed.`);
  if (inWord) words.push(word);
  return words.length > 0 && words[0] !== '' ? ok(words) : err('There is no command in this.');
}

const needsShell = (char: string): string =>
  `"${char}" needs a shell, and gates run without one. Put it into a script, or write sh -c '…'.`;
