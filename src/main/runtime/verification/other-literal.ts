/** Numbers, truth values and strings, not keys of objects and not parts of names. */
export const LITERAL =
  /(?<![\w.$"'`])(?:-?\d+(?:\.\d+)?(?![\w.])|true\b|false\b|True\b|False\b|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')(?!\s*:)/g;

/** A literal of the same type with another value, which nobody can know beforehand. */
export function otherLiteral(literal: string, pick: (n: number) => number): string {
  const flips: Readonly<Record<string, string>> = {
    true: 'false',
    false: 'true',
    True: 'False',
    False: 'True',
  };
  const flipped = flips[literal];
  if (flipped !== undefined) return flipped;
  const number = Number(literal);
  if (/^[-\d]/.test(literal) && Number.isFinite(number)) return String(number + 3 + pick(900_000));
  const quote = literal[0] ?? '"';
  return `${literal.slice(0, -1)}${otherWord(pick)}${quote}`;
}

export const otherWord = (pick: (n: number) => number): string =>
  (pick(0x7fffffff) + 0x10000000).toString(36);
