import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSmall } from './object-id.ts';

/**
 * Makes a goal's repositories ignore what setup puts into worktrees, whether the project ignores it or not: it is no work of
 * an agent. Files there that base has stay tracked. Once said it holds for the goal.
 *
 * @param paths relative to the tree, POSIX
 * @param unique tells writers at the same time apart
 */
export function ignorePrepared(vault: string, paths: readonly string[], unique: string): void {
  const place = join(vault, 'info/exclude');
  const text = readSmall(place, 4_000_000)?.toString('latin1') ?? '';
  const known = new Set(text.split('\n'));
  const rules = paths.map(asRule).filter((rule) => !known.has(rule));
  if (rules.length === 0) return;
  const fresh = `${place}.${unique}.new`;
  writeFileSync(fresh, `${text}\n${rules.join('\n')}\n`, 'latin1');
  renameSync(fresh, place);
}

/** One path and nothing else, in the language of gitignore(5). */
const asRule = (path: string): string =>
  `/${Buffer.from(path).toString('latin1')}`.replaceAll(/[\\*?[\]!# ]/g, String.raw`\$&`);
