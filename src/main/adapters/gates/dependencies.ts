import { posix } from 'node:path';
import type { Loaded } from '../../runtime/verification/oracle-plan.ts';
import { requiredModules } from '../../runtime/verification/python-modules.ts';
import type { TreeEntry, TreeReader } from '../../runtime/ports.ts';
import { readManifest } from './manifest.ts';

const MAX_FILE = 1024 * 1024;
const MAX_FILES = 40;

/** What the code of a tree loads by name, so that a new file must not take its place (decisions X6). */
export async function dependencies(tree: TreeReader, entries: readonly TreeEntry[]): Promise<Loaded> {
  const named = (pattern: RegExp): string[] =>
    entries.flatMap(({ path }) => (pattern.test(path) ? [path] : [])).slice(0, MAX_FILES);
  const text = async (path: string): Promise<string> =>
    new TextDecoder().decode((await tree.read(path, MAX_FILE)) ?? new Uint8Array());

  const lines: string[] = [];
  for (const path of named(/(?:^|\/)(?:(?:requirements|constraints)[^/]*|requirements\/[^/]+)\.(?:txt|in)$/i))
    lines.push(...(await text(path)).split('\n'));
  for (const path of named(/(?:^|\/)(?:pyproject\.toml|Pipfile)$/))
    lines.push(...requirementsIn(await readManifest(tree, path)));

  const roots = new Set<string>();
  for (const path of named(/(?:^|\/)(?:package\.json|[tj]sconfig(?:\.[\w-]+)?\.json|jest\.config\.\w+)$/))
    for (const root of packageRoots(await text(path))) roots.add(posix.join(posix.dirname(path), root));
  const packages = new Set<string>();
  for (const path of roots.size === 0 ? [] : named(/(?:^|\/)package\.json$/))
    for (const name of requirementsIn(await readManifest(tree, path)))
      for (const root of roots) packages.add(posix.join(root, name));
  return { modules: new Set(requiredModules(lines)), packages };
}

/** Folders where packages of Node are looked for besides `node_modules`: few projects have any. */
function packageRoots(config: string): string[] {
  const lists = [...config.matchAll(/["']?(?:modulePaths|moduleDirectories)["']?\s*:\s*\[([^\]]*)\]/g)];
  const single = config.matchAll(/"baseUrl"\s*:\s*"([^"]*)"|\bNODE_PATH=([\w./-]+)/g);
  return [
    ...lists.flatMap(([, list = '']) => [...list.matchAll(/["']([^"']+)["']/g)].map(([, one = '']) => one)),
    ...[...single].map(([, base, path]) => base ?? path ?? ''),
  ]
    .map((root) => root.replace(/^<rootDir>\/?/, ''))
    .filter((root) => !root.includes('node_modules'));
}

/** Lists of requirements, and the keys of tables of them, of any tool that writes there. */
function requirementsIn(value: unknown, inside = false): string[] {
  if (Array.isArray(value))
    return value.flatMap((one: unknown) => (typeof one === 'string' && inside ? [one] : []));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, member]: [string, unknown]) => {
    // Values of such a table are versions; groups of requirements are lists.
    const own = inside && !Array.isArray(member) ? [key] : [];
    return [...own, ...requirementsIn(member, DEPENDENCIES.test(key) || (inside && Array.isArray(member)))];
  });
}

const DEPENDENCIES =
  /^(?:(?:dev-?|optional-?|peer)?dependencies|(?:dev-)?packages|dependency-groups|requires)$/i;
