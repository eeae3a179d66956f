import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentHost, AgentStart } from '../../runtime/agent-backend.ts';

/** As many as the system follows before it gives up. */
const MAX_LINKS = 40;

/**
 * The host, asked about the files that an agent would really write: a link in the worktree can lead anywhere, and whoever decides
 * has only the text of a path. What omk would do itself has real paths already.
 */
export function withRealPaths(
  host: AgentHost,
  start: Pick<AgentStart, 'workDir' | 'home' | 'tmpDir'>,
): AgentHost {
  const realPath = createRealPaths(start);
  return {
    ...host,
    approve: (request, signal) =>
      host.approve(
        request.byHost === true ? request : { ...request, paths: request.paths.map(realPath) },
        signal,
      ),
  };
}

/**
 * Link by link as the system takes a path, also through a link to what is not there yet. Paths below the given folders keep the
 * names that omk has for these.
 */
export function createRealPaths(
  o: Pick<AgentStart, 'workDir' | 'home' | 'tmpDir'>,
): (path: string) => string {
  const roots = [o.workDir, o.home, o.tmpDir]
    .map((path) => ({ path, real: followed(path) }))
    .toSorted((a, b) => b.real.length - a.real.length);
  return (path) => {
    // Programs differ in whether they go up before or after they follow a link, so nobody can say where this leads.
    if (path.split('/').includes('..')) return path;
    const real = followed(path.startsWith('/') ? path : `${o.workDir}/${path}`);
    const root = roots.find((one) => real === one.real || real.startsWith(`${one.real}/`));
    return root === undefined ? real : root.path + real.slice(root.real.length);
  };
}

function followed(path: string): string {
  const ahead = path.split('/');
  let at = '/';
  let links = 0;
  for (let part = ahead.shift(); part !== undefined; part = ahead.shift()) {
    const next = join(at, part);
    const target = part === '..' ? null : linkAt(next);
    if (target === null) {
      at = next;
      continue;
    }
    links += 1;
    if (links > MAX_LINKS) return path; // the system opens nothing there either
    if (target.startsWith('/')) at = '/';
    ahead.unshift(...target.split('/'));
  }
  return at;
}

function linkAt(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null; // no link, not there, or not to be looked at
  }
}
