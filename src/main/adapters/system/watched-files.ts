import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Files of a person's home that decide what their shells, git, package managers and logins run next. */
const names = [
  ...['.profile', '.bashrc', '.bash_profile', '.bash_login', '.bash_logout', '.inputrc'],
  ...['.zshrc', '.zshenv', '.zprofile', '.zlogin', '.config/fish/config.fish', '.direnvrc'],
  ...['.gitconfig', '.config/git/config', '.config/git/attributes', '.config/git/ignore'],
  ...[
    '.npmrc',
    '.yarnrc',
    '.yarnrc.yml',
    '.config/pnpm/rc',
    '.pypirc',
    '.config/pip/pip.conf',
    '.pip/pip.conf',
  ],
  ...['.cargo/config.toml', '.cargo/config', '.cargo/env', '.m2/settings.xml', '.gradle/init.gradle'],
  ...['.netrc', '.ssh/config', '.ssh/rc', '.ssh/authorized_keys', '.docker/config.json'],
  ...['.vimrc', '.config/nvim/init.lua', '.tmux.conf', '.config/omk/config.toml'],
  // Folders: what lies in them is started by the system.
  ...['.config/autostart', '.config/systemd/user', 'Library/LaunchAgents'],
];
const MAX_BYTES = 1_000_000;

/** What there is of them, each with a digest that changes with it; one that is made or removed differs too. */
export function watchedFiles(home: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of names) {
    const digest = digestOf(join(home, name));
    if (digest !== null) found[`~/${name}`] = digest;
  }
  return found;
}

function digestOf(path: string): string | null {
  const link = lstatSync(path, { throwIfNoEntry: false });
  if (link === undefined) return null;
  try {
    const stat = statSync(path);
    const hash = createHash('sha256');
    if (link.isSymbolicLink()) hash.update(`${readlinkSync(path)}\0`);
    if (stat.isDirectory()) hash.update(listing(path));
    else if (stat.isFile() && stat.size <= MAX_BYTES) hash.update(readFileSync(path));
    else hash.update(`${stat.mode} ${stat.size} ${stat.mtimeMs}`);
    return hash.digest('hex');
  } catch {
    // A link to nothing, or something closed: it is there, and that it becomes readable is a change.
    return 'unreadable';
  }
}

const listing = (dir: string): string =>
  readdirSync(dir)
    .toSorted()
    .map((name) => {
      const stat = lstatSync(join(dir, name), { throwIfNoEntry: false });
      return `${name}\0${stat?.mode ?? 0} ${stat?.size ?? 0} ${stat?.mtimeMs ?? 0}\0`;
    })
    .join('');
