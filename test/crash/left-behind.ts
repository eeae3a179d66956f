import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { leftovers } from '../goal/omk.ts';
import type { World } from '../goal/omk.ts';

/** One process, told from a later one with the same id by what it runs. */
export type Seen = { readonly pid: number; readonly command: string };

/** Everything below `pid` at this moment, without itself. */
export function descendants(pid: number): Seen[] {
  const all = table();
  const found: Seen[] = [];
  for (let parents = new Set([pid]); parents.size > 0;) {
    const children = all.filter((one) => parents.has(one.parent));
    found.push(...children);
    parents = new Set(children.map((one) => one.pid));
  }
  return found;
}

/** Waits until none of `seen` and nothing of the world runs any more, `ms` at most; what still does is returned. */
export async function leftRunning(world: World, seen: readonly Seen[], ms = 10_000): Promise<string[]> {
  const until = Date.now() + ms;
  for (;;) {
    const alive = new Map(table().map((one) => [one.pid, one.command]));
    const left = [
      ...leftovers(world),
      ...seen.filter((one) => alive.get(one.pid) === one.command).map((one) => `${one.pid} ${one.command}`),
      ...standingIn(world.root),
    ];
    if (left.length === 0 || Date.now() >= until) return left;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Artifacts whose bytes are not what their name says: written in place, or cut off. */
export function brokenArtifacts(world: World): string[] {
  const root = join(world.state, 'artifacts');
  return readdirSync(root, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /^[0-9a-f]{64}$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.endsWith(createHash('sha256').update(readFileSync(path)).digest('hex')));
}

function table(): (Seen & { readonly parent: number })[] {
  const out = execFileSync('ps', ['-eo', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' });
  return out.split('\n').flatMap((line) => {
    const [, pid, parent, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    // A zombie is dead; whoever adopted it has not looked yet.
    if (pid === undefined || parent === undefined || command === undefined || state?.startsWith('Z') === true)
      return [];
    return [{ pid: Number(pid), parent: Number(parent), command }];
  });
}

/** Processes whose working folder or environment is below `root`, where the system shows these. */
function standingIn(root: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        const dir = `/proc/${pid}`;
        return (
          readlinkSync(`${dir}/cwd`).startsWith(root) ||
          readFileSync(`${dir}/environ`, 'latin1').includes(root)
        );
      } catch {
        return false; // it ended, or belongs to somebody else
      }
    });
}
