import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { sep } from 'node:path';

/**
 * Who is at the other end of the operator socket. Node offers no SO_PEERCRED, so the peer proves its process id: it opens a
 * file with a random name that omk has just made, and omk finds that file among the open files of the process it claims to be.
 * A process cannot make a stranger open a file, so an agent can only ever prove to be itself.
 */
export function peerHolds(pid: number, challengePath: string): boolean {
  const fds = list(`/proc/${pid}/fd`);
  return fds.some((fd) => link(`/proc/${pid}/fd/${fd}`) === challengePath);
}

/**
 * Whether this process belongs to something omk started: a descendant of the host, or (when it forked away from its parents)
 * one that still carries the private folders of an attempt in its environment or works inside them.
 */
export function belongsToAttempt(
  pid: number,
  o: { readonly hostPid: number; readonly privateRoots: readonly string[] },
): boolean {
  if (pid === o.hostPid) return false;
  for (const ancestor of ancestry(pid)) {
    if (ancestor === o.hostPid) return true;
    const inside = (path: string): boolean =>
      o.privateRoots.some((root) => path === root || path.startsWith(root + sep));
    if (inside(link(`/proc/${ancestor}/cwd`))) return true;
    const env = read(`/proc/${ancestor}/environ`).split('\0');
    if (env.some((one) => inside(one.slice(one.indexOf('=') + 1)))) return true;
  }
  return false;
}

/** The process and its parents up to init. */
function ancestry(pid: number): readonly number[] {
  const chain: number[] = [];
  let current = pid;
  while (current > 1 && !chain.includes(current) && chain.length < 200) {
    chain.push(current);
    // The name in parentheses may contain anything, so the fields are counted from its end.
    const stat = read(`/proc/${current}/stat`);
    current = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
  }
  return chain;
}

// A process may end while it is looked at; then there is simply nothing to see.
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
function list(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
