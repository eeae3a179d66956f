import { lstatSync, mkdirSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '../../process/types.ts';
import { carryBack } from './keep-login.ts';
import type { KeptFile } from './keep-login.ts';
import type { Login } from './logins.ts';
import { ownFolder, ownFolders, readText, replaceByLink, replaceFile } from './own-files.ts';
import { chosenSettings } from './settings.ts';

export type Brought = {
  /** Variables of the agent that name the folder in the goal's home. */
  readonly env: Readonly<Record<string, string>>;
  readonly bind: Sandbox['bind'];
  readonly writable: readonly string[];
  /** Login files whose renewal has to reach the person while the agent runs (`keepLogin`). */
  readonly kept: readonly KeptFile[];
};

export const broughtNothing: Brought = { env: {}, bind: [], writable: [], kept: [] };

/**
 * Brings a login into the goal's home (decisions.md H7). A folder of tokens is the real one, mounted or linked. A single file is
 * a link to the person's, which also survives an agent that renews it by renaming (`keepLogin`): on a mounted file that would
 * fail. Of configuration only the chosen parts come, as a file of the goal's own; nothing but a token is ever written to the
 * person's home.
 *
 * Throws when the goal's home cannot be written.
 */
export function bringLogin(o: {
  readonly login: Login | null;
  readonly userHome: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  readonly use: 'namespaces' | 'none';
}): Brought {
  const { login, home } = o;
  if (login === null) return broughtNothing;
  const { folder, variable } = login;
  const elsewhere = variable === null ? undefined : o.env[variable];
  const theirs = (path: string): string =>
    elsewhere !== undefined && path.startsWith(`${folder}/`)
      ? join(elsewhere, path.slice(folder.length + 1))
      : join(o.userHome, path);

  for (const path of login.copies) {
    if (!isFile(theirs(path))) continue;
    ownFolders(home, path);
    replaceFile(join(home, path), readFileSync(theirs(path)));
  }
  for (const one of login.settings) {
    const text = readText(theirs(one.path));
    const chosen = text === null ? null : chosenSettings(text, one);
    if (chosen === null || (one.once === true && isFile(join(home, one.path)))) continue;
    ownFolders(home, one.path);
    replaceFile(join(home, one.path), chosen);
  }
  const tokens = [...login.tokens, ...login.beside].map((path) =>
    bringToken({ from: theirs(path), home, path, use: o.use }),
  );
  if (variable !== null && elsewhere !== undefined) ownFolder(join(home, folder));
  return {
    env: variable !== null && elsewhere !== undefined ? { [variable]: join(home, folder) } : {},
    bind: tokens.flatMap(({ bind }) => bind),
    writable: tokens.flatMap(({ writable }) => writable),
    kept: tokens.flatMap(({ kept }) => kept),
  };
}

function bringToken(o: {
  readonly from: string;
  readonly home: string;
  readonly path: string;
  readonly use: 'namespaces' | 'none';
}): Omit<Brought, 'env'> {
  const { from, use } = o;
  const to = join(o.home, o.path);
  const stat = statSync(from, { throwIfNoEntry: false });
  const before = lstatSync(to, { throwIfNoEntry: false });
  if (stat === undefined) {
    // Signed out since: a link of an earlier attempt leads nowhere.
    if (before?.isSymbolicLink() === true) rmSync(to);
    return broughtNothing;
  }
  ownFolders(o.home, o.path);
  if (stat.isDirectory()) return { ...broughtNothing, bind: bringFolder(from, to, use) };
  if (!stat.isFile()) return broughtNothing;
  const kept: KeptFile = { from, to, home: o.home };
  // What an attempt renewed whose host died before it could be carried over.
  carryBack(kept);
  replaceByLink(to, from);
  return { ...broughtNothing, writable: use === 'namespaces' ? [realpathSync(from)] : [], kept: [kept] };
}

function bringFolder(from: string, to: string, use: 'namespaces' | 'none'): Sandbox['bind'] {
  const before = lstatSync(to, { throwIfNoEntry: false });
  if (before !== undefined && (use === 'none' || !before.isDirectory()))
    rmSync(to, { recursive: true, force: true });
  if (use === 'none') {
    symlinkSync(from, to, 'dir');
    return [];
  }
  mkdirSync(to, { recursive: true, mode: 0o700 });
  return [{ from, to, readOnly: false }];
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;
