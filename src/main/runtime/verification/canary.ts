import { comparisonChanges } from './alter-comparisons.ts';
import { withChanges } from './changes.ts';
import { opposites } from './canary-opposites.ts';
import type { Opposite } from './code-spans.ts';
import { closing, topLevelArguments } from './code-spans.ts';
import { expectedByAssertions } from './compared-code.ts';
import { literalsIfOnly, literalsIn } from './expected-literals.ts';
import type { Spot } from './expected-literals.ts';
import { phpSpots, rubySpots } from './canary-ruby-php.ts';
import { otherLiteral } from './other-literal.ts';
import { languageOf, withoutComments } from './test-source.ts';

export type Canary = {
  readonly text: string;
  /** Tests in which one expectation is now wrong: they must fail. */
  readonly titles: readonly string[];
};

/**
 * A copy of a test file in which one literal expectation of each named test is altered, or one assertion turned into its
 * opposite where no literal is expected (decisions H22). If such a test still passes, whatever passed before proved nothing: the assertion library, the runner or the report is not what it seems.
 *
 * `pick(n)` chooses 0 … n-1 at random. `null`: nothing to alter was found in any of these tests.
 */
export function plantCanary(
  path: string,
  text: string,
  titles: readonly string[],
  pick: (n: number) => number,
): Canary | null {
  const language = languageOf(path);
  if (language === 'other') return null;
  const code = withoutComments(text, language);
  const blocks = testBlocks(code, language);
  const chosen: { readonly title: string; readonly change: Opposite }[] = [];
  const byTitle = new Map<string, Block[]>();
  for (const block of blocks) byTitle.set(block.title, [...(byTitle.get(block.title) ?? []), block]);
  for (const title of new Set(titles)) {
    const mine = byTitle.get(title) ?? [];
    // Tests of one name in several classes or suites are told apart by nobody here: each is altered, or none.
    const changes = mine.map((block) => alterations(code, block, language, pick));
    if (language !== 'rs' && changes.some((one) => one.length === 0)) continue;
    for (const change of changes.flat()) chosen.push({ title, change });
  }
  if (chosen.length === 0) return null;
  const changes = chosen.map(({ change }) => change).toSorted((a, b) => b.start - a.start);
  return { text: withChanges(text, changes), titles: [...new Set(chosen.map(({ title }) => title))] };
}

/** What makes one test wrong; empty where nothing in it can be. */
function alterations(
  code: string,
  block: Block,
  language: keyof typeof blockStarts,
  pick: (n: number) => number,
): readonly Opposite[] {
  const spots = spotsOf[language](code, block);
  const spot = spots[pick(spots.length)];
  if (spot !== undefined) return [{ ...spot, text: otherLiteral(spot.literal, pick) }];
  const turned = opposites(code, block.start, block.end, language);
  const change = turned[pick(turned.length)];
  if (change !== undefined) return [change];
  // Assertions of the repository's own: all of them, because nobody can tell which of them the test rests on.
  return language === 'rs' ? [] : comparisonChanges(code, block.start, block.end, pick);
}

/** The same for a script without named tests: one literal anywhere in it. */
export function plantAnywhere(path: string, text: string, pick: (n: number) => number): string | null {
  const language = languageOf(path);
  if (language !== 'js' && language !== 'py' && language !== 'rs') return null;
  const code = withoutComments(text, language);
  const spots = spotsOf[language](code, { title: '', start: 0, end: code.length });
  const spot = spots[pick(spots.length)];
  return spot === undefined
    ? null
    : text.slice(0, spot.start) + otherLiteral(spot.literal, pick) + text.slice(spot.end);
}

type Block = { readonly title: string; readonly start: number; readonly end: number };

const blockStarts = {
  js: /(?<![\w.$])(?:test|it|specify)(?:\.\w+)*\s*\(\s*(['"`])((?:\\.|(?!\1)[^\\\n])*)\1|(?<![\w.$])(?:describe|suite|beforeEach|afterEach|before|after)\s*\(/g,
  py: /^[ \t]*(?:async[ \t]+)?def[ \t]+(\w+)[ \t]*\(|^class[ \t]/gm,
  rs: /\bfn\s+(\w+)/g,
  go: /^func\s+((?:Test|Example|Fuzz|Benchmark)\w*)\s*\(|^(?:func|var|type|const)\b/gm,
  rb: /(?:^[ \t]*|(?<![\w.$]))(?:it|specify|example|scenario)[ \t]*\(?[ \t]*(['"])((?:\\.|(?!\1)[^\\\n])*)\1|^[ \t]*def[ \t]+(test_\w+)|^[ \t]*(?:RSpec\.)?(?:describe|context|before|after|around|let!?|subject|shared_\w+|it|specify|example|class|module|def)\b/gm,
  php: /\bfunction\s+(\w+)\s*\(/g,
} as const;

const quotesTitles = (language: keyof typeof blockStarts): boolean => language === 'js' || language === 'rb';

/** From each test's title to the next one: where its assertions are, as long as tests do not call each other. */
function testBlocks(code: string, language: keyof typeof blockStarts): Block[] {
  const pattern = blockStarts[language];
  const starts = [...code.matchAll(pattern)].map((match) => ({
    title:
      (quotesTitles(language) ? (match[2]?.replace(/\\(['"`\\])/g, '$1') ?? match[3]) : match[1]) ?? null,
    start: match.index + match[0].length,
    from: match.index,
  }));
  return starts.flatMap((one, index) =>
    one.title === null
      ? []
      : [{ title: one.title, start: one.start, end: starts[index + 1]?.from ?? code.length }],
  );
}

const JS_EQUALITY =
  /\b(?:assert|t|chai\.assert)(?:\.assert)?\.(?:equal|strictEqual|deepEqual|deepStrictEqual|is|same|partialDeepStrictEqual)\s*\(|\bexpect\s*\(/g;

function jsSpots(code: string, block: Block): Spot[] {
  const spots: Spot[] = [];
  for (const match of code.slice(block.start, block.end).matchAll(JS_EQUALITY)) {
    const open = block.start + match.index + match[0].length;
    const call = closing(code, open, block.end);
    if (call === null) continue;
    if (match[0].startsWith('expect')) {
      const matcher =
        /^\s*(?:\.(?:resolves|rejects))?\.(?:toBe|toEqual|toStrictEqual|toHaveLength|toMatchObject|equal|eql)\s*\(/.exec(
          code.slice(call + 1, block.end),
        );
      const chained = /^\s*\.to(?:\.be|\.deep|\.have)*\.(?:equal|eql|equals)\s*\(/.exec(
        code.slice(call + 1, block.end),
      );
      const found = matcher ?? chained;
      if (found === null) continue;
      const inner = call + 1 + found[0].length;
      const end = closing(code, inner, block.end);
      if (end !== null) spots.push(...literalsIn(code, inner, end));
      continue;
    }
    const [first, second] = topLevelArguments(code, open, call);
    if (second === undefined || first === undefined) continue;
    const expected = literalsIn(code, second.start, second.end);
    spots.push(...(expected.length > 0 ? expected : literalsIfOnly(code, first)));
  }
  for (const match of code.slice(block.start, block.end).matchAll(/\bassert(?:\.ok)?\s*\([^;\n]*?===?\s*/g)) {
    const at = block.start + match.index + match[0].length;
    const literal = literalsIn(code, at, Math.min(block.end, at + 200))[0];
    if (literal?.start === at && !/\|\||!==/.test(match[0])) spots.push(literal);
  }
  return spots;
}

function rsSpots(code: string, block: Block): Spot[] {
  const spots: Spot[] = [];
  for (const match of code.slice(block.start, block.end).matchAll(/\b(?:debug_)?assert_eq!\s*\(/g)) {
    const open = block.start + match.index + match[0].length;
    const call = closing(code, open, block.end);
    if (call === null) continue;
    const [first, second] = topLevelArguments(code, open, call);
    if (second === undefined || first === undefined) continue;
    const expected = literalsIn(code, second.start, second.end);
    spots.push(...(expected.length > 0 ? expected : literalsIfOnly(code, first)));
  }
  return spots;
}

function pySpots(code: string, block: Block): Spot[] {
  const spots: Spot[] = [];
  const body = code.slice(block.start, block.end);
  for (const match of body.matchAll(/^[ \t]*assert\b(?![^\n]*(?: or | not |!=))[^\n]*?==\s*/gm)) {
    const at = block.start + match.index + match[0].length;
    const lineEnd = code.indexOf('\n', at);
    const end = Math.min(block.end, lineEnd === -1 ? code.length : lineEnd);
    // What follows a comma at the top level is the message, not the expectation.
    const [expected] = topLevelArguments(code, at, end);
    if (expected !== undefined) spots.push(...literalsIn(code, expected.start, expected.end));
  }
  for (const match of body.matchAll(
    /\bself\.assert(?:Equal|Equals|ListEqual|DictEqual|TupleEqual|Is|AlmostEqual)\s*\(/g,
  )) {
    const open = block.start + match.index + match[0].length;
    const call = closing(code, open, block.end);
    if (call === null) continue;
    const [first, second] = topLevelArguments(code, open, call);
    if (second === undefined || first === undefined) continue;
    const expected = literalsIn(code, second.start, second.end);
    spots.push(...(expected.length > 0 ? expected : literalsIfOnly(code, first)));
  }
  return spots;
}

/** What an assertion, mostly a function of the repository, expects. A condition before `t.Error` is better turned round. */
const goSpots = (code: string, block: Block): Spot[] => expectedByAssertions(code, block.start, block.end);

const spotsOf = {
  js: jsSpots,
  py: pySpots,
  rs: rsSpots,
  go: goSpots,
  rb: (code: string, block: Block) => rubySpots(code, block.start, block.end),
  php: (code: string, block: Block) => phpSpots(code, block.start, block.end),
} as const;
