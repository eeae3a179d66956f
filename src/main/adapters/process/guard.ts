import type { KnownProcess, RunMarker } from './process-tree.ts';

/** Who must know what runs, so that it ends even when this process is killed: the watchdog and the journal on disk. */
export interface Guard {
  add(root: KnownProcess, marker: RunMarker): void;
  /** Descendants that left the session of their root. */
  escaped(root: KnownProcess, processes: readonly KnownProcess[]): void;
  remove(root: KnownProcess): void;
}

const guards = new Set<Guard>();

/** Tells every installed guard. One per process, because children are. */
export const guard: Guard = {
  add: (root, marker) => {
    for (const one of guards) one.add(root, marker);
  },
  escaped: (root, processes) => {
    for (const one of guards) one.escaped(root, processes);
  },
  remove: (root) => {
    for (const one of guards) one.remove(root);
  },
};

/** From now on `guard` hears of every start and end. Returns the function that ends that. */
export function installGuard(one: Guard): () => void {
  guards.add(one);
  return () => guards.delete(one);
}
