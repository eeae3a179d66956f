import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A folder of programs that no PATH names. */
export type PackageFolder = {
  readonly dir: string;
  /** The packages the programs in it belong to lie below this. */
  readonly root: string;
  readonly source: 'npm' | 'omk';
};

/**
 * Where npm puts programs: its usual folders in the person's home, what `npx` fetched before (newest first), and omk's own
 * install. Nothing is run and nothing is fetched.
 *
 * @param own folder that holds omk's package.json
 */
export function packageFolders(home: string, own: string): readonly PackageFolder[] {
  const fetched = join(home, '.npm', '_npx');
  const global = join(home, '.npm-global');
  return [
    { dir: join(global, 'bin'), root: global, source: 'npm' as const },
    ...newestFirst(fetched).map((name) => ({
      dir: join(fetched, name, 'node_modules', '.bin'),
      root: join(fetched, name),
      source: 'npm' as const,
    })),
    { dir: join(own, 'node_modules', '.bin'), root: join(own, 'node_modules'), source: 'omk' as const },
  ].filter(({ dir }) => statSync(dir, { throwIfNoEntry: false })?.isDirectory() === true);
}

function newestFirst(dir: string): readonly string[] {
  try {
    return readdirSync(dir)
      .map((name) => ({ name, at: statSync(join(dir, name)).mtimeMs }))
      .sort((a, b) => b.at - a.at)
      .slice(0, 50)
      .map(({ name }) => name);
  } catch {
    return []; // npx never fetched anything, or it is being cleaned right now
  }
}
