import { closing } from './code-spans.ts';
import { plainPath } from './match-paths.ts';

/** Files of base by path, relative to the tree's root. */
type Texts = ReadonlyMap<string, string>;
type Call = { readonly name: string; readonly args: readonly string[]; readonly folder: string };

/** A definition of a build with CMake, or a part of one. */
export const definesCmake = (path: string): boolean => /(?:^|\/)(?:CMakeLists\.txt|[^/]+\.cmake)$/.test(path);

/** A part of a file; offsets in its text. */
export type Part = { readonly path: string; readonly start: number; readonly end: number };

/** Where a test is decided, as far as that can be told. */
export type Deciding = {
  readonly parts: readonly Part[];
  /** Nothing else is decided there: what is compared in these parts is compared for this test. */
  readonly alone: boolean;
};

/**
 * Which parts of the oracle decide a test that ctest names, read off the definitions of the build: what its command names, the
 * sources of its program, or the case of this name in a file. Nothing where that cannot be told, and where the exit code of the test's
 * program is not what decides.
 */
export function ctestParts(definitions: Texts, sources: Texts): (id: string) => Deciding {
  const { tests, indirect } = testsIn(definitions, sources);
  const titles = partsByTitle(sources);
  const users = new Map<string, number>();
  for (const paths of tests.values())
    for (const path of new Set(paths)) users.set(path, (users.get(path) ?? 0) + 1);
  const whole = (path: string): Part => ({ path, start: 0, end: sources.get(path)?.length ?? 0 });
  // With a variable for a name, such a property may be any test's.
  const unclear = [...indirect].some((word) => word.includes('${'));
  return (id) => {
    if (unclear || indirect.has(id)) return { parts: [], alone: false };
    const titled = tests.has(id) ? undefined : titles.get(id);
    if (titled !== undefined) return { parts: titled, alone: true };
    const paths = [...new Set(tests.get(id) ?? pathsByName(id, sources))];
    return { parts: paths.map(whole), alone: paths.every((path) => (users.get(path) ?? 1) === 1) };
  };
}

function testsIn(
  definitions: Texts,
  sources: Texts,
): { readonly tests: ReadonlyMap<string, readonly string[]>; readonly indirect: ReadonlySet<string> } {
  const calls = [...definitions].flatMap(([path, text]) => callsIn(path, text));
  const lists = new Map(
    calls.filter(({ name }) => name === 'set').map(({ args: [to = '', ...of] }) => [to, of]),
  );
  const expanded = calls.map((call) => ({
    ...call,
    args: call.args.flatMap((word) => valuesOf(word, lists)),
  }));
  const mine = (folder: string, word: string): string[] => {
    const path = pathOf(folder, word);
    return sources.has(path) ? [path] : [];
  };
  const programs = new Map<string, string[]>();
  const tests = new Map<string, string[]>();
  const indirect = new Set<string>();
  for (const { name, args, folder } of expanded) {
    const [first = '', ...rest] = args;
    if (name === 'add_executable' || name === 'target_sources')
      programs.set(first, [...(programs.get(first) ?? []), ...rest.flatMap((word) => mine(folder, word))]);
    if (/^set_(?:tests_properties|property)$/.test(name) && args.some((word) => INDIRECT.test(word)))
      for (const word of args) indirect.add(word);
  }
  for (const { args, folder } of expanded.filter((call) => call.name === 'add_test')) {
    const [title = '', ...command] = args[0] === 'NAME' ? args.slice(1) : args;
    const paths = command.flatMap((word) => {
      const program = word.replace(/^\$<TARGET_FILE:([^>]+)>$/, '$1');
      return programs.get(program) ?? mine(folder, word);
    });
    tests.set(title, paths);
  }
  return { tests, indirect };
}

/** What these say comes before the exit code, or turns it round. */
const INDIRECT = /^(?:PASS_REGULAR_EXPRESSION|WILL_FAIL)$/;

function callsIn(path: string, text: string): Call[] {
  const code = text.replace(
    /("(?:\\.|[^"\\])*")|#[^\n]*/g,
    (_all, quoted: string | undefined) => quoted ?? '',
  );
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  // Neither of these opens a text in CMake.
  const plain = code.replaceAll(/['`]/g, ' ');
  return [...code.matchAll(/(?<![\w$<{])([A-Za-z_]\w*)[ \t]*\(/g)].flatMap((match) => {
    const from = match.index + match[0].length;
    const end = closing(plain, from, plain.length);
    if (end === null) return [];
    const words = [...code.slice(from, end).matchAll(/"((?:\\.|[^"\\])*)"|([^\s"()]+)/g)];
    return [
      {
        name: (match[1] ?? '').toLowerCase(),
        args: words.map(([, quoted, bare]) => quoted?.replace(/\\(.)/g, '$1') ?? bare ?? ''),
        folder,
      },
    ];
  });
}

function valuesOf(word: string, lists: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const name = /^\$\{(\w+)\}$/.exec(word)?.[1];
  return (name === undefined ? undefined : lists.get(name)) ?? [word];
}

function pathOf(folder: string, word: string): string {
  const fromRoot = /^\$\{(?:CMAKE|PROJECT)_SOURCE_DIR\}\/(.*)$/.exec(word)?.[1];
  const fromHere = word.replace(/^\$\{CMAKE_CURRENT_(?:SOURCE|LIST)_DIR\}\//, '');
  return plainPath(fromRoot ?? `${folder}/${fromHere}`);
}

const CASE =
  /\b(?:(?:TEST_CASE|SCENARIO)\s*\(\s*"((?:\\.|[^"\\\n])*)"|(?:TEST(?:_[FP])?|TYPED_TEST|TEST_CASE_METHOD|TEMPLATE_TEST_CASE)\s*\(\s*(\w+)?\s*,?\s*(\w+)?)/g;

/** GoogleTest reports `Suite.Name`, Catch2 and doctest the words of the case: what stands between it and the next one. */
function partsByTitle(sources: Texts): ReadonlyMap<string, readonly Part[]> {
  const parts = new Map<string, Part[]>();
  for (const [path, text] of sources) {
    const cases = [...text.matchAll(CASE)];
    for (const [at, match] of cases.entries()) {
      const title = match[1]?.replace(/\\(.)/g, '$1') ?? `${match[2]}.${match[3]}`;
      const part = { path, start: match.index, end: cases[at + 1]?.index ?? text.length };
      parts.set(title, [...(parts.get(title) ?? []), part]);
    }
  }
  return parts;
}

/** A build that makes its tests in a loop names them after their files. */
function pathsByName(id: string, sources: Texts): string[] {
  const bare = (text: string): string =>
    text
      .toLowerCase()
      .split(/[^a-z\d]+/)
      .filter((part) => !/^(?:tests?|unit|check|spec)$/.test(part))
      .join('_');
  const found = [...sources.keys()].filter(
    (path) => bare(path.replace(/^.*\//, '').replace(/\.\w+$/, '')) === bare(id),
  );
  return found.length === 1 && bare(id) !== '' ? found : [];
}
