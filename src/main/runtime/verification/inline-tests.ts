import { closing } from './code-spans.ts';
import { pythonExamples } from './python-doc-tests.ts';
import { rustDocTests } from './rust-doc-tests.ts';
import { languageOf, withoutComments } from './test-source.ts';

/** A test in a product file. White space of its body is of no account. */
export type InlineTest = {
  readonly name: string;
  readonly body: string;
  /** What is added at its end takes nothing from what it says. */
  readonly mayGrow: boolean;
};

const RUST_FN =
  /#\[(?:\w+::)*test\b[^\]]*\]\s*((?:#\[[^\]]*\]\s*)*)(?:pub\s+)?(?:async\s+)?fn\s+(\w+)[^{;]*\{/g;
const JS_TEST = /(?<![\w.$])(?:test|it|specify)((?:\.\w+)*)\s*\(\s*(['"`])((?:\\.|(?!\2)[^\\\n])*)\2/g;
/** A group that has no test left in it. */
const JS_GROUP =
  /(?<![\w.$])(?:describe|suite)\s*\(\s*(['"`])(?:\\.|(?!\1)[^\\\n])*\1\s*,\s*(?:async\s+)?(?:\(\)\s*=>|function\s*\(\))\s*\{[\s;]*\}\s*\)/g;

/** The tests inside a file that is none by itself; `examples`: those in documentation are run, where not every runner does so. */
export function inlineTests(path: string, text: string, examples: boolean): InlineTest[] {
  if (path.endsWith('.rs')) return [...rustFunctions(text), ...rustExamples(text)];
  if (languageOf(path) === 'js') return vitestInSource(text);
  return examples ? pythonExamples(path, text) : [];
}

function rustFunctions(text: string): InlineTest[] {
  const code = withoutComments(text, 'rs');
  return numbered(
    [...code.matchAll(RUST_FN)].map((match) => {
      const start = match.index + match[0].length;
      let depth = 1;
      let end = start;
      for (; end < code.length && depth > 0; end += 1) {
        if (code[end] === '{') depth += 1;
        if (code[end] === '}') depth -= 1;
      }
      return { name: match[2] ?? '', body: `${match[1] ?? ''}${code.slice(start, end)}` };
    }),
  );
}

const rustExamples = (text: string): InlineTest[] =>
  rustDocTests(text).map(({ item, body }) => ({
    name: `example of ${item === '' ? 'the file' : item}`,
    body,
    mayGrow: false,
  }));

/** `if (import.meta.vitest) { … }`: its tests, and what stands around them there, on which all of them rest. */
function vitestInSource(text: string): InlineTest[] {
  const code = withoutComments(text, 'js');
  const at = /\bimport\.meta\.vitest\b[^{\n]*\{/.exec(code);
  if (at === null) return [];
  const from = at.index + at[0].length;
  const to = closing(code, from, code.length) ?? code.length;
  const tests: { name: string; body: string }[] = [];
  let around = '';
  let done = from;
  for (const match of code.slice(from, to).matchAll(JS_TEST)) {
    const start = from + match.index;
    if (start < done) continue;
    const open = start + match[0].length;
    const end = closing(code, open, to);
    if (end === null) continue;
    tests.push({ name: match[3] ?? '', body: `${match[1] ?? ''}${code.slice(open, end)}` });
    around += code.slice(done, start);
    done = end + 1;
  }
  around += code.slice(done, to);
  return numbered([...tests, { name: 'what stands around its tests', body: withoutGroups(around) }]);
}

/** What is taken from the runner under its own name says nothing, and nor does a group without tests. */
function withoutGroups(code: string): string {
  let text = code.replaceAll(/(?:const|let|var)\s*\{[\w\s,]*\}\s*=\s*import\.meta\.vitest\b!?/g, '');
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replaceAll(JS_GROUP, '');
  }
  return text.replaceAll(/[\s;]+/g, ' ');
}

function numbered(tests: readonly { readonly name: string; readonly body: string }[]): InlineTest[] {
  const seen = new Map<string, number>();
  return tests.map(({ name, body }) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return {
      name: count === 1 ? name : `${name} #${count}`,
      body: body.replaceAll(/\s+/g, ' ').trim(),
      mayGrow: false,
    };
  });
}
