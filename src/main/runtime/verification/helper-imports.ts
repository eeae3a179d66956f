import type { TreeEntry } from '../ports.ts';
import { mayHelp } from './judge-paths.ts';
import { plainPath } from './match-paths.ts';

const SCRIPT = /(?:\bfrom|\bimport|\brequire|\brequire_relative)\s*\(?\s*['"](\.{0,2}\/?[^'"\n]+)['"]/g;
const PYTHON = /^\s*(?:from\s+([.\w]+)\s+import|import\s+([\w.]+))/gm;
const ENDINGS = ['', '.js', '.ts', '.mjs', '.cjs', '.mts', '.json', '.rb', '/index.js', '/index.ts'];

/** Files of its own folder that a judging program imports, and that are no product by where they lie. */
export function helpersOf(path: string, text: string, entries: readonly TreeEntry[]): string[] {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  if (folder === '') return [];
  const names = path.endsWith('.py')
    ? [...text.matchAll(PYTHON)]
        .map((match) => (match[1] ?? match[2] ?? '').replace(/^\./, ''))
        .flatMap((name) => [`${name.replaceAll('.', '/')}.py`, `${name.replaceAll('.', '/')}/__init__.py`])
    : [...text.matchAll(SCRIPT)].flatMap((match) => ENDINGS.map((ending) => `${match[1] ?? ''}${ending}`));
  const wanted = new Set(names.map((name) => plainPath(`${folder}/${name}`)));
  return entries
    .map((entry) => entry.path)
    .filter((one) => one !== path && wanted.has(one) && mayHelp(one, folder));
}
