import { statSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * The folder a person gave on the command line, or `null`: the last argument that is one. Where the app is not packaged its own
 * folder is an argument too, put there by whoever started Electron; `appPath` says which, so that it is passed over once.
 */
export function folderArgument(
  argv: readonly string[],
  o: { readonly cwd: string; readonly appPath: string | null },
): string | null {
  const given = argv.slice(1).filter((one) => one !== '' && !one.startsWith('-'));
  const paths = given.map((one) => resolve(o.cwd, one));
  const own = o.appPath === null ? -1 : paths.indexOf(o.appPath);
  return paths.filter((path, index) => index !== own && isFolder(path)).at(-1) ?? null;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
