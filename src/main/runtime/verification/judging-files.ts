import { z } from 'zod';
import type { GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { TreeReader } from '../ports.ts';
import { filesOf, runsProduct, startedByGates } from './called-files.ts';
import { includedByMake, namedInConfiguration } from './configured-files.ts';
import { helpersOf } from './helper-imports.ts';
import { definitionsFor, mayJudge } from './judge-paths.ts';
import { manifestKind } from './locked.ts';
import { makeRecipes } from './make-recipes.ts';
import { matchingPaths, plainPath } from './match-paths.ts';
import { nameOf, startedByText } from './started-by.ts';
import type { Start } from './started-by.ts';
import { shellCommands } from './shell-commands.ts';

const MAX_DEPTH = 10;
const MAX_STARTS = 2_000;
const MAX_TEXT = 512 * 1024;
const SHELL_FILE = /\.(?:sh|bash|zsh|bats)$|(?:^|\/)[^./]+$/i;
const MAKEFILE = /(?:^|\/)(?:GNU|[Mm])akefile$/;
/** Scripts that make something: what they run may be product. */
const MAKES =
  /^(?:pre|post)?(?:build|compile|bundle|generate|gen|codegen|start|serve|dev|prepare|install|watch|clean|release)(?::|$)/;

/** A start, where it happens, and how sure it is that what it starts judges. */
type Waiting = {
  readonly start: Start;
  /** Folders it may mean; more than one when the text does not say it plainly. */
  readonly folders: readonly string[];
  /** `null`: a gate says it itself. */
  readonly by: { readonly folder: string; readonly captured: boolean; readonly args: boolean } | null;
  readonly depth: number;
};

/**
 * Every file of a tree that takes part in judging because of what its gates start: what they execute, what that executes in turn, the
 * build definitions they obey, and what locked configuration loads. Never what only tests import: that is product.
 */
export async function judgingFiles(
  tree: TreeReader,
  gates: readonly GateSpec[],
  decode: (bytes: Uint8Array) => string,
  also: readonly string[] = [],
): Promise<Set<string>> {
  const entries = await tree.all();
  const plain = entries.filter((entry) => entry.mode === '100644' || entry.mode === '100755');
  const read = async (path: string): Promise<string | null> => {
    const bytes = await tree.read(path, MAX_TEXT);
    return bytes === null || bytes.subarray(0, 8_000).includes(0) ? null : decode(bytes);
  };
  const found = new Set<string>();
  const programs = new Set<string>();
  const queue: Waiting[] = [
    ...startedByGates(gates).map(({ start, cwd }) => ({ start, folders: [cwd], by: null, depth: 0 })),
  ];
  for (const gate of gates) {
    if (runsProduct(gate)) continue;
    for (const words of [
      gate.argv,
      ...shellCommands(`${gate.script ?? ''}\n${gate.argv.join('\n')}`).map((one) => one.words),
    ])
      for (const word of words) programs.add(nameOf(word));
  }
  const seen = new Set<string>();
  for (let at = 0; at < Math.min(queue.length, MAX_STARTS); at += 1) {
    const next = queue[at];
    if (next === undefined || next.depth > MAX_DEPTH) continue;
    const key = JSON.stringify([next.start, next.folders, next.by]);
    if (seen.has(key)) continue;
    seen.add(key);
    queue.push(...(await follow(next)));
  }
  for (const path of await namedInConfiguration(plain, read)) found.add(path);
  for (const path of definitionsFor(
    programs,
    plain.map((entry) => entry.path),
  ))
    found.add(path);
  if ([...programs].some((name) => /^g?make$/.test(name)))
    for (const path of await includedByMake(plain, read)) found.add(path);
  for (const glob of also) for (const path of matchingPaths(glob, plain)) found.add(path);
  return new Set([...found].filter((path) => manifestKind(path) === null));

  async function follow(one: Waiting): Promise<Waiting[]> {
    const { start, depth } = one;
    switch (start.type) {
      case 'text':
        return inText(start.text, one, one.folders, one.by?.folder ?? null);
      case 'script':
        return (await scriptTexts(start, one.folders)).flatMap(({ name, text, folder }) =>
          inText(
            text,
            { ...one, by: one.by ?? (MAKES.test(name) ? { folder, captured: false, args: false } : null) },
            [folder],
            null,
          ),
        );
      case 'make':
        return makeTexts(start.words, one);
      case 'file':
      case 'module':
      case 'folder': {
        const paths = [...new Set(one.folders.flatMap((folder) => filesOf(start, folder, plain)))];
        const more: Waiting[] = [];
        for (const path of paths) {
          if (one.by !== null && !mayJudge(path, one.by)) continue;
          found.add(path);
          if (start.type === 'module' && path.endsWith('/__main__.py'))
            for (const inner of filesOf({ type: 'folder', path: folderOf(path) }, '', plain))
              found.add(inner);
          if (start.type !== 'folder') more.push(...(await insideFile(path, one)));
        }
        return depth > MAX_DEPTH ? [] : more;
      }
    }
  }

  function inText(text: string, from: Waiting, folders: readonly string[], script: string | null): Waiting[] {
    for (const { words } of shellCommands(text))
      for (const word of words.slice(0, 4)) programs.add(nameOf(word));
    return startedByText(text).map(({ start, captured, dir, words }) => {
      // Where the text does not say where it is, it is where scripts usually go: to their own folder, the one above, or the root.
      const vague = dir === null || (start.type === 'file' && start.path.startsWith('$'));
      const around = script === null ? [] : [script, folderOf(script)];
      return {
        start: start.type === 'file' ? { ...start, path: start.path.replace(/^\$[^/]*\//, '') } : start,
        folders: vague
          ? [...new Set([...folders, ...around, ''])]
          : folders.map((folder) => plainPath(`${folder}/${dir}`)),
        by:
          script === null && from.by === null
            ? null
            : { folder: script ?? from.by?.folder ?? '', captured, args: hasArguments(start, words) },
        depth: from.depth + 1,
      };
    });
  }

  async function insideFile(path: string, from: Waiting): Promise<Waiting[]> {
    const text = await read(path);
    if (text === null) return [];
    const folder = folderOf(path);
    const shebang = /^#!.*/.exec(text)?.[0] ?? '#!sh';
    if (SHELL_FILE.test(path) && /\b(?:[bdkza]|da|ba)*sh\b|\bbats\b/.test(shebang))
      return inText(text, from, from.folders, folder);
    return helpersOf(path, text, plain).map((helper) => ({
      start: { type: 'file', path: helper },
      folders: [''],
      by: { folder, captured: false, args: false },
      depth: from.depth + 1,
    }));
  }

  async function scriptTexts(
    start: Extract<Start, { type: 'script' }>,
    folders: readonly string[],
  ): Promise<{ name: string; text: string; folder: string }[]> {
    const wanted =
      start.dir === null
        ? plain
            .map((entry) => entry.path)
            .filter((path) => manifestKind(path) === 'package.json')
            .slice(0, 100)
        : folders.map((folder) => plainPath(`${folder}/${start.dir ?? ''}/package.json`));
    const texts: { name: string; text: string; folder: string }[] = [];
    for (const path of wanted) {
      const parsed = Scripts.safeParse(json(await read(path)));
      for (const [name, text] of Object.entries(parsed.data?.scripts ?? {})) {
        if (typeof text !== 'string' || !isNamed(name, start.name)) continue;
        texts.push({
          name,
          text: `${text} ${name === start.name ? start.args : ''}`,
          folder: folderOf(path),
        });
      }
    }
    return texts;
  }

  async function makeTexts(words: readonly string[], from: Waiting): Promise<Waiting[]> {
    const at = words.indexOf('-C');
    const into =
      words.flatMap((word, index) =>
        index === at + 1 && at >= 0 ? [word] : (/^-C(.+)/.exec(word)?.[1] ?? []),
      )[0] ?? '';
    const named = words.flatMap((word, index) =>
      /^(?:-f|--file)$/.test(words[index - 1] ?? '') ? [word] : [],
    );
    const targets = words.filter(
      (word, index) => !/^(?:-C|-f|--file|-j)$/.test(words[index - 1] ?? '') && word !== into,
    );
    const more: Waiting[] = [];
    for (const base of from.folders) {
      const folder = plainPath(`${base}/${into}`);
      const makefiles = plain
        .map((entry) => entry.path)
        .filter((path) =>
          named.length > 0
            ? named.some((name) => plainPath(`${folder}/${name}`) === path)
            : MAKEFILE.test(path) && folderOf(path) === folder,
        );
      for (const path of makefiles) {
        if (named.length > 0) found.add(path);
        const recipes = makeRecipes((await read(path)) ?? '', targets).replaceAll(/\$[({]MAKE[)}]/g, 'make');
        more.push(...inText(recipes, from, [folder], null));
      }
    }
    return more;
  }
}

const Scripts = z.object({ scripts: z.record(z.string(), z.unknown()) });

function json(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null; // no scripts can be run from it either
  }
}

/** `name`, with the scripts that a manager runs around it, or a pattern of names. */
function isNamed(name: string, wanted: string): boolean {
  if (wanted.includes('*')) {
    const [before = '', after = ''] = wanted.split(/\*+/);
    return name.startsWith(before) && name.endsWith(after);
  }
  return name === wanted || name === `pre${wanted}` || name === `post${wanted}`;
}

function hasArguments(start: Start, words: readonly string[]): boolean {
  const at = start.type === 'file' ? words.indexOf(start.path) : -1;
  return at >= 0 && words.length > at + 1;
}

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
