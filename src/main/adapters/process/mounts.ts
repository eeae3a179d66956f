/** One mount of the host as `/proc/self/mountinfo` tells it. */
export type Mount = {
  readonly id: number;
  readonly parent: number;
  readonly point: string;
  /** Flags that a remount inside a user namespace must keep, or the kernel refuses it. */
  readonly locked: readonly string[];
};

const lockable = ['nosuid', 'nodev', 'noexec'];

export function parseMountInfo(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line) => {
    const [id, parent, , , point, options] = line.split(' ');
    if (point === undefined || options === undefined) return [];
    return [
      {
        id: Number(id),
        parent: Number(parent),
        point: point.replace(/\\([0-7]{3})/g, (_, octal: string) =>
          String.fromCharCode(Number.parseInt(octal, 8)),
        ),
        locked: options.split(',').filter((option) => lockable.includes(option)),
      },
    ];
  });
}

/** Mounts that a path can still reach: not buried under a later mount on the same point or above it. Shallow first. */
export function reachableMounts(mounts: readonly Mount[]): readonly Mount[] {
  const byId = new Map(mounts.map((mount) => [mount.id, mount]));
  const topAt = new Map<string, Mount>();
  for (const mount of mounts) {
    const there = topAt.get(mount.point);
    if (there === undefined || isAncestor(byId, there, mount)) topAt.set(mount.point, mount);
  }
  const reached = [...topAt.values()].filter((mount) =>
    [...topAt.values()].every(
      (above) => above === mount || !isInside(mount.point, above.point) || isAncestor(byId, above, mount),
    ),
  );
  return reached.toSorted((a, b) => a.point.length - b.point.length);
}

function isAncestor(byId: ReadonlyMap<number, Mount>, above: Mount, mount: Mount): boolean {
  const seen = new Set<number>();
  for (let at = byId.get(mount.parent); at !== undefined && !seen.has(at.id); at = byId.get(at.parent)) {
    if (at.id === above.id) return true;
    seen.add(at.id);
  }
  return false;
}

/** `true` for the folder itself and everything below it. */
export function isInside(path: string, folder: string): boolean {
  return path === folder || folder === '/' || path.startsWith(`${folder}/`);
}
