import { apart, withChanges } from './changes.ts';
import type { Opposite } from './code-spans.ts';
import { closing } from './code-spans.ts';
import { withoutComments } from './test-source.ts';

/**
 * C and C++ as the search for comparisons reads it, offset by offset: without comments, and without what decides before or apart from
 * a test. Conditions of the preprocessor and of the compiler would end the build, and conditions of loops the end of them; the
 * arguments of `main` choose a test and judge none.
 */
export function readableC(text: string): string {
  let code = withoutComments(text, 'js')
    .replace(/^[ \t]*#[ \t]*(?:if|ifdef|ifndef|elif|include|pragma|error)\b(?:\\\n|[^\n])*/gm, blank)
    .replace(/\b(?:static_assert|_Static_assert)\s*\([^;]*;/g, blank);
  code = blankedHeads(code);
  const given = /\bmain\s*\([^,()]*\b(\w+)\s*,[^,()]*?(\w+)\s*(?:\[\s*\])?\s*[,)]/.exec(code);
  for (const name of [given?.[1], given?.[2]])
    if (name !== undefined) code = code.replace(new RegExp(`\\b${name}\\b`, 'g'), filled);
  return withoutOrders(code);
}

const blank = (part: string): string => part.replace(/[^\n]/g, ' ');
/** No name and no call, whatever stands before or behind it. */
const filled = (part: string): string => '+'.repeat(part.length);

type Range = { readonly start: number; readonly end: number };

/** The same text with other characters, as many, in some ranges. */
const covered = (code: string, ranges: readonly Range[], by: (part: string) => string): string =>
  withChanges(
    code,
    apart(ranges.map(({ start, end }) => ({ start, end, text: by(code.slice(start, end)) }))),
  );

function blankedHeads(code: string): string {
  const heads = [...code.matchAll(/\b(?:while|for)\s*\(/g)].flatMap((match) => {
    const start = match.index + match[0].length;
    const end = closing(code, start, code.length);
    return end === null ? [] : [{ start, end }];
  });
  return covered(code, heads, blank);
}

/** `strcmp(a, b) == 0` compares `a` with `b`: that it is a call says nothing of them. */
function withoutOrders(code: string): string {
  const orders = [
    ...code.matchAll(/\b(?:std\s*::\s*)?(?:strn?(?:case)?cmp|memcmp|wcscmp)(?=\s*\()/g),
  ].flatMap((match) => {
    const start = match.index;
    const open = code.indexOf('(', start) + 1;
    const close = closing(code, open, code.length);
    const isCompared =
      close !== null &&
      (/^\s*[=!]=/.test(code.slice(close + 1, close + 100)) ||
        /[=!]=\s*$/.test(code.slice(Math.max(0, start - 100), start)));
    return isCompared ? [{ start, end: start + match[0].length }] : [];
  });
  return covered(code, orders, filled);
}

const TURNED: Readonly<Record<string, string>> = {
  EQ: 'NE',
  NE: 'EQ',
  STREQ: 'STRNE',
  STRNE: 'STREQ',
  LT: 'GE',
  GE: 'LT',
  GT: 'LE',
  LE: 'GT',
};

/**
 * Assertions of the common libraries, turned round as a whole: a comparison inside one lies within that range, and is turned in its
 * place. `code` is what `readableC` gives of `text`.
 */
export function oppositesInC(code: string, text: string): Opposite[] {
  const found: Opposite[] = [];
  for (const match of code.matchAll(
    /(?<![\w.>#])(?:((?:EXPECT|ASSERT|REQUIRE|CHECK)_)(EQ|NE|STREQ|STRNE|L[TE]|G[TE])|((?:EXPECT|ASSERT|REQUIRE|CHECK)_(?:TRUE|FALSE)|assert|REQUIRE|CHECK|BOOST_(?:CHECK|REQUIRE)|TEST_ASSERT(?:_TRUE|_FALSE)?|g_assert(?:_true|_false)?|assert_(?:true|false)|ck_assert))\s*\(/g,
  )) {
    const [, prefix = '', relation, condition = ''] = match;
    const open = match.index + match[0].length;
    const end = closing(code, open, code.length);
    if (end === null) continue;
    const inside = text.slice(open, end);
    const turned =
      relation === undefined ? `${condition}(!(${inside})` : `${prefix}${TURNED[relation]}(${inside}`;
    found.push({ start: match.index, end, text: turned });
  }
  return [...found, ...negatedConditions(code, text)];
}

/** How much of what follows a condition is looked at. */
const LOOK = 2_000;

/** `if (!same(f(), 3)) return 1;`: what leads to a failure, in whatever words. What is left of the arguments of `main` is no judgement. */
function negatedConditions(code: string, text: string): Opposite[] {
  return [...code.matchAll(/\bif\s*\(/g)].flatMap((match) => {
    const start = match.index + match[0].length;
    const end = closing(code, start, code.length);
    if (end === null) return [];
    const condition = code.slice(start, end);
    const fails =
      /^\s*\{?\s*(?:\w*(?:print|puts|perror)\w*[^;]*;\s*)*(?:return\s+(?:-?[1-9]\d*|EXIT_FAILURE|false)\s*;|_?exit\s*\(\s*(?!0\b|EXIT_SUCCESS)|abort\s*\()/i.test(
        code.slice(end + 1, end + LOOK),
      );
    return fails && !/\+[+[]/.test(condition) ? [{ start, end, text: `!(${text.slice(start, end)})` }] : [];
  });
}

/** A copy whose program ends with a failure before anything else; `null` where no `main` is found. */
export function failingC(text: string): string | null {
  const main = /\bmain\s*\([^()]*\)\s*\{/.exec(withoutComments(text, 'js'));
  if (main === null) return null;
  const at = main.index + main[0].length;
  return `${text.slice(0, at)} return 97;${text.slice(at)}`;
}
