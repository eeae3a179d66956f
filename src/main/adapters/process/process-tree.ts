import { tmpdir } from 'node:os';
import { isInside } from './mounts.ts';
import { environmentValue, isAlive, readProcess, readProcessTable, workingFolder } from './proc-table.ts';
import type { ProcessRow } from './proc-table.ts';

export type KnownProcess = { readonly pid: number; readonly start: string };

/** What a run leaves on every process it starts, however that process detaches itself. */
export type RunMarker = {
  /** This run's own TMPDIR; `null` when it is not unique to the run. */
  readonly tmpDir: string | null;
  /** This run's own folder; `null` when other programs may well stand in it. */
  readonly dir: string | null;
};

export type ProcessTree = {
  readonly root: KnownProcess;
  /** Looks at the process table and remembers what belongs to the run; tells what is new and left the run's session. */
  snapshot(): readonly KnownProcess[];
  /** Everything of the run that is alive now. */
  alive(): readonly KnownProcess[];
  signal(signal: NodeJS.Signals): void;
  /** The run is over: other runs need not keep their hands off it any more. */
  release(): void;
};

/** Nothing that merely shares a folder with half the system marks a run. */
export function runMarker(o: { readonly tmpDir: string | undefined; readonly cwd: string }): RunMarker {
  const shared = new Set(['', '/', '/tmp', '/var/tmp', '/home', '/root', tmpdir()]);
  return {
    tmpDir: o.tmpDir === undefined || shared.has(o.tmpDir) ? null : o.tmpDir,
    dir: shared.has(o.cwd) || /^\/(?:home|Users)\/[^/]+$/.test(o.cwd) ? null : o.cwd,
  };
}

/** A process as the table has it now, to be followed; the start is empty when it is gone already. */
export const identify = (pid: number): KnownProcess => ({ pid, start: readProcess(pid)?.start ?? '' });

/** Trees of this process that have not been ended; one run never sweeps up what another one started. */
const live = new Set<{ readonly marker: RunMarker; readonly owns: (row: ProcessRow) => boolean }>();

/**
 * Follows one run through the process table: its session, every descendant seen so far with all their descendants, and
 * orphans that carry the run's marker. A process that forks away twice, leaves the session, clears its environment and its
 * working folder between two snapshots is not found; only a namespace ends that one.
 */
export function followTree(
  root: KnownProcess,
  marker: RunMarker,
  /** Descendants somebody saw before. */
  seen: readonly KnownProcess[] = [],
): ProcessTree {
  const rootPid = root.pid;
  const known = new Map<number, string>([root, ...seen].map(({ pid, start }) => [pid, start]));

  const self = {
    marker,
    owns: (other: ProcessRow): boolean =>
      known.get(other.pid) === other.start || other.sid === rootPid || other.pgid === rootPid,
  };
  live.add(self);

  const isOthers = (other: ProcessRow): boolean => {
    for (const tree of live) if (tree !== self && tree.owns(other)) return true;
    return false;
  };

  /** The ids of a session or group are only ours while they were not given away anew. */
  const isOurs = (candidate: ProcessRow, byPid: ReadonlyMap<number, ProcessRow>): boolean => {
    if (known.get(candidate.pid) === candidate.start) return true;
    if (Number(candidate.start) < Number(root.start)) return false;
    const holder = byPid.get(rootPid);
    const givenAnew = holder !== undefined && holder.start !== root.start;
    if (!givenAnew && (candidate.sid === rootPid || candidate.pgid === rootPid)) return true;
    if (known.get(candidate.ppid) === byPid.get(candidate.ppid)?.start) return known.has(candidate.ppid);
    return isMarkedOrphan(candidate, byPid);
  };

  const isMarkedOrphan = (candidate: ProcessRow, byPid: ReadonlyMap<number, ProcessRow>): boolean => {
    // While another run bears the same mark, it does not tell whose an orphan is; the last of them ends it.
    const others = [...live].filter((tree) => tree !== self);
    const tmpDir = others.some((tree) => tree.marker.tmpDir === marker.tmpDir) ? null : marker.tmpDir;
    const dir = others.some((tree) => overlap(tree.marker.dir, marker.dir)) ? null : marker.dir;
    if ((tmpDir === null && dir === null) || isOthers(candidate)) return false;
    if (tmpDir !== null && environmentValue(candidate.pid, 'TMPDIR') === tmpDir) return true;
    if (dir === null || !isAdopted(candidate, byPid)) return false;
    const cwd = workingFolder(candidate.pid);
    return cwd !== null && isInside(cwd, dir);
  };

  const look = (): { readonly fresh: readonly ProcessRow[]; readonly rows: readonly ProcessRow[] } => {
    const rows = readProcessTable();
    const byPid = new Map(rows.map((one) => [one.pid, one]));
    const fresh: ProcessRow[] = [];
    // Parents may have higher ids than their children once ids wrap: repeat until nothing new turns up.
    for (let found = true; found;) {
      found = false;
      for (const one of rows) {
        if (one.pid === process.pid || known.get(one.pid) === one.start || !isOurs(one, byPid)) continue;
        known.set(one.pid, one.start);
        fresh.push(one);
        found = true;
      }
    }
    return { fresh, rows };
  };

  const alive = (): readonly KnownProcess[] => {
    const { rows } = look();
    return rows
      .filter((one) => known.get(one.pid) === one.start && !one.zombie)
      .map(({ pid, start }) => ({ pid, start }));
  };

  return {
    root,
    snapshot: () =>
      look()
        .fresh.filter((one) => one.sid !== rootPid)
        .map(({ pid, start }) => ({ pid, start })),
    alive,
    signal(signal) {
      // The group first: one call nobody can fork away from. Then whoever left it.
      if (root.start !== '' && groupExists(alive(), root)) send(-rootPid, signal);
      for (const one of alive()) if (isAlive(one)) send(one.pid, signal);
    },
    release: () => live.delete(self),
  };
}

const groupExists = (members: readonly KnownProcess[], root: KnownProcess): boolean =>
  members.some(({ pid }) => readProcess(pid)?.pgid === root.pid);

const overlap = (a: string | null, b: string | null): boolean =>
  a !== null && b !== null && (isInside(a, b) || isInside(b, a));

/** Its parent died: it hangs on init, or on the user's service manager that adopts orphans. */
function isAdopted(row: ProcessRow, byPid: ReadonlyMap<number, ProcessRow>): boolean {
  if (row.ppid <= 1) return true;
  const parent = byPid.get(row.ppid);
  return parent === undefined || ['systemd', 'init', 'launchd'].includes(parent.name);
}

export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Already gone, or not ours any more; the caller looks again and reports what is left.
  }
}
