import type { Opposite } from './code-spans.ts';
import type { Comparison } from './compared-code.ts';
import { apart, withChanges } from './changes.ts';
import { oppositesInC, readableC } from './compared-c.ts';
import { comparisonsInCode } from './compared-code.ts';
import { comparisonsInShell } from './compared-shell.ts';
import { otherLiteral, otherWord } from './other-literal.ts';
import { withoutComments } from './test-source.ts';

/** `literals`: other values are expected. `opposites`: what must be equal must differ, and the other way round. */
export type Alteration = 'literals' | 'opposites';

/**
 * A copy of a script with every comparison in it made wrong at once, in whatever language it is written: with a program that does
 * what the script asks for, the script must fail. `null`: nothing of this kind compares what a program gave.
 */
export function alterComparisons(
  path: string,
  text: string,
  how: Alteration,
  pick: (n: number) => number,
): string | null {
  const altered = withChanges(text, changesInFile(path, text, how, pick));
  return altered === text ? null : altered;
}

/** The same as changes of the text, from the last to the first. */
export function changesInFile(
  path: string,
  text: string,
  how: Alteration,
  pick: (n: number) => number,
): readonly Opposite[] {
  const language = languageOf(path, text);
  if (language === null) return [];
  const code = blanked(text, language);
  const found = language === 'sh' ? comparisonsInShell(code) : comparisonsInCode(code, 0, code.length);
  const turned = language === 'c' && how === 'opposites' ? oppositesInC(code, text) : [];
  return apart([...changesOf(found, how, language, pick), ...turned]);
}

/** The same for a part of a file with named tests: the changes that make what is compared there wrong. */
export const comparisonChanges = (
  code: string,
  start: number,
  end: number,
  pick: (n: number) => number,
): Opposite[] => {
  const found = comparisonsInCode(code, start, end);
  const literals = changesOf(found, 'literals', 'js', pick);
  return apart(literals.length > 0 ? literals : changesOf(found, 'opposites', 'js', pick));
};

/** The changes of one kind. Never both at once: what is wrong twice is right again, as in a helper and in its call. */
function changesOf(
  comparisons: readonly Comparison[],
  how: Alteration,
  language: Language,
  pick: (n: number) => number,
): Opposite[] {
  const other = (literal: string): string =>
    language === 'sh' ? otherShellWord(literal, pick) : otherLiteral(literal, pick);
  return how === 'opposites'
    ? comparisons.flatMap(({ opposite }) => opposite ?? [])
    : comparisons.flatMap(({ literals }) =>
        literals.map(({ start, end, literal }) => ({ start, end, text: other(literal) })),
      );
}

function otherShellWord(word: string, pick: (n: number) => number): string {
  if (word === '') return `\n${otherWord(pick)}`;
  if (/^-?\d+$/.test(word)) return otherLiteral(word, pick);
  const quote = /["']$/.exec(word)?.[0] ?? '';
  const inside = word.slice(0, word.length - quote.length);
  // The end of a pattern, and not the name of a variable.
  return `${inside}${inside.endsWith('$') ? '.' : ''}${otherWord(pick)}${quote}`;
}

type Language = 'sh' | 'js' | 'py' | 'go' | 'hash' | 'php' | 'c';

function languageOf(path: string, text: string): Language | null {
  if (/\.[cm]?[jt]sx?$/.test(path)) return 'js';
  if (path.endsWith('.py')) return 'py';
  if (path.endsWith('.go')) return 'go';
  if (path.endsWith('.php')) return 'php';
  if (/\.(?:c|cc|cpp|cxx|h|hh|hpp|hxx)$/.test(path)) return 'c';
  if (/\.(?:pl|pm|t|rb)$/.test(path)) return 'hash';
  if (/\.(?:sh|bash|bats|zsh)$/.test(path)) return 'sh';
  const program = /^#!\s*\S*?(?:\/env\s+(?:-S\s+)?)?([\w.-]+)(?=\s|$)/.exec(text)?.[1] ?? '';
  if (/^(?:ba|da|z|k)?sh$/.test(program)) return 'sh';
  if (/^python[\d.]*$/.test(program)) return 'py';
  if (/^(?:perl|ruby)[\d.]*$/.test(program)) return 'hash';
  return /^(?:node|deno|bun|tsx)$/.test(program) ? 'js' : null;
}

function blanked(text: string, language: Language): string {
  if (language === 'js' || language === 'py' || language === 'go') return withoutComments(text, language);
  if (language === 'c') return readableC(text);
  const code = language === 'php' ? withoutComments(text, 'js') : text;
  return code.replace(/(?<=^|\s)#[^\n]*/gm, (comment) => ' '.repeat(comment.length));
}
