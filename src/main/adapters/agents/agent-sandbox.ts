import { existsSync } from 'node:fs';
import type { AgentStart } from '../../runtime/agent-backend.ts';
import type { Sandbox } from '../process/types.ts';

/** Doors in the file system that lead past any namespace: whoever reaches one of these can start processes outside. */
const doors = (uid: number): readonly string[] => [
  '/run/docker.sock',
  '/run/podman/podman.sock',
  '/run/containerd/containerd.sock',
  '/run/dbus/system_bus_socket',
  '/run/systemd/private',
  `/run/user/${uid}`,
];

/**
 * What an agent may see and write (decisions.md H8): everything readable but what is hidden, nothing writable but its worktree,
 * home and temporary folder. `/tmp` is its own temporary folder too, unless something it needs lies in the real one.
 *
 * @param argv as it will be run: a program or script in `/tmp` must stay visible
 */
export function agentSandbox(o: {
  readonly start: Pick<AgentStart, 'workDir' | 'home' | 'tmpDir' | 'sandbox'>;
  readonly argv: readonly string[];
  readonly bind?: Sandbox['bind'];
  readonly writable?: readonly string[];
}): Sandbox {
  const { workDir, home, tmpDir, sandbox } = o.start;
  const writable = [...new Set([workDir, home, tmpDir, ...sandbox.writable, ...(o.writable ?? [])])];
  const hide = [...new Set([...sandbox.hide, ...doors(process.getuid?.() ?? 0)])].filter(existsSync);
  const bind = o.bind ?? [];
  const needed = [...writable, ...hide, ...o.argv, ...bind.flatMap(({ from, to }) => [from, to])];
  const ownTmp =
    !needed.some((path) => path.includes('/tmp/') && path !== tmpDir) && !tmpDir.startsWith('/tmp/');
  return {
    use: sandbox.use,
    network: true,
    readOnlyRoot: true,
    writable,
    hide,
    readOnly: sandbox.readOnly ?? [],
    bind: ownTmp ? [...bind, { from: tmpDir, to: '/tmp', readOnly: false }] : bind,
  };
}
