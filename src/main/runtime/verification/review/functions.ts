import type { Language } from './scan.ts';

/** What one function measures, without the functions inside it. */
export type MeasuredFunction = {
  /** '' where it has none. */
  readonly name: string;
  /** First line, from 1. */
  readonly line: number;
  /** Lines of its own that hold code. */
  readonly length: number;
  /** How deep its conditions and loops are nested. */
  readonly nesting: number;
  /** Conditions, loops, cases and handlers. */
  readonly branches: number;
};

type Token = { readonly word: string; readonly line: number };
type Open = {
  readonly kind: 'function' | 'control' | 'other';
  readonly name: string;
  readonly line: number;
  readonly lines: Set<number>;
  depth: number;
  nesting: number;
  branches: number;
};

const CONTROL: Readonly<Record<Language, ReadonlySet<string>>> = {
  js: new Set(['if', 'for', 'while', 'switch', 'catch', 'else', 'do', 'with', 'try', 'finally']),
  go: new Set(['if', 'for', 'switch', 'select', 'else']),
  rs: new Set(['if', 'for', 'while', 'loop', 'match', 'else']),
  py: new Set(['if', 'for', 'while', 'with', 'try', 'match', 'elif', 'else', 'except', 'finally', 'case']),
};
/** Alternatives of a construct that was counted already. */
const NO_BRANCH = new Set(['else', 'do', 'with', 'try', 'finally', 'switch', 'select', 'match', 'loop']);
const EXTRA_BRANCH = new Set(['case', '&&', '||', '??', 'and', 'or', 'elif', 'except', 'catch']);

/** Functions of a scanned text: `code` has neither comments nor what stands in strings. */
export function functionsOf(code: string, language: Language): MeasuredFunction[] {
  return language === 'py' ? pythonFunctions(code) : braceFunctions(tokens(code), language);
}

function tokens(code: string): Token[] {
  const found: Token[] = [];
  let line = 1;
  let from = 0;
  for (const match of code.matchAll(/[A-Za-z_$][\w$]*|\d[\w.]*|=>|->|&&|\|\||\?\?|\S/g)) {
    for (let i = from; i < match.index; i += 1) if (code[i] === '\n') line += 1;
    from = match.index;
    found.push({ word: match[0], line });
  }
  return found;
}

function braceFunctions(all: readonly Token[], language: Exclude<Language, 'py'>): MeasuredFunction[] {
  const measured: MeasuredFunction[] = [];
  // Each with the function it stands in, itself included.
  const stack: { readonly open: Open; readonly inside: Open | null }[] = [];
  const opening = matchingParentheses(all);
  for (const [index, token] of all.entries()) {
    const inside = stack.at(-1)?.inside ?? null;
    inside?.lines.add(token.line);
    if (token.word === '{') {
      const { kind, name, word } = kindOf(all, index, language, opening);
      if (kind === 'control' && inside) {
        inside.depth += 1;
        inside.nesting = Math.max(inside.nesting, inside.depth);
        if (!NO_BRANCH.has(word)) inside.branches += 1;
      }
      const open: Open = {
        kind,
        name,
        line: token.line,
        lines: new Set([token.line]),
        depth: 0,
        nesting: 0,
        branches: 0,
      };
      stack.push({ open, inside: kind === 'function' ? open : inside });
    } else if (token.word === '}') {
      const closed = stack.pop()?.open;
      if (closed?.kind === 'function') measured.push(result(closed));
      const outer = stack.at(-1)?.inside;
      if (closed?.kind === 'control' && outer) outer.depth -= 1;
    } else if (inside && EXTRA_BRANCH.has(token.word) && token.word !== 'catch') inside.branches += 1;
  }
  return measured;
}

const result = ({ name, line, lines, nesting, branches }: Open): MeasuredFunction => ({
  name,
  line,
  length: lines.size,
  nesting,
  branches,
});

/** Index of the `(` for each `)`. */
function matchingParentheses(all: readonly Token[]): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  const open: number[] = [];
  for (const [index, { word }] of all.entries()) {
    if (word === '(') open.push(index);
    const start = word === ')' ? open.pop() : undefined;
    if (start !== undefined) pairs.set(index, start);
  }
  return pairs;
}

type Kind = { readonly kind: Open['kind']; readonly name: string; readonly word: string };
const other: Kind = { kind: 'other', name: '', word: '' };

function kindOf(
  all: readonly Token[],
  at: number,
  language: Exclude<Language, 'py'>,
  opening: ReadonlyMap<number, number>,
): Kind {
  return language === 'js' ? kindInScript(all, at, opening) : kindByKeyword(all, at, language);
}

function kindInScript(all: readonly Token[], at: number, opening: ReadonlyMap<number, number>): Kind {
  const before = all[at - 1]?.word ?? '';
  if (before === '=>') return { kind: 'function', name: arrowName(all, at - 1, opening), word: '' };
  if (CONTROL.js.has(before)) return { kind: 'control', name: '', word: before };
  const close = closingBefore(all, at);
  const open = close === null ? undefined : opening.get(close);
  if (open === undefined) return other;
  const name = all[open - 1]?.word ?? '';
  if (CONTROL.js.has(name) || name === 'await')
    return { kind: 'control', name: '', word: name === 'await' ? 'for' : name };
  return /^[\w$>]/.test(name) ? { kind: 'function', name: name === 'function' ? '' : name, word: '' } : other;
}

/** The `)` of a parameter list in front of a body, over a return type without braces. */
function closingBefore(all: readonly Token[], at: number): number | null {
  for (let i = at - 1; i > Math.max(0, at - 40); i -= 1) {
    const word = all[i]?.word ?? '';
    if (word === ')') return i === at - 1 || all[i + 1]?.word === ':' ? i : null;
    if (!/^[\w$<>,[\]|&.:"'-]/.test(word)) return null;
  }
  return null;
}

function arrowName(all: readonly Token[], arrow: number, opening: ReadonlyMap<number, number>): string {
  const close = all[arrow - 1]?.word === ')' ? arrow - 1 : closingBefore(all, arrow);
  let at = (close === null ? arrow - 1 : (opening.get(close) ?? arrow)) - 1;
  if (all[at]?.word === 'async') at -= 1;
  if (all[at]?.word !== '=' && all[at]?.word !== ':') return '';
  const name = all[at - 1]?.word ?? '';
  return /^[\w$]+$/.test(name) ? name : '';
}

const HEADS = {
  go: new Set(['func', 'struct', 'interface', ...CONTROL.go]),
  rs: new Set([
    'fn',
    'impl',
    'struct',
    'enum',
    'trait',
    'mod',
    'union',
    'unsafe',
    'async',
    'move',
    ...CONTROL.rs,
  ]),
} as const;

/** In Go and Rust the nearest keyword in front says what a brace opens. */
function kindByKeyword(all: readonly Token[], at: number, language: 'go' | 'rs'): Kind {
  for (let i = at - 1; i >= 0; i -= 1) {
    const word = all[i]?.word ?? '';
    if (word === '{' || word === '}' || word === ';') return other;
    if (!HEADS[language].has(word)) continue;
    if (word === 'fn' || word === 'func') return { kind: 'function', name: declaredName(all, i), word };
    // `impl Trait for Type`.
    if (
      word === 'for' &&
      language === 'rs' &&
      all.slice(Math.max(0, i - 12), i).some((one) => one.word === 'impl')
    )
      return other;
    return CONTROL[language].has(word) ? { kind: 'control', name: '', word } : other;
  }
  return other;
}

function declaredName(all: readonly Token[], keyword: number): string {
  let at = keyword + 1;
  // A Go method names its receiver first.
  if (all[at]?.word === '(') {
    for (const end = at + 60; at < end && all[at]?.word !== ')';) at += 1;
    at += 1;
  }
  const name = all[at]?.word ?? '';
  return /^\w+$/.test(name) ? name : '';
}

function pythonFunctions(code: string): MeasuredFunction[] {
  const measured: MeasuredFunction[] = [];
  const open: (Open & { readonly indent: number; readonly blocks: number[] })[] = [];
  const closeTo = (indent: number): void => {
    while ((open.at(-1)?.indent ?? -1) >= indent) {
      const closed = open.pop();
      if (closed) measured.push(result(closed));
    }
  };
  for (const [index, line] of code.split('\n').entries()) {
    const body = line.trim();
    if (body === '' || /^[)\]}"']/.test(body)) continue;
    const indent = line.length - line.trimStart().length;
    closeTo(indent);
    const name = /^(?:async\s+)?def\s+(\w+)/.exec(body)?.[1];
    if (name !== undefined) {
      open.push({
        kind: 'function',
        name,
        line: index + 1,
        lines: new Set(),
        depth: 0,
        nesting: 0,
        branches: 0,
        indent,
        blocks: [],
      });
    }
    const inside = open.at(-1);
    if (!inside) continue;
    inside.lines.add(index + 1);
    while ((inside.blocks.at(-1) ?? -1) >= indent) inside.blocks.pop();
    const word = /^(?:async\s+)?(\w+)/.exec(body)?.[1] ?? '';
    if (CONTROL.py.has(word) && body.includes(':')) {
      inside.blocks.push(indent);
      inside.nesting = Math.max(inside.nesting, inside.blocks.length);
      if (!NO_BRANCH.has(word)) inside.branches += 1;
    }
    inside.branches += [...body.matchAll(/\b(?:and|or)\b/g)].length;
  }
  closeTo(0);
  return measured;
}
