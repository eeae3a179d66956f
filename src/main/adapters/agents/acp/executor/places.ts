import { lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { Sandbox } from '../../../process/types.ts';
import { invalid, refused } from './refusal.ts';

/**
 * `work`: the slice's worktree; `git`: git's own files in it; `private`: the agent's temporary folder and home; `hidden`: what
 * no agent may know of; `outside`: the rest of the machine.
 */
export type Region = 'work' | 'git' | 'private' | 'hidden' | 'outside';

export type Place = {
  /** As the agent named it. */
  readonly asked: string;
  /** Without symbolic links; what does not exist yet ends it as it was named. */
  readonly real: string;
  /** The same, below the worktree, home or temporary folder as omk names them. */
  readonly named: string;
  readonly region: Region;
  /** The agent may see it and not write it; what omk would write is outside the mount that says so. */
  readonly readOnly: boolean;
  readonly exists: boolean;
};

export type Places = {
  /** Where a path of the agent really leads. Throws the sentence for the agent when it leads nowhere. */
  find(path: unknown): Place;
};

const MAX_PATH = 4_096;

/** Says where paths lead on this machine: relative ones from the worktree, and in the terms of the agent's own mounts. */
export function createPlaces(o: {
  readonly workDir: string;
  readonly home: string;
  readonly tmpDir: string;
  readonly hide: readonly string[];
  readonly readOnly: readonly string[];
  /** Mounts only the agent sees; a path below one lies somewhere else outside. */
  readonly bind: Sandbox['bind'];
}): Places {
  const root = (path: string, region: Region) => ({ path, real: settled(path), region });
  const roots = [
    root(o.workDir, 'work'),
    root(o.home, 'private'),
    root(o.tmpDir, 'private'),
    ...o.hide.map((path) => root(path, 'hidden')),
  ];

  const locked = o.readOnly.map(settled);

  const placeOf = (real: string): Pick<Place, 'named' | 'region' | 'readOnly'> => {
    const readOnly = locked.some((folder) => isInside(real, folder));
    // The innermost wins: a worktree lies in a folder that is hidden, and a folder in a worktree may be.
    const found = roots
      .filter((one) => isInside(real, one.real))
      .toSorted((a, b) => b.real.length - a.real.length)[0];
    if (found === undefined) return { named: real, region: 'outside', readOnly };
    const rest = real.slice(found.real.length);
    const isGit = found.region === 'work' && rest.split(sep).some((part) => part.toLowerCase() === '.git');
    return { named: found.path + rest, region: isGit ? 'git' : found.region, readOnly };
  };

  /** The same file outside the agent's namespace. */
  const outside = (path: string): string => {
    const mount = o.bind
      .filter(({ to }) => isInside(path, to))
      .toSorted((a, b) => b.to.length - a.to.length)[0];
    return mount === undefined ? path : join(mount.from, path.slice(mount.to.length));
  };

  return {
    find(path) {
      if (typeof path !== 'string' || path === '' || path.includes('\0') || path.length > MAX_PATH)
        throw invalid('The path is empty, too long or no path at all.');
      const named = outside(resolve(o.workDir, path));
      const real = realOf(named);
      if (real === null)
        throw refused(`${path} is a symbolic link that leads nowhere, so it is neither read nor written.`, {
          path,
        });
      return { asked: path, ...real, ...placeOf(real.real) };
    },
  };
}

/** `null`: a symbolic link on the way leads to nothing, so nobody can say where a file would be made. */
function realOf(path: string): { readonly real: string; readonly exists: boolean } | null {
  const real = tryReal(path);
  if (real !== null) return { real, exists: true };
  if (leadsAway(path)) return null;
  const parent = dirname(path);
  if (parent === path) return { real: path, exists: false };
  const above = realOf(parent);
  return above === null ? null : { real: join(above.real, basename(path)), exists: false };
}

function leadsAway(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  } catch (error) {
    // A link to itself on the way; a folder that may not be looked into decides nothing, what is above it does.
    return error instanceof Error && 'code' in error && error.code === 'ELOOP';
  }
}

function tryReal(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null; // not there, or not reachable: what is above it decides
  }
}

const settled = (path: string): string => realOf(path)?.real ?? path;

const isInside = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
