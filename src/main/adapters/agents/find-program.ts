import { accessSync, constants, existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, sep } from 'node:path';

export type Program = {
  /** As found on the PATH; what is run. */
  readonly path: string;
  /** With links resolved; what it is. */
  readonly real: string;
  readonly mtimeMs: number;
  /** The npm package it belongs to. */
  readonly npm: { readonly name: string; readonly version: string; readonly dir: string } | null;
};

/**
 * Folders of a PATH from which omk may run a program just to look at it: absolute, not writable by everybody, and not inside
 * somebody's project, where a repository could have put a program of its own.
 */
export function trustedFolders(path: string, home: string): readonly string[] {
  const folders = path.split(':').filter((dir) => isAbsolute(dir) && isTrusted(dir, home));
  return [...new Set(folders)];
}

function isTrusted(dir: string, home: string): boolean {
  try {
    const stat = statSync(dir);
    if (!stat.isDirectory() || (stat.mode & 0o002) !== 0) return false;
    const real = realpathSync(dir);
    return !real.split(sep).includes('node_modules') && !isInProject(real, home);
  } catch {
    return false; // not there
  }
}

/** Version managers are Git checkouts too, but live in hidden folders; the system's own places are nobody's project. */
function isInProject(real: string, home: string): boolean {
  if (/^\/(?:usr|bin|sbin|opt|nix|snap|home\/linuxbrew)(?:\/|$)/.test(real)) return false;
  for (let at = real; at !== dirname(at) && at !== home; at = dirname(at)) {
    if (!existsSync(join(at, '.git'))) continue;
    return !at.slice(home.length).startsWith(`${sep}.`);
  }
  return false;
}

/** The first executable of that name in the folders. */
export function findProgram(folders: readonly string[], name: string): Program | null {
  for (const dir of folders) {
    const path = join(dir, name);
    try {
      accessSync(path, constants.X_OK);
      const real = realpathSync(path);
      const stat = statSync(real);
      if (!stat.isFile()) continue;
      return { path, real, mtimeMs: stat.mtimeMs, npm: packageOf(real) };
    } catch {
      // Not in this folder, a broken link, or not executable for us: the next folder may have it.
    }
  }
  return null;
}

/** Reads the nearest package.json above a file inside `node_modules`. */
function packageOf(real: string): Program['npm'] {
  if (!real.includes(`${sep}node_modules${sep}`)) return null;
  for (let dir = dirname(real); dir !== dirname(dir); dir = dirname(dir)) {
    const manifest = readJson(join(dir, 'package.json'));
    if (typeof manifest?.['name'] === 'string' && typeof manifest['version'] === 'string')
      return { name: manifest['name'], version: manifest['version'], dir };
  }
  return null;
}

function readJson(path: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null; // none here, or not one
  }
}
