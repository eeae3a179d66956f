import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A folder of the goal's own: an agent may have put a link in its place to make us write elsewhere. */
export function ownFolder(dir: string): void {
  const stat = lstatSync(dir, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isDirectory()) rmSync(dir, { force: true });
  mkdirSync(dir, { recursive: true, mode: 0o700 });
}

/** The folders that lead from the home to a file in it, each of them the goal's own. */
export function ownFolders(home: string, path: string): void {
  const names = path.split('/').slice(0, -1);
  for (const at of names.keys()) ownFolder(join(home, ...names.slice(0, at + 1)));
}

/** Replaces by renaming: never writes through a link, never leaves half a file. */
export function replaceFile(path: string, content: string | Uint8Array): void {
  replaceBy(path, (beside) => writeFileSync(beside, content, { mode: 0o600, flag: 'wx' }));
}

/** A link in the place of whatever is there. */
export function replaceByLink(path: string, to: string): void {
  replaceBy(path, (beside) => symlinkSync(to, beside));
}

function replaceBy(path: string, make: (beside: string) => void): void {
  const beside = `${path}.omk-${process.pid}`;
  rmSync(beside, { recursive: true, force: true });
  make(beside);
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
    rmSync(path, { recursive: true, force: true });
  renameSync(beside, path);
}

/** `null`: there is none that can be read. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
