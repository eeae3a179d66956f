import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
  watch,
  writeSync,
} from 'node:fs';
import type { FSWatcher, Stats } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { replaceByLink } from './own-files.ts';

export type KeptFile = {
  /** The person's. */
  readonly from: string;
  /** Its place in the goal's home: a link, until an agent replaces it. */
  readonly to: string;
  readonly home: string;
};

/** No token is longer; nothing else is carried to the person. */
const MAX_BYTES = 1024 ** 2;
/** An agent that writes in place is given time to finish. */
const SETTLE_MS = 50;

/**
 * Watches over login files while an agent runs: where it renewed one by renaming, which leaves a file in the place of the link,
 * the renewed one is carried to the person and the link made again. `close` looks a last time.
 */
export function keepLogin(files: readonly KeptFile[]): { readonly close: () => void } {
  const timers = new Map<KeptFile, NodeJS.Timeout>();
  const watchers = files.flatMap((file) => {
    const look = (name: string | null): void => {
      if (name !== null && name !== basename(file.to)) return;
      clearTimeout(timers.get(file));
      timers.set(file, setTimeout(() => carryBack(file), SETTLE_MS).unref());
    };
    return watched(dirname(file.to), look);
  });
  return {
    close() {
      for (const watcher of watchers) watcher.close();
      for (const timer of timers.values()) clearTimeout(timer);
      for (const file of files) carryBack(file);
    },
  };
}

/** None where a system does not watch: the last look is enough to lose nothing. */
function watched(dir: string, look: (name: string | null) => void): readonly FSWatcher[] {
  try {
    const watcher = watch(dir, { persistent: false }, (_, name) => look(name));
    watcher.on('error', () => watcher.close());
    return [watcher];
  } catch {
    return [];
  }
}

/**
 * Takes a renewed login over into the person's file, unless theirs is newer, and puts the link back. Only a whole file of
 * the goal's own is taken: an agent must not make omk read for it what it may not read itself. Never throws; a login that
 * cannot be carried stays where it is for the next time.
 */
export function carryBack(file: KeptFile): void {
  try {
    const renewed = readOwn(file);
    const theirs = statSync(file.from, { throwIfNoEntry: false });
    if (renewed === null || theirs === undefined) return;
    const { bytes, stat } = renewed;
    if (stat.mtimeMs >= theirs.mtimeMs) {
      if (!isWhole(file.from, bytes)) return;
      writeInPlace(file.from, bytes);
    }
    const now = lstatSync(file.to);
    if (now.ino === stat.ino && now.mtimeMs === stat.mtimeMs) replaceByLink(file.to, file.from);
  } catch {
    // Gone, or not writable: the agent's own next look at its login says so.
  }
}

function readOwn({ to, home }: KeptFile): { readonly bytes: Buffer; readonly stat: Stats } | null {
  if (lstatSync(to, { throwIfNoEntry: false })?.isFile() !== true || !isOwn(to, home)) return null;
  const fd = openSync(to, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile() || stat.nlink !== 1 || stat.size === 0 || stat.size > MAX_BYTES) return null;
    const bytes = Buffer.alloc(stat.size);
    const length = readSync(fd, bytes, 0, stat.size, 0);
    return length === stat.size && isOwn(to, home) ? { bytes, stat } : null;
  } finally {
    closeSync(fd);
  }
}

/** No folder on the way is a link that leads out of the home. */
const isOwn = (path: string, home: string): boolean =>
  realpathSync(dirname(path)) === join(realpathSync(home), relative(home, dirname(path)));

/** Half of a JSON file says nothing. */
function isWhole(path: string, bytes: Buffer): boolean {
  if (!path.endsWith('.json')) return true;
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

/** Not by renaming: a namespace shows the file that was there when it began. */
function writeInPlace(path: string, bytes: Buffer): void {
  if (readFileSync(path).equals(bytes)) return;
  const fd = openSync(path, 'r+');
  try {
    writeSync(fd, bytes, 0, bytes.length, 0);
    ftruncateSync(fd, bytes.length);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
