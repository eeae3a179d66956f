import { requiredModules } from '../../runtime/verification/python-modules.ts';
import type { TreeEntry, TreeReader } from '../../runtime/ports.ts';
import { readManifest } from './manifest.ts';

const MAX_REQUIREMENTS = 1024 * 1024;
const MAX_FILES = 40;

/** Python modules that the requirements of a tree bring, wherever in it they are written down. */
export async function dependencies(
  tree: TreeReader,
  entries: readonly TreeEntry[],
): Promise<ReadonlySet<string>> {
  const lines: string[] = [];
  const named = entries.filter(({ path }) =>
    /(?:^|\/)(?:pyproject\.toml|Pipfile|(?:requirements|constraints)[^/]*\.(?:txt|in)|requirements\/[^/]+\.(?:txt|in))$/i.test(
      path,
    ),
  );
  for (const { path } of named.slice(0, MAX_FILES)) {
    if (/\.(?:txt|in)$/i.test(path)) {
      const bytes = await tree.read(path, MAX_REQUIREMENTS);
      if (bytes !== null) lines.push(...new TextDecoder().decode(bytes).split('\n'));
    } else lines.push(...requirementsIn(await readManifest(tree, path)));
  }
  return new Set(requiredModules(lines));
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

const DEPENDENCIES = /^(?:(?:dev-|optional-)?dependencies|(?:dev-)?packages|dependency-groups|requires)$/i;
