import { mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnManaged } from './spawn.ts';
import { noSandbox } from './types.ts';

export type Isolation = { readonly use: 'namespaces' | 'none'; readonly note: string };

let probed: Promise<Isolation> | null = null;

/** What this system really gives, tried once with a real child: own process ids, a hidden folder, a read-only root. */
export function isolationAvailable(): Promise<Isolation> {
  probed ??= probe();
  return probed;
}

async function probe(): Promise<Isolation> {
  if (process.platform !== 'linux')
    return { use: 'none', note: 'Namespaces exist on Linux only; agents run in process groups here.' };
  const dir = mkdtempSync(join(tmpdir(), 'omk-probe-'));
  try {
    writeFileSync(join(dir, 'seen'), '');
    const child = spawnManaged({
      argv: [
        '/bin/sh',
        '-c',
        '[ "$(readlink /proc/self/ns/pid)" != "$2" ] && [ ! -e "$1/seen" ] && ! ( : > "$1/new" ) 2>/dev/null',
        'sh',
        dir,
        readlinkSync('/proc/self/ns/pid'),
      ],
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
      sandbox: { ...noSandbox, use: 'namespaces', network: false, readOnlyRoot: true, hide: [dir] },
      stdin: '',
    });
    let words = '';
    child.stderr.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(0, 500);
    });
    child.stdout.resume();
    const timer = setTimeout(() => void child.stop({ graceMs: 0, term: false }), 10_000);
    const exit = await child.exited;
    clearTimeout(timer);
    await child.stop({ graceMs: 0, term: false });
    if (exit.code === 0)
      return { use: 'namespaces', note: 'Agents and checks run in namespaces of their own.' };
    const why = words.trim() || exit.spawnError?.message || 'the trial run did not see what it should';
    return { use: 'none', note: `This system does not give namespaces to omk (${why.replace(/\.$/, '')}).` };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
