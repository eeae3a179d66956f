import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Only the system's own tools are run by omk on its own account: PATH belongs to the person, and to agents. */
const folders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/run/current-system/sw/bin'];

/** Absolute path of a tool that comes with the system; `null` when it has none. */
export function systemTool(name: string): string | null {
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}
