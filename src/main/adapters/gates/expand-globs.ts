import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import picomatch from 'picomatch';

const MAX_DEPTH = 40;

/**
 * Expands glob words as the shell of a package script would have: sorted, relative, hidden files left out, and a word that
 * matches nothing stays as it is. Folders named node_modules are never entered.
 */
export async function expandGlobs(dir: string, words: readonly string[]): Promise<string[]> {
  const expanded: string[] = [];
  let files: string[] | null = null;
  for (const word of words) {
    if (word.startsWith('-') || !/[*?[]/.test(word)) {
      expanded.push(word);
      continue;
    }
    files ??= await filesUnder(dir, '', 0);
    const matches = picomatch(word.replace(/^\.\//, ''));
    const found = files.filter((file) => matches(file));
    expanded.push(...(found.length > 0 ? found : [word]));
  }
  return expanded;
}

async function filesUnder(root: string, dir: string, depth: number): Promise<string[]> {
  if (depth > MAX_DEPTH) return [];
  const entries = await readdir(join(root, dir), { withFileTypes: true }).catch(() => []);
  const files: string[] = [];
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = dir === '' ? entry.name : `${dir}/${entry.name}`;
    if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'))
      files.push(...(await filesUnder(root, path, depth + 1)));
    else if (entry.isFile()) files.push(path);
  }
  return files;
}
