import { constants } from 'node:fs';
import { access, readFile, readdir, realpath, stat } from 'node:fs/promises';
import { basename, delimiter, dirname, isAbsolute, join, resolve, sep } from 'node:path';

/** Where gates find programs: resolved once per host, the same for base and result (decisions H29). */
export type ToolPath = {
  /** Absolute folders, in order. */
  readonly dirs: readonly string[];
  /** Absolute path of a program, or `null`. */
  find(name: string): Promise<string | null>;
};

/**
 * The person's PATH without what an agent or a repository could put there: relative and missing folders, folders that
 * everybody may write to, `node_modules/.bin`, and anything under `forbidden`. Version-manager shims are replaced by the
 * folder of the version they would choose, because a shim reads files of the repository and of HOME to choose.
 */
export async function toolPath(path: string, forbidden: readonly string[]): Promise<ToolPath> {
  const dirs: string[] = [];
  for (const entry of path.split(delimiter)) {
    if (!isAbsolute(entry)) continue;
    for (const dir of await unshimmed(resolve(entry)))
      if (!dirs.includes(dir) && (await usable(dir, forbidden))) dirs.push(dir);
  }
  const found = new Map<string, Promise<string | null>>();
  const look = async (name: string): Promise<string | null> => {
    if (name.includes('/') || name.includes('\0') || name === '' || name === '.' || name === '..')
      return null;
    for (const dir of dirs) {
      const file = join(dir, name);
      try {
        await access(file, constants.X_OK);
        if ((await stat(file)).isFile()) return file;
      } catch {
        continue; // not in this folder
      }
    }
    return null;
  };
  return {
    dirs,
    find(name) {
      const known = found.get(name);
      if (known !== undefined) return known;
      const looking = look(name);
      found.set(name, looking);
      return looking;
    },
  };
}

/**
 * The same PATH for somebody with another HOME, such as an agent: a shim would look there for the versions that it chooses
 * from, and find none.
 */
export async function unshimmedPath(path: string): Promise<string> {
  const dirs: string[] = [];
  for (const dir of path.split(delimiter)) dirs.push(...(isAbsolute(dir) ? await unshimmed(dir) : [dir]));
  return [...new Set(dirs)].join(delimiter);
}

async function usable(dir: string, forbidden: readonly string[]): Promise<boolean> {
  if (/(?:^|\/)node_modules\/\.bin$/.test(dir)) return false;
  try {
    const real = await realpath(dir);
    if (forbidden.some((root) => real === root || real.startsWith(root + sep))) return false;
    const info = await stat(real);
    return info.isDirectory() && (info.mode & 0o002) === 0;
  } catch {
    return false; // not there
  }
}

async function unshimmed(dir: string): Promise<string[]> {
  if (basename(dir) === 'shims') {
    const versions = await pyenvVersions(dirname(dir));
    if (versions.length > 0) return versions;
  }
  const toolchain = await rustToolchain(dir);
  return toolchain === null ? [dir] : [toolchain, dir];
}

async function pyenvVersions(root: string): Promise<string[]> {
  try {
    const global = await readFile(join(root, 'version'), 'utf8');
    return global
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => /^[\w.+-]+$/.test(line) && line !== 'system')
      .map((version) => join(root, 'versions', version, 'bin'));
  } catch {
    return []; // not pyenv, or no global version
  }
}

/** `~/.cargo/bin/cargo` is rustup under another name: it needs the real HOME, the toolchain itself does not. */
async function rustToolchain(dir: string): Promise<string | null> {
  try {
    if (basename(await realpath(join(dir, 'cargo'))) !== 'rustup') return null;
    const home = join(dirname(dirname(dir)), '.rustup');
    const settings = await readFile(join(home, 'settings.toml'), 'utf8');
    const chosen = /^default_toolchain\s*=\s*"([\w.+-]+)"/m.exec(settings)?.[1];
    const all = await readdir(join(home, 'toolchains'));
    const name =
      all.find((one) => one === chosen) ??
      all.find((one) => chosen !== undefined && one.startsWith(`${chosen}-`));
    return name === undefined ? null : join(home, 'toolchains', name, 'bin');
  } catch {
    return null; // no rustup here
  }
}
