import type { TreeEntry } from '../ports.ts';

/** Paths that a shell or a runner would make of a pattern. */
export function matchingPaths(glob: string, entries: readonly TreeEntry[]): string[] {
  const source = glob
    .replace(/[.+^$()|\\]/g, String.raw`\$&`)
    .replace(/\*\*$/, '**/*')
    .replaceAll(/\*\*\/?/g, '\u0000')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
    .replaceAll(/\{([^{}]*)\}/g, (_, inner: string) => `(?:${inner.replaceAll(',', '|')})`)
    .replaceAll('\u0000', '(?:.*/)?');
  let pattern: RegExp;
  try {
    pattern = new RegExp(`^${source}$`);
  } catch {
    return []; // no pattern after all, and no file has such a name
  }
  return entries.map((entry) => entry.path).filter((path) => pattern.test(path));
}

/** A path without `.`, `..` and doubled slashes; what leads out of the tree ends at its root. */
export function plainPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
