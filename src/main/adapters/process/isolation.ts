import { mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnManaged } from './spawn.ts';
import { noSandbox } from './types.ts';

export type Isolation = { readonly use: 'namespaces' | 'none'; readonly note: string };

let probed: Promise<Isolation> | null = null;

/** What this system really gives, tried once with a real child: own process ids, a hidden folder, a read-only root. */
export function isolationAvailable(): Promise<Isolation> {
  probed ??= probeUntilSure();
  return probed;
}

const TRIES = 3;

/** A machine that is too busy to answer has said nothing, and agents must not go unconfined for that. */
async function probeUntilSure(): Promise<Isolation> {
  let answer = await probe();
  for (let tries = 1; answer === 'late' && tries < TRIES; tries += 1) answer = await probe();
  return answer === 'late'
    ? {
        use: 'none',
        note: `This system does not give namespaces to omk (no answer in ${TRIES} times ${ANSWER_MS / 1_000} s).`,
      }
    : answer;
}

const ANSWER_MS = 10_000;

async function probe(): Promise<Isolation | 'late'> {
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
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      void child.stop({ graceMs: 0, term: false });
    }, ANSWER_MS);
    const exit = await child.exited;
    clearTimeout(timer);
    await child.stop({ graceMs: 0, term: false });
    if (exit.code === 0)
      return { use: 'namespaces', note: 'Agents and checks run in namespaces of their own.' };
    if (late) return 'late';
    const why = words.trim() || exit.spawnError?.message || 'the trial run did not see what it should';
    return { use: 'none', note: `This system does not give namespaces to omk (${why.replace(/\.$/, '')}).` };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
