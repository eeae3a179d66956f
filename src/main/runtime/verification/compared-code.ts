import type { Opposite } from './code-spans.ts';
import { closing, topLevelArguments } from './code-spans.ts';
import { LITERAL } from './other-literal.ts';

/** One place where a script decides: the literals that are expected there, and what would turn it into its opposite. */
export type Comparison = {
  readonly literals: readonly { readonly start: number; readonly end: number; readonly literal: string }[];
  /** `null` for the call of an assertion, which has none. */
  readonly opposite: Opposite | null;
};

type Range = { readonly start: number; readonly end: number };

const OPERATOR =
  /(?<![=!<>+\-*/%&|^~?:])(?:===|!==|==|!=)(?![=>~])|(?<=[\w"')\]}][ \t]+)(?:eq|ne)(?=[ \t]+[^=\s(])/g;
const OPPOSITE: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '==': '!=',
  '!=': '==',
  eq: 'ne',
  ne: 'eq',
};
const CALL = /[\w$\])]\s*\(|`/;
const STRING = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;
/** What a machine or a command line says: comparing it chooses a way, and judges nothing. */
const FACT =
  /\btypeof\b|\bprocess\.(?:argv|env|platform|version)|\bsys\.(?:argv|platform|version)|\bos\.(?:environ|getenv|name|Getenv|Args|uname)|\bplatform\.|\bENV\b|\bARGV\b|\bgetenv\b|\bruntime\.GO|\$0\b|__FILE__|__name__/;

/**
 * Comparisons of what a program gave with something, in code of any language that compares with `==` or `eq`, and calls of
 * assertions with an expected literal. `code` has its comments blanked; offsets are those of the text.
 */
export function comparisonsInCode(code: string, start: number, end: number): Comparison[] {
  const masked = withoutStrings(code);
  const computed = computedIn(masked);
  const found: Comparison[] = [];
  for (const match of masked.slice(start, end).matchAll(OPERATOR)) {
    const at = start + match.index;
    const left = { start: operandStart(masked, at, start), end: at };
    const right = { start: at + match[0].length, end: operandEnd(masked, at + match[0].length, end) };
    if (!computed(left) && !computed(right)) continue;
    if (FACT.test(masked.slice(left.start, right.end))) continue;
    const literals = [left, right].flatMap((side) => (isLiteral(code, side) ? literalsOf(code, side) : []));
    const opposite = { start: at, end: at + match[0].length, text: OPPOSITE[match[0]] ?? match[0] };
    found.push({ literals, opposite });
  }
  for (const literals of expectedByCalls(code, masked, { start, end }, computed))
    found.push({ literals, opposite: null });
  return found;
}

/** Literals that calls of assertions expect, without the comparisons around them. */
export const expectedByAssertions = (
  code: string,
  start: number,
  end: number,
): Comparison['literals'][number][] => {
  const masked = withoutStrings(code);
  return expectedByCalls(code, masked, { start, end }, computedIn(masked)).flat();
};

const withoutStrings = (code: string): string =>
  code.replace(STRING, (all) => `"${'_'.repeat(all.length - 2)}"`);

/** Does a range hold what a call gave, at once or by a variable? */
function computedIn(masked: string): (range: Range) => boolean {
  const given = namesGivenCalls(masked);
  return (range) => {
    const text = masked.slice(range.start, range.end);
    return !FACT.test(text) && (CALL.test(text) || namesOf(text).some((name) => given.has(name)));
  };
}

/** More white space than this before a call is nobody's indentation. */
const INDENT = 200;

/** `eq(f(1), 3)`, `check('adds', f(1), 3)`, `is(f(1), 3, 'adds')`, `eq(3, f(1))`: the literal beside what was computed. */
function expectedByCalls(
  code: string,
  masked: string,
  { start, end }: Range,
  computed: (range: Range) => boolean,
): Comparison['literals'][] {
  const found: Comparison['literals'][] = [];
  for (const match of masked.slice(start, end).matchAll(/(?<![\w$.])([\w$]+(?:(?:\.|::|->)\w+)*)\s*\(/g)) {
    const name = match[1] ?? '';
    const before = masked.slice(Math.max(0, start + match.index - INDENT), start + match.index);
    const alone = /(?:^|[;{}\n]|=>|\bawait)[ \t]*$/.test(before) && !/[.:>]/.test(name);
    if (!asserts(name) && !(alone && !acts(name))) continue;
    const open = start + match.index + match[0].length;
    const call = closing(code, open, end);
    if (call === null) continue;
    const all = topLevelArguments(code, open, call);
    const args = /^\s*t\s*$/.test(code.slice(all[0]?.start, all[0]?.end)) ? all.slice(1) : all;
    const isValue = (arg: Range): boolean => {
      const text = masked.slice(arg.start, arg.end);
      return !isLiteral(code, arg) && !/=>\s*\{|\bfunction\b|\bfunc\b/.test(text) && computed(arg);
    };
    const value = args.findIndex(isValue);
    if (value < 0) continue;
    const after = args.slice(value + 1).find((arg) => isLiteral(code, arg));
    const [first] = args;
    if (after !== undefined) found.push(literalsOf(code, after));
    else if (value === 1 && first !== undefined && isLiteral(code, first) && compares(name))
      found.push(literalsOf(code, first));
  }
  return found;
}

const partsOf = (name: string): string[] =>
  (name.split(/\.|::|->/).at(-1) ?? '')
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split('_');
const someOf =
  (words: string) =>
  (name: string): boolean =>
    partsOf(name).some((part) => words.split(' ').includes(part));
const differs = someOf('not ne neq isnt differs different throws unlike');
const compares = someOf(
  'eq eql equal equals is same like cmp deep match matches streq strcaseeq strcmp strcasecmp cmpint cmpstr',
);
const names = someOf('expect check assert should must verify compare test want ensure require ok');
/** By its name, an assertion. The names are those of base, so no agent chooses them. */
export const asserts = (name: string): boolean => (compares(name) || names(name)) && !differs(name);
/** By its name it does something, and its arguments are no expectation. */
const acts = (name: string): boolean =>
  differs(name) ||
  someOf(
    'if for while switch catch return function def func elif elsif unless until write append print printf println log info warn error put set push open mkdir exec spawn run listen send on emit timeout interval copy rename use post insert add sleep wait register seed mock stub create make setup install describe it',
  )(name);

/** A literal, or a list or table of nothing but literals. */
function isLiteral(code: string, { start, end }: Range): boolean {
  const text = code.slice(start, end);
  if (literalsOf(code, { start, end }).length === 0) return false;
  return /^(?:[\s\d[\](){},:.+-]|""|\b(?:true|false|True|False|null|nil|None|undefined)\b|\w+(?=:))*$/.test(
    text.replace(STRING, '""').trim(),
  );
}

function literalsOf(code: string, { start, end }: Range): Comparison['literals'] {
  return [...code.slice(start, end).matchAll(LITERAL)].map((match) => ({
    start: start + match.index,
    end: start + match.index + match[0].length,
    literal: match[0],
  }));
}

const namesOf = (text: string): string[] =>
  [...text.matchAll(/(?<![\w.$])[$@%]?([A-Za-z_]\w*)/g)].map((match) => match[1] ?? '');

/** How far before a `=` a name may stand, as in `const { a, b } =`. */
const REACH = 60;

/** The names that are given what a call returns. */
function namesGivenCalls(masked: string): ReadonlySet<string> {
  const given = new Set<string>();
  for (const match of masked.matchAll(/:?=(?![=>~])([^\n;]*)/g)) {
    const value = match[1] ?? '';
    if (!CALL.test(value) || FACT.test(value)) continue;
    const before = masked.slice(Math.max(0, match.index - 4 * REACH), match.index);
    const targets = /[\w\s,\]}$).]*$/.exec(before)?.[0] ?? '';
    for (const name of targets.matchAll(/(?<![\w.])\w+/g)) {
      const between = targets.slice(name.index + name[0].length);
      if (between.length <= REACH && !between.includes('.')) given.add(name[0]);
    }
  }
  return given;
}

function operandStart(masked: string, at: number, floor: number): number {
  let depth = 0;
  for (let i = at - 1; i >= floor; i -= 1) {
    const c = masked[i] ?? '';
    if (')]}'.includes(c)) depth += 1;
    else if ('([{'.includes(c)) {
      depth -= 1;
      if (depth < 0) return i + 1;
    } else if (depth === 0 && /[;,\n?&|]/.test(c)) return i + 1;
    else if (depth === 0 && c === '=' && masked[i + 1] !== '=') return i + 1;
  }
  return floor;
}

function operandEnd(masked: string, from: number, end: number): number {
  let depth = 0;
  for (let i = from; i < end; i += 1) {
    const c = masked[i] ?? '';
    // A block after a condition without brackets, as in Go.
    if (depth === 0 && c === '{' && masked[i - 1] === ' ' && masked.slice(from, i).trim() !== '') return i;
    if ('([{'.includes(c)) depth += 1;
    else if (')]}'.includes(c)) {
      depth -= 1;
      if (depth < 0) return i;
    } else if (depth === 0 && /[;,\n?&|:]/.test(c)) return i;
    else if (depth === 0 && /^ (?:and|or|if|unless|x?or) /.test(masked.slice(i, i + 8))) return i;
  }
  return end;
}
