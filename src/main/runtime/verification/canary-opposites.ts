import { phpOpposites, rubyOpposites } from './canary-ruby-php.ts';
import type { Opposite } from './code-spans.ts';
import { closing, topLevelArguments } from './code-spans.ts';
import type { TestLanguage } from './test-source.ts';

const JS: Readonly<Record<string, string>> = {
  equal: 'notEqual',
  strictEqual: 'notStrictEqual',
  deepEqual: 'notDeepEqual',
  deepStrictEqual: 'notDeepStrictEqual',
  notEqual: 'equal',
  notStrictEqual: 'strictEqual',
  notDeepEqual: 'deepEqual',
  notDeepStrictEqual: 'deepStrictEqual',
  match: 'doesNotMatch',
  doesNotMatch: 'match',
  throws: 'doesNotThrow',
  doesNotThrow: 'throws',
  rejects: 'doesNotReject',
  doesNotReject: 'rejects',
};
const PY: Readonly<Record<string, string>> = {
  True: 'False',
  False: 'True',
  Equal: 'NotEqual',
  NotEqual: 'Equal',
  In: 'NotIn',
  NotIn: 'In',
  Is: 'IsNot',
  IsNot: 'Is',
  IsNone: 'IsNotNone',
  IsNotNone: 'IsNone',
  Greater: 'LessEqual',
  LessEqual: 'Greater',
  Less: 'GreaterEqual',
  GreaterEqual: 'Less',
  AlmostEqual: 'NotAlmostEqual',
  Regex: 'NotRegex',
  ListEqual: 'NotEqual',
  DictEqual: 'NotEqual',
  TupleEqual: 'NotEqual',
  SetEqual: 'NotEqual',
  IsInstance: 'NotIsInstance',
};

const GO: Readonly<Record<string, string>> = {
  Equal: 'NotEqual',
  NotEqual: 'Equal',
  EqualValues: 'NotEqualValues',
  True: 'False',
  False: 'True',
  Nil: 'NotNil',
  NotNil: 'Nil',
  NoError: 'Error',
  Error: 'NoError',
  Empty: 'NotEmpty',
  NotEmpty: 'Empty',
  Contains: 'NotContains',
  NotContains: 'Contains',
  ElementsMatch: 'NotElementsMatch',
};

/**
 * For tests without a literal that could be altered: assertions whose opposite must fail where they hold. `code` has its comments blanked;
 * offsets are those of the text.
 */
export function opposites(code: string, start: number, end: number, language: TestLanguage): Opposite[] {
  switch (language) {
    case 'js':
      return jsOpposites(code, start, end);
    case 'py':
      return pyOpposites(code, start, end);
    case 'rs':
      return rsOpposites(code, start, end);
    case 'go':
      return goOpposites(code, start, end);
    case 'rb':
      return rubyOpposites(code, start, end);
    case 'php':
      return phpOpposites(code, start, end);
  }
}

function jsOpposites(code: string, start: number, end: number): Opposite[] {
  const found: Opposite[] = [];
  for (const match of code
    .slice(start, end)
    .matchAll(/\b((?:chai\.)?assert(?:\.strict)?|t(?:\.assert)?)\.(\w+)\s*\(/g)) {
    const opposite = Object.hasOwn(JS, match[2] ?? '') ? JS[match[2] ?? ''] : undefined;
    if (opposite === undefined) continue;
    const at = start + match.index + (match[1] ?? '').length + 1;
    found.push({ start: at, end: at + (match[2] ?? '').length, text: opposite });
  }
  for (const match of code.slice(start, end).matchAll(/(?<![\w.$])assert(?:\.strict)?(?:\.ok)?\s*\(/g))
    found.push(...negated(code, start + match.index + match[0].length, end));
  for (const match of code.slice(start, end).matchAll(/(?<![\w.$])expect\s*\(/g)) {
    const call = closing(code, start + match.index + match[0].length, end);
    if (call === null) continue;
    const next = /^\s*\.(not\.)?(\w+)/.exec(code.slice(call + 1, end));
    if (next === null || next[2] === 'resolves' || next[2] === 'rejects') continue;
    const dot = call + 1 + next[0].indexOf('.');
    found.push(
      next[1] === undefined ? { start: dot, end: dot, text: '.not' } : { start: dot, end: dot + 4, text: '' },
    );
  }
  return found;
}

function pyOpposites(code: string, start: number, end: number): Opposite[] {
  const found: Opposite[] = [];
  for (const match of code.slice(start, end).matchAll(/\bself\.assert(\w+)(?=\s*\()/g)) {
    const opposite = Object.hasOwn(PY, match[1] ?? '') ? PY[match[1] ?? ''] : undefined;
    if (opposite === undefined) continue;
    const at = start + match.index + 'self.assert'.length;
    found.push({ start: at, end: at + (match[1] ?? '').length, text: opposite });
  }
  for (const match of code.slice(start, end).matchAll(/^[ \t]*assert[ \t]+(?=[^\n(])/gm)) {
    const from = start + match.index + match[0].length;
    const lineEnd = code.indexOf('\n', from);
    found.push(...negated(code, from, Math.min(end, lineEnd === -1 ? code.length : lineEnd), 'not '));
  }
  return found;
}

function rsOpposites(code: string, start: number, end: number): Opposite[] {
  const found: Opposite[] = [];
  for (const match of code.slice(start, end).matchAll(/\bassert_(eq|ne)!/g)) {
    const at = start + match.index + 'assert_'.length;
    found.push({ start: at, end: at + 2, text: match[1] === 'eq' ? 'ne' : 'eq' });
  }
  for (const match of code.slice(start, end).matchAll(/(?<!_)\bassert!\s*\(/g))
    found.push(...negated(code, start + match.index + match[0].length, end));
  return found;
}

/** Conditions that lead to a failure, and the assertions of testify. */
function goOpposites(code: string, start: number, end: number): Opposite[] {
  const found: Opposite[] = [];
  const body = code.slice(start, end);
  for (const match of body.matchAll(
    /\bif[ \t]+((?:[^\n{;]*;)?[ \t]*)([^\n;]*?)[ \t]*\{\s*\w+\.(?:Errorf?|Fatalf?|Fail(?:Now)?)\(/g,
  )) {
    const condition = match[2] ?? '';
    const from = start + match.index + match[0].indexOf(condition, 2 + (match[1] ?? '').length);
    if (condition !== '' && isBalanced(condition))
      found.push({ start: from, end: from + condition.length, text: `!(${condition})` });
  }
  for (const match of body.matchAll(/\b(?:assert|require)\.(\w+?)(f?)(?=\()/g)) {
    const opposite = Object.hasOwn(GO, match[1] ?? '') ? GO[match[1] ?? ''] : undefined;
    if (opposite === undefined) continue;
    const at = start + match.index + match[0].indexOf('.') + 1;
    found.push({ start: at, end: at + (match[1] ?? '').length, text: opposite });
  }
  return found;
}

/** The first argument, or expression, from here on, put under a negation; nothing where its end cannot be told. */
function negated(code: string, from: number, end: number, sign = '!'): Opposite[] {
  const call = sign === '!' ? closing(code, from, end) : end;
  if (call === null) return [];
  const [first] = topLevelArguments(code, from, call);
  const text = first === undefined ? '' : code.slice(first.start, first.end);
  if (first === undefined || text.trim() === '' || !isBalanced(text)) return [];
  return [{ start: first.start, end: first.end, text: `${sign}(${text.trim()})` }];
}

/** An expression that goes on in the next line is left alone. */
function isBalanced(text: string): boolean {
  let depth = 0;
  for (const c of text.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, '')) {
    if ('([{'.includes(c)) depth += 1;
    if (')]}'.includes(c)) depth -= 1;
  }
  return depth === 0 && !/[\\{]\s*$/.test(text);
}
