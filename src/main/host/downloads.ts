import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.ts';

/** Where a browser would put a file for this person: as their desktop says it, else `Downloads`; `null` where there is no such folder. */
export function downloadsFolder({ home, env }: Pick<Config, 'home' | 'env'>): string | null {
  const said = saidByDesktop(join(env['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'user-dirs.dirs'), home);
  return [said, join(home, 'Downloads')].find((path) => path !== null && isFolder(path)) ?? null;
}

/** `XDG_DOWNLOAD_DIR` of the file that desktops keep; see xdg-user-dirs: an absolute path or one below `$HOME`. */
function saidByDesktop(file: string, home: string): string | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return null;
  }
  const [, below, path = ''] = /^XDG_DOWNLOAD_DIR="(\$HOME)?(\/[^"\n]*)"\s*$/m.exec(text) ?? [];
  // A desktop that has none says so by naming the home itself.
  if (path === '' || (below !== undefined && path === '/')) return null;
  return below === undefined ? path : join(home, path);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
