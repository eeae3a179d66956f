import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Result } from '../../../shared/kernel/result.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import { isInside } from './mounts.ts';
import type { Mount } from './mounts.ts';
import type { Sandbox } from './types.ts';

type Layer = {
  readonly kind: 'writable' | 'hide' | 'bind' | 'readOnly';
  readonly from: string;
  readonly to: string;
  readonly readOnly: boolean;
};

/** On the same path: what is bound there wins over hiding what was there; read-only is said last. */
const order: readonly Layer['kind'][] = ['writable', 'hide', 'bind', 'readOnly'];

/**
 * Script lines (words of `sandbox.ts`) that lay a sandbox. Shallow before deep: a folder shown inside a hidden one is shown,
 * and one hidden inside a shown one is hidden.
 */
export function layOut(
  sandbox: Sandbox,
  mounts: readonly Mount[],
): Result<readonly string[], { readonly code: string; readonly message: string }> {
  const relative = [
    ...sandbox.writable,
    ...sandbox.hide,
    ...sandbox.readOnly,
    ...sandbox.bind.flatMap(({ from, to }) => [from, to]),
  ].find((path) => !path.startsWith('/') || path.includes('\0'));
  if (relative !== undefined)
    return err({
      code: 'sandbox.relative',
      message: `A sandbox takes absolute paths only, not "${relative}".`,
    });

  const layers = layersOf(sandbox);
  const shown = layers.filter((layer) => layer.kind !== 'hide');
  const lines = shown.map((layer, index) => `take ${quote(layer.from)} ${index}`);
  if (sandbox.readOnlyRoot) {
    lines.push('take /dev dev');
    for (const mount of mounts)
      if (!isInside(mount.point, '/proc') && !isInside(mount.point, '/dev'))
        lines.push(`lock ${quote(mount.point)} ${quote(flags(mount))}`);
    lines.push(...privateDev);
  }
  for (const layer of layers) {
    if (layer.kind === 'hide') lines.push(`mask ${quote(layer.to)}`);
    else lines.push(`put ${shown.indexOf(layer)} ${quote(layer.to)}`);
    if (layer.readOnly) lines.push(...lockTree(layer, mounts));
  }
  // A mask stays writable until everything that shows through it has its mount point.
  for (const layer of layers)
    if (layer.kind === 'hide' && !shown.some((other) => other.to === layer.to))
      lines.push(`seal ${quote(layer.to)}`);
  lines.push('unstage');
  // A real root keeps its rights over kernel settings inside a namespace, so these need a lock of their own.
  if (sandbox.readOnlyRoot)
    lines.push('mnt --bind /proc/sys /proc/sys', 'lock /proc/sys ,nosuid,nodev,noexec');
  return ok(lines);
}

function layersOf(sandbox: Sandbox): readonly Layer[] {
  const binds = sandbox.bind.map((bind): Layer => ({
    kind: 'bind',
    from: settle(bind.from),
    to: settle(bind.to),
    readOnly: bind.readOnly,
  }));
  /** What a path shows once the binds are made. */
  const source = (path: string): string => {
    const over = binds
      .filter((bind) => isInside(path, bind.to))
      .toSorted((a, b) => b.to.length - a.to.length)[0];
    return over === undefined ? path : join(over.from, path.slice(over.to.length));
  };
  const plain = (kind: 'writable' | 'readOnly' | 'hide', paths: readonly string[]): readonly Layer[] =>
    [...new Set(paths.map(settle))].map((to) => ({
      kind,
      from: source(to),
      to,
      readOnly: kind === 'readOnly',
    }));
  const hide = plain('hide', sandbox.hide);
  const hidden = new Set(hide.map((layer) => layer.to));
  return [
    ...plain('writable', sandbox.writable).filter((layer) => !hidden.has(layer.to)),
    ...hide,
    ...binds,
    ...plain('readOnly', sandbox.readOnly).filter((layer) => !hidden.has(layer.to)),
  ].toSorted((a, b) => a.to.length - b.to.length || order.indexOf(a.kind) - order.indexOf(b.kind));
}

/** Symbolic links resolved as far as the path exists: masks must land on the real thing. */
function settle(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(settle(parent), basename(path));
  }
}

function lockTree(layer: Layer, mounts: readonly Mount[]): readonly string[] {
  const holder = mounts
    .filter((mount) => isInside(layer.from, mount.point))
    .toSorted((a, b) => b.point.length - a.point.length)[0];
  const inside = mounts.filter((mount) => mount.point !== layer.from && isInside(mount.point, layer.from));
  return [
    `lock ${quote(layer.to)} ${quote(holder === undefined ? '' : flags(holder))}`,
    ...inside.map(
      (mount) => `lock ${quote(join(layer.to, mount.point.slice(layer.from.length)))} ${quote(flags(mount))}`,
    ),
  ];
}

/** Only the harmless devices; a real root could otherwise write to disks through theirs. */
const privateDev: readonly string[] = [
  'mnt -t tmpfs -o nosuid,mode=755,size=1m none /dev',
  'for d in null zero full random urandom tty; do [ -e "$stage/dev/$d" ] || continue; : > "/dev/$d"; mnt --bind "$stage/dev/$d" "/dev/$d"; done',
  'mkdir /dev/shm /dev/pts; mnt -t tmpfs -o nosuid,nodev,mode=1777 none /dev/shm',
  'mnt -t devpts -o newinstance,ptmxmode=0666,mode=620 none /dev/pts; ln -s pts/ptmx /dev/ptmx',
  'ln -s /proc/self/fd /dev/fd; ln -s fd/0 /dev/stdin; ln -s fd/1 /dev/stdout; ln -s fd/2 /dev/stderr',
];

const flags = (mount: Mount): string => mount.locked.map((flag) => `,${flag}`).join('');

export const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
