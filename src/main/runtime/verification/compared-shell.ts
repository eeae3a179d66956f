import type { Comparison } from './compared-code.ts';
import { asserts } from './compared-code.ts';

type Word = { readonly start: number; readonly end: number; readonly text: string };

const OPPOSITE: Readonly<Record<string, string>> = {
  '=': '!=',
  '==': '!=',
  '!=': '=',
  '-eq': '-ne',
  '-ne': '-eq',
  '-gt': '-le',
  '-le': '-gt',
  '-lt': '-ge',
  '-ge': '-lt',
};
/** Commands that tell of the machine or the checkout, not of a program under test. */
const FACT =
  /^\s*(?:\S*\/)?(?:uname|id|whoami|date|hostname|pwd|cd|which|command|type|basename|dirname|realpath|mktemp|git|nproc|tput|locale|arch|getconf)\b|--version\b|\s-[vV]\b/;
const LITERAL = /^(?:"[^"$`]*\$?"|'[^']*'|[\w.,:@%+/-]+)$/;

/** Comparisons of a shell script: tests, patterns of `case`, what `grep` looks for, here-documents of `diff`, calls of assertions. */
export function comparisonsInShell(code: string): Comparison[] {
  const computed = computedIn(code);
  return [
    ...testsIn(code, computed),
    ...casesIn(code, computed),
    ...greppedIn(code),
    ...documentsIn(code),
    ...callsIn(code, computed),
  ];
}

type Computed = (word: string) => boolean;

/** Does a word hold what a program printed or how it ended, at once or by a variable? */
function computedIn(code: string): Computed {
  const given = new Set<string>();
  const computed: Computed = (word) =>
    [...word.matchAll(/\$\(([^)]*)|`([^`]*)`/g)].some((part) => !FACT.test(part[1] ?? part[2] ?? '')) ||
    word.includes('$?') ||
    [...word.matchAll(/\$\{?(\w+)/g)].some((part) => given.has(part[1] ?? ''));
  for (const match of code.matchAll(/\bread(?:[ \t]+-\w+)*((?:[ \t]+[A-Za-z_]\w*)+)/g))
    for (const name of (match[1] ?? '').trim().split(/\s+/)) given.add(name);
  // Twice, for what is handed on from one variable to another.
  for (let pass = 0; pass < 2; pass += 1)
    for (const match of code.matchAll(/(?<![\w$.-])([A-Za-z_]\w*)=(?=[^\s=])/g)) {
      const from = match.index + match[0].length;
      if (computed(code.slice(from, wordEnd(code, from)))) given.add(match[1] ?? '');
    }
  return computed;
}

function testsIn(code: string, computed: Computed): Comparison[] {
  const found: Comparison[] = [];
  for (const match of code.matchAll(/(?<![\w$"'-])(?:\[\[?|test)[ \t]+/g)) {
    const words = wordsFrom(code, match.index + match[0].length);
    for (const [index, operator] of words.entries()) {
      const [left, right] = [words[index - 1], words[index + 1]];
      const opposite = Object.hasOwn(OPPOSITE, operator.text) ? OPPOSITE[operator.text] : undefined;
      if (opposite === undefined || left === undefined || right === undefined) continue;
      // A function that is handed what to compare.
      const handed = [left, right].every((side) => /^"?\$\{?\d\}?"?$/.test(side.text));
      if (!computed(left.text) && !computed(right.text) && !handed) continue;
      const ordered = /^-[gl]/.test(operator.text);
      const literals = ordered ? [] : [left, right].filter((side) => LITERAL.test(side.text));
      found.push({
        literals: literals.map(asLiteral),
        opposite: { start: operator.start, end: operator.end, text: opposite },
      });
    }
  }
  return found;
}

function casesIn(code: string, computed: Computed): Comparison[] {
  const found: Comparison[] = [];
  for (const match of code.matchAll(/\bcase[ \t]+(.+?)[ \t]+in\b([\s\S]*?)\besac\b/g)) {
    if (!computed(match[1] ?? '')) continue;
    const from = match.index + match[0].length - 'esac'.length - (match[2] ?? '').length;
    for (const arm of (match[2] ?? '').matchAll(/(?:^|;;)\s*\(?([^()\n;]+)\)([\s\S]*?)(?=;;|$)/g)) {
      // A pattern that leads to a failure says what must not be.
      if (/\b(?:exit|return)[ \t]+[^0\s]|\bfail|\bfalse\b/.test(arm[2] ?? '')) continue;
      const pattern = (arm[1] ?? '').trim();
      if (pattern === '*' || pattern === '' || pattern.includes('$')) continue;
      const start = from + arm.index + arm[0].indexOf(arm[1] ?? '') + (arm[1] ?? '').indexOf(pattern);
      const text = pattern.split('|').at(-1)?.trim() ?? '';
      const end = start + pattern.length;
      if (!pattern.includes('|')) found.push(only({ start: end - text.length, end, text }));
    }
  }
  return found;
}

/** `f 1 2 | grep -q 'x'`, where it is not negated and finding it is not the failure. */
function greppedIn(code: string): Comparison[] {
  const found: Comparison[] = [];
  for (const match of code.matchAll(/\|[ \t]*grep((?:[ \t]+-\w+)+)[ \t]+/g)) {
    if (/v|[cnlLo]/.test(match[1] ?? '')) continue;
    const lineStart = code.lastIndexOf('\n', match.index) + 1;
    const lineEnd = code.indexOf('\n', match.index);
    const from = match.index + match[0].length;
    const line = code.slice(lineStart, match.index);
    const rest = code.slice(from, lineEnd < 0 ? code.length : lineEnd);
    if (/(?:^|[\s;&|])(?:!|if|while|until|elif)\s/.test(line) || FACT.test(line) || /&&/.test(rest)) continue;
    const [pattern] = wordsFrom(code, from);
    if (pattern !== undefined && LITERAL.test(pattern.text)) found.push(only(pattern));
  }
  return found;
}

/** What `diff` compares with, where it is written into the script. */
function documentsIn(code: string): Comparison[] {
  const found: Comparison[] = [];
  for (const match of code.matchAll(
    /\b(?:diff|cmp)\b[^\n]*<<-?[ \t]*(['"]?)(\w+)\1[^\n]*\n([\s\S]*?)^\t*\2$/gm,
  )) {
    const body = match[3] ?? '';
    const end = match.index + match[0].lastIndexOf(body) + body.trimEnd().length;
    if (body.trim() !== '') found.push(only({ start: end, end, text: '' }));
  }
  return found;
}

/** `check "$(f 1 2)" 3`, `assert_eq 3 "$(f 1 2)"`: functions of the script, or assertions by their name. */
function callsIn(code: string, computed: Computed): Comparison[] {
  const own = new Set(
    [...code.matchAll(/^[ \t]*(?:function[ \t]+)?([A-Za-z_]\w*)[ \t]*\(\)/gm)].map((m) => m[1]),
  );
  const found: Comparison[] = [];
  for (const match of code.matchAll(
    /(?:^|[;&|{\n]|\b(?:then|do|else|if)\b)[ \t]*([A-Za-z_]\w*)[ \t]+(?=\S)/g,
  )) {
    const name = match[1] ?? '';
    if (name === 'test' || (!own.has(name) && !asserts(name))) continue;
    const words = wordsFrom(code, match.index + match[0].length);
    const value = words.findIndex((word) => computed(word.text));
    if (value < 0) continue;
    const after = words.slice(value + 1).find((word) => LITERAL.test(word.text));
    const [first] = words;
    if (after !== undefined) found.push(only(after));
    else if (value === 1 && words.length === 2 && first !== undefined && LITERAL.test(first.text))
      found.push(only(first));
  }
  return found;
}

const asLiteral = ({ start, end, text }: Word): Comparison['literals'][number] => ({
  start,
  end,
  literal: text,
});
const only = (word: Word): Comparison => ({ literals: [asLiteral(word)], opposite: null });

/** Words of a simple command, up to what ends it. */
function wordsFrom(code: string, from: number): Word[] {
  const words: Word[] = [];
  for (let i = from; i < code.length;) {
    const c = code[i] ?? '';
    if (c === ' ' || c === '\t' || (c === '\\' && code[i + 1] === '\n')) i += c === '\\' ? 2 : 1;
    else if (/[;&|\n()<>]/.test(c)) break;
    else {
      const end = wordEnd(code, i);
      words.push({ start: i, end, text: code.slice(i, end) });
      i = Math.max(end, i + 1);
    }
  }
  return words;
}

/** Steps over quotes and substitutions, which may hold each other. */
function wordEnd(code: string, from: number): number {
  let i = from;
  const nested: string[] = [];
  for (; i < code.length; i += 1) {
    const c = code[i] ?? '';
    const inside = nested.at(-1);
    if (inside === "'") {
      if (c === "'") nested.pop();
    } else if (c === '\\') i += 1;
    else if (c === inside) nested.pop();
    else if (c === '$' && code[i + 1] === '(') {
      nested.push(')');
      i += 1;
    } else if (c === '(' && inside === ')') nested.push(')');
    else if (c === '"' || c === '`' || (c === "'" && inside !== '"')) nested.push(c);
    else if (inside === undefined && /[\s;&|()<>]/.test(c)) break;
  }
  return i;
}
