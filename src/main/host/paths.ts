import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import type { GoalId } from '../../shared/kernel/ids.ts';

/** Linux's limit for a socket's path is 108 bytes with its NUL; macOS's is 104. */
const SOCKET_PATH_LIMIT = 100;

export type Paths = ReturnType<typeof pathsUnder>;

/** Every place omk writes to, derived from one root. */
export function pathsUnder(root: string) {
  const inRoot = join(root, 'host.sock');
  const short = join(
    tmpdir(),
    `omk-${userInfo().uid}-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`,
  );
  const socketDir = Buffer.byteLength(inRoot) <= SOCKET_PATH_LIMIT ? root : short;
  return {
    root,
    database: join(root, 'goals.db'),
    lock: join(root, 'host.lock'),
    hostFile: join(root, 'host.json'),
    socketDir,
    socket: join(socketDir, 'host.sock'),
    challenges: join(root, 'challenges'),
    goals: join(root, 'goals'),
    goal: (id: GoalId) => join(root, 'goals', id),
    artifacts: join(root, 'artifacts'),
    vaults: join(root, 'vaults'),
    work: join(root, 'work'),
    /** Worktrees and workspaces, one folder per goal. */
    slices: join(root, 'work', 'goals'),
    rooms: (id: GoalId) => join(root, 'work', id, 'rooms'),
    /** Trials of agents; nothing in it outlives its trial. */
    trials: join(root, 'work', 'trials'),
    /** Folders of agents while the result of their goal is judged. */
    away: join(root, 'away'),
    verify: join(root, 'verify'),
    cache: join(root, 'cache'),
    transcripts: join(root, 'transcripts'),
    /** Space that is given up when the log finds none. */
    reserve: join(root, 'reserve'),
    /** Goals that a person exported from the window, where they have no folder for downloads. */
    exports: join(root, 'exports'),
    logs: join(root, 'logs'),
    processes: join(root, 'processes.jsonl'),
    serveToken: join(root, 'serve-token'),
  };
}

/** The state directory's default for this platform; `OMK_HOME` overrides everything. */
export function defaultRoot(
  env: Readonly<Record<string, string | undefined>>,
  home: string,
  platform: string,
): string {
  if (env['OMK_HOME']) return resolve(env['OMK_HOME']);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'omk');
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'omk');
  return join(env['XDG_STATE_HOME'] ?? join(home, '.local', 'state'), 'omk');
}

/** Makes the folders, 0700. Refuses a state directory that is a link: its target may be anybody's. */
export function preparePaths(
  paths: Paths,
): { readonly ok: true } | { readonly ok: false; readonly message: string } {
  try {
    mkdirSync(paths.root, { recursive: true, mode: 0o700 });
    if (lstatSync(paths.root).isSymbolicLink()) {
      return {
        ok: false,
        message: `The state directory ${paths.root} is a link. Set OMK_HOME to a real folder.`,
      };
    }
    chmodSync(paths.root, 0o700);
    for (const dir of [
      paths.socketDir,
      paths.challenges,
      paths.goals,
      paths.artifacts,
      paths.vaults,
      paths.work,
      paths.away,
      paths.verify,
      paths.cache,
      paths.transcripts,
      paths.logs,
    ]) {
      mkdirSync(dir, { recursive: true, mode: 0o700 });
    }
    if (lstatSync(paths.socketDir).isSymbolicLink() || lstatSync(paths.socketDir).uid !== userInfo().uid) {
      return {
        ok: false,
        message: `The folder ${paths.socketDir} does not belong to you. Remove it and start again.`,
      };
    }
    return { ok: true };
  } catch (cause) {
    return { ok: false, message: unusable(paths.root, cause) };
  }
}

function unusable(root: string, cause: unknown): string {
  const code = cause !== null && typeof cause === 'object' && 'code' in cause ? String(cause.code) : '';
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `The disk is full: the state directory ${root} cannot be made. Free some space, then try again.`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `You may not write the state directory ${root}. Change its permissions, or set OMK_HOME to another folder.`;
    case 'EEXIST':
    case 'ENOTDIR':
      return `The state directory ${root} is a file, or is inside one. Set OMK_HOME to a folder you can write.`;
    default:
      return `The state directory ${root} cannot be used (${code || String(cause)}). Set OMK_HOME to a folder you can write.`;
  }
}
