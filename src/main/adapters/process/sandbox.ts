import { readFileSync } from 'node:fs';
import type { Result } from '../../../shared/kernel/result.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import { parseMountInfo, reachableMounts } from './mounts.ts';
import { layOut, quote } from './sandbox-layout.ts';
import { systemTool } from './system-tool.ts';
import type { Sandbox } from './types.ts';

export type SandboxError = { readonly code: string; readonly message: string };

/** What the setup step writes to its control pipe: `R` just before the program starts, `E<code> <text>` when it gave up. */
export type SandboxedCommand = { readonly argv: readonly [string, ...string[]]; readonly controlFd: number };

/**
 * Argv that runs `argv` in new user, mount and PID namespaces as described by `sandbox`.
 *
 * Order of events: `unshare` becomes root of a new user namespace and process 1 of a new PID namespace; a shell script lays
 * the mounts; then the program starts in a second user namespace as the real user, where it has no power over these mounts.
 * When `unshare` dies the kernel ends everything inside.
 */
export function sandboxCommand(o: {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly sandbox: Sandbox;
  readonly extraPipe: number | undefined;
}): Result<SandboxedCommand, SandboxError> {
  const tools = findTools();
  if (!tools.ok) return tools;
  const { sh, unshare, mount, umount, setpriv, ip } = tools.value;
  const controlFd = o.extraPipe === 9 ? 8 : 9;
  const mounts = reachableMounts(parseMountInfo(readFileSync('/proc/self/mountinfo', 'latin1')));
  const layout = layOut(o.sandbox, mounts);
  if (!layout.ok) return layout;
  const script = [
    prelude({ mount, umount, controlFd }),
    ...layout.value,
    ...(o.sandbox.network || ip === null ? [] : [`${quote(ip)} link set lo up 2>/dev/null || :`]),
    launch({ sh, unshare, cwd: o.cwd, controlFd }),
  ].join('\n');
  return ok({
    controlFd,
    argv: [
      // If the host is killed, the kernel kills `unshare`, which takes the namespace with it.
      ...(setpriv === null ? [] : [setpriv, '--pdeathsig', 'KILL']),
      unshare,
      '--user',
      '--map-root-user',
      '--mount',
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
      ...(o.sandbox.network ? [] : ['--net']),
      sh,
      '-c',
      script,
      'sh',
      ...o.argv,
    ] as [string, ...string[]],
  });
}

type Tools = {
  readonly sh: string;
  readonly unshare: string;
  readonly mount: string;
  readonly umount: string;
  readonly setpriv: string | null;
  readonly ip: string | null;
};

function findTools(): Result<Tools, SandboxError> {
  const [sh, unshare, mount, umount] = [
    systemTool('sh'),
    systemTool('unshare'),
    systemTool('mount'),
    systemTool('umount'),
  ];
  if (process.platform !== 'linux' || sh === null || unshare === null || mount === null || umount === null)
    return err({
      code: 'sandbox.missing',
      message: 'This system has no namespaces that omk can use (unshare and mount are needed).',
    });
  return ok({ sh, unshare, mount, umount, setpriv: systemTool('setpriv'), ip: systemTool('ip') });
}

/** The script's words. `take` keeps a source on the stage, `put` shows it, `mask` hides, `seal` ends a mask, `lock` makes read-only. */
const prelude = (o: { mount: string; umount: string; controlFd: number }): string => `
fail() { printf 'E%s\\n' "$*" >&${o.controlFd}; exit 125; }
mnt() { o=$(${quote(o.mount)} -n -c "$@" 2>&1) || fail "sandbox.mount $o"; }
place() {
  if [ -d "$1" ]; then [ -d "$2" ] || mkdir -p -- "$2" || fail "sandbox.target The folder $2 cannot be made."
  elif [ -e "$1" ]; then [ -e "$2" ] || { mkdir -p -- "\${2%/*}" && : > "$2"; } || fail "sandbox.target The file $2 cannot be made."
  else fail "sandbox.missing $1 does not exist."; fi
}
take() { place "$1" "$stage/$2"; mnt --rbind "$1" "$stage/$2"; }
put() { place "$stage/$1" "$2"; mnt --move "$stage/$1" "$2"; }
mask() {
  if [ -d "$1" ]; then mnt -t tmpfs -o nosuid,nodev,noexec,size=1m,mode=755 none "$1"
  elif [ -e "$1" ]; then : > "$stage/empty"; mnt --bind "$stage/empty" "$1"
  else fail "sandbox.missing $1 does not exist."; fi
}
lock() { o=$(${quote(o.mount)} -n -c -o "remount,bind,ro$2" none "$1" 2>&1) || { [ ! -e "$1" ] || fail "sandbox.mount $o"; }; }
seal() { lock "$1" ,nosuid,nodev,noexec; }
unstage() { o=$(${quote(o.umount)} -n -l "$stage" 2>&1) || fail "sandbox.mount $o"; }
# Our own fresh /proc always has this folder, so nothing has to be made on a disk.
stage=/proc/sys
mnt --make-rprivate /
mnt -t tmpfs -o mode=700 none "$stage"`;

/**
 * The program becomes the child of a shell that is process 1: as process 1 itself it would not die of TERM and would have
 * to bury strangers. The shell is started anew so that the mount script is not its visible command line.
 */
const launch = (o: { sh: string; unshare: string; cwd: string; controlFd: number }): string => `
cd -- ${quote(o.cwd)} 2>/dev/null || fail "ENOENT The folder ${shown(o.cwd)} does not exist."
case "$1" in
  */*) [ -f "$1" ] || fail "ENOENT The program $1 does not exist."; [ -x "$1" ] || fail "EACCES The program $1 is not executable." ;;
  *) command -v -- "$1" >/dev/null || fail "ENOENT The program $1 is not on the PATH." ;;
esac
printf 'R\\n' >&${o.controlFd}
exec ${o.controlFd}>&-
exec ${quote(o.sh)} -c '"$@"; exit $?' sh ${quote(o.unshare)} --user --map-user=${process.getuid?.() ?? 0} --map-group=${process.getgid?.() ?? 0} -- "$@"`;

/** Harmless inside double quotes of the script. */
const shown = (text: string): string => text.replace(/["$`\\]/g, '?');
