import { closing, topLevelArguments } from './code-spans.ts';
import type { Opposite } from './code-spans.ts';
import { literalsIfOnly, literalsIn } from './expected-literals.ts';
import type { Spot } from './expected-literals.ts';

const RUBY_EXPECTS =
  /\.(?:to|should)[ \t]*\(?[ \t]*(?:eql?|equal|be|match_array|contain_exactly)(?:[ \t]*==)?(\(|[ \t]+)|\.should[ \t]*==[ \t]*/g;

/** Literals that RSpec's matchers of equality expect, and the assertions of minitest and test-unit, first or second. */
export function rubySpots(code: string, start: number, end: number): Spot[] {
  const spots = unitSpots(code, start, end);
  for (const match of code.slice(start, end).matchAll(RUBY_EXPECTS)) {
    const at = start + match.index + match[0].length;
    const newline = code.indexOf('\n', at);
    const line = Math.min(end, newline === -1 ? code.length : newline);
    // Of two matchers that may both hold, one made wrong proves nothing.
    if (/\.or\b|[^|]\|[^|]/.test(code.slice(at, line))) continue;
    const close = closing(code, at, match[1] === '(' ? end : line);
    if (match[1] === '(' && close === null) continue;
    spots.push(...literalsIn(code, at, close ?? line));
  }
  return spots;
}

const UNIT_EQUALS = /(?<![\w.])assert_(?:equal|same|in_delta|in_epsilon)(\(|[ \t]+)/g;

function unitSpots(code: string, start: number, end: number): Spot[] {
  return [...code.slice(start, end).matchAll(UNIT_EQUALS)].flatMap((match) => {
    const open = start + match.index + match[0].length;
    const newline = code.slice(open, end).search(/[\n;]/);
    const close = match[1] === '(' ? closing(code, open, end) : newline === -1 ? end : open + newline;
    const [first, second] = close === null ? [] : topLevelArguments(code, open, close);
    if (first === undefined || second === undefined) return [];
    const expected = literalsIn(code, first.start, first.end);
    return expected.length > 0 ? expected : literalsIfOnly(code, second);
  });
}

const UNIT: Readonly<Record<string, string>> = {
  assert: 'refute',
  refute: 'assert',
  assert_equal: 'refute_equal',
  refute_equal: 'assert_equal',
  assert_same: 'refute_same',
  refute_same: 'assert_same',
  assert_nil: 'refute_nil',
  refute_nil: 'assert_nil',
  assert_empty: 'refute_empty',
  refute_empty: 'assert_empty',
  assert_includes: 'refute_includes',
  refute_includes: 'assert_includes',
  assert_match: 'refute_match',
  refute_match: 'assert_match',
  assert_respond_to: 'refute_respond_to',
  refute_respond_to: 'assert_respond_to',
};

const unitOpposites = (code: string, start: number, end: number): Opposite[] =>
  [...code.slice(start, end).matchAll(/(?<![\w.])(?:assert|refute)(?:_\w+)?(?=[ \t(])/g)].flatMap((match) => {
    const opposite = Object.hasOwn(UNIT, match[0]) ? UNIT[match[0]] : undefined;
    const from = start + match.index;
    return opposite === undefined ? [] : [{ start: from, end: from + match[0].length, text: opposite }];
  });

/** `expect(…).to` and `expect(…).not_to`, also of a block and of the subject, and the assertions of minitest. */
export function rubyOpposites(code: string, start: number, end: number): Opposite[] {
  const turned = [
    ...code.slice(start, end).matchAll(/(?<=[)}]|\bend|\bis_expected)\s*\.(not_to|to_not|to)\b/g),
  ].map((match) => {
    const word = match[1] ?? '';
    const to = start + match.index + match[0].length;
    return { start: to - word.length, end: to, text: word === 'to' ? 'not_to' : 'to' };
  });
  return [...turned, ...unitOpposites(code, start, end)];
}

const PHP_ASSERTS = /(?<![\w$])assert([A-Z]\w*)\s*\(/g;
const PHP_EXPECTS =
  /^(?:Same|Equals|EqualsCanonicalizing|EqualsIgnoringCase|Count|StringContainsString|StringStartsWith|StringEndsWith|ArrayHasKey|Contains|JsonStringEqualsJsonString)$/;
const PHP: Readonly<Record<string, string>> = {
  Same: 'NotSame',
  NotSame: 'Same',
  Equals: 'NotEquals',
  NotEquals: 'Equals',
  EqualsCanonicalizing: 'NotEqualsCanonicalizing',
  True: 'NotTrue',
  NotTrue: 'True',
  False: 'NotFalse',
  NotFalse: 'False',
  Null: 'NotNull',
  NotNull: 'Null',
  Empty: 'NotEmpty',
  NotEmpty: 'Empty',
  Count: 'NotCount',
  NotCount: 'Count',
  Contains: 'NotContains',
  NotContains: 'Contains',
  InstanceOf: 'NotInstanceOf',
  NotInstanceOf: 'InstanceOf',
  ArrayHasKey: 'ArrayNotHasKey',
  ArrayNotHasKey: 'ArrayHasKey',
  StringContainsString: 'StringNotContainsString',
  StringNotContainsString: 'StringContainsString',
  GreaterThan: 'LessThanOrEqual',
  LessThanOrEqual: 'GreaterThan',
  LessThan: 'GreaterThanOrEqual',
  GreaterThanOrEqual: 'LessThan',
};

/** PHPUnit's assertions take what they expect first. */
export function phpSpots(text: string, start: number, end: number): Spot[] {
  const spots: Spot[] = [];
  // What maps a key to a value in PHP makes a function elsewhere.
  const code = text.replaceAll('=>', ': ');
  for (const match of code.slice(start, end).matchAll(PHP_ASSERTS)) {
    if (!PHP_EXPECTS.test(match[1] ?? '')) continue;
    const open = start + match.index + match[0].length;
    const close = closing(code, open, end);
    const [first, second] = close === null ? [] : topLevelArguments(code, open, close);
    if (first === undefined || second === undefined) continue;
    const expected = literalsIn(code, first.start, first.end);
    spots.push(...(expected.length > 0 ? expected : literalsIfOnly(code, second)));
  }
  return spots;
}

export function phpOpposites(code: string, start: number, end: number): Opposite[] {
  return [...code.slice(start, end).matchAll(PHP_ASSERTS)].flatMap((match) => {
    const name = match[1] ?? '';
    const opposite = Object.hasOwn(PHP, name) ? PHP[name] : undefined;
    const at = start + match.index + 'assert'.length;
    return opposite === undefined ? [] : [{ start: at, end: at + name.length, text: opposite }];
  });
}
