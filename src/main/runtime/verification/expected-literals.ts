import { LITERAL } from './other-literal.ts';

/** A literal that an assertion expects. */
export type Spot = { readonly start: number; readonly end: number; readonly literal: string };

/** An expectation written first, as in `assertEqual(3, add(1, 2))`: only when the argument is nothing but a literal. */
export function literalsIfOnly(
  code: string,
  range: { readonly start: number; readonly end: number },
): Spot[] {
  const text = code.slice(range.start, range.end).trim();
  const found = literalsIn(code, range.start, range.end);
  return found[0] !== undefined && found[0].literal === text ? found : [];
}

/** Literals that are expected values: not the arguments of calls inside the expectation, whose result could be the same. */
export function literalsIn(code: string, start: number, end: number): Spot[] {
  const text = code.slice(start, end);
  if (
    /[\w$\])]\s*\(|=>|\[\s*['"]?\w+['"]?\s*\]\s*\./.test(
      text.replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g, '""'),
    )
  )
    return [];
  return [...text.matchAll(LITERAL)].map((match) => ({
    start: start + match.index,
    end: start + match.index + match[0].length,
    literal: match[0],
  }));
}
