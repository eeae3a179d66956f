import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type OnDisk = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/**
 * Runs a TypeScript module on a disk of its own, which only it sees and which is gone with it: a tmpfs of `size` in a mount
 * namespace. The module finds the disk's folder in `process.env.DISK`. `null` where the system lets nobody mount one.
 */
export function onTinyDisk(
  size: string,
  script: string,
  env: Readonly<Record<string, string>> = {},
): OnDisk | null {
  const dir = mkdtempSync(join(tmpdir(), 'omk-disk-'));
  try {
    const mount = `mount -t tmpfs -o size=${size},mode=0700 tiny "$DISK"`;
    const probe = spawnSync('unshare', ['-Urm', 'sh', '-c', mount], { env: { ...process.env, DISK: dir } });
    if (probe.status !== 0) return null;
    const run = spawnSync(
      'unshare',
      [
        '-Urm',
        'sh',
        '-c',
        `${mount} && exec "$0" --disable-warning=ExperimentalWarning --input-type=module-typescript -e "$SCRIPT"`,
        process.execPath,
      ],
      {
        env: { ...process.env, ...env, DISK: dir, SCRIPT: script },
        encoding: 'utf8',
        timeout: 60_000,
        killSignal: 'SIGKILL',
      },
    );
    return { code: run.status, stdout: run.stdout, stderr: run.stderr };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
