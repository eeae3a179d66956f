import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Failure } from '../../../shared/goal/vocabulary.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { failure } from './failure.ts';
import type { Git, GitOptions } from './git.ts';

export type Transfer = {
  /** A repository of omk's own: its settings and its shallow file are the only ones that count. */
  readonly as: string;
  /** Object folders the objects are looked for in, beside those of `as`. */
  readonly from: readonly string[];
  readonly to: { readonly gitDir: string; readonly objectDir?: string };
  readonly want: readonly string[];
  /** History that is there already. */
  readonly not?: readonly string[];
  /** `history`: everything reachable. `exact`: these objects and no others. */
  readonly what: 'history' | 'exact';
  /** Checks every object as git's fsck does, and that all they name is there. For objects that an agent made. */
  readonly strict?: boolean;
  readonly maxBytes?: number;
  readonly signal?: AbortSignal | undefined;
};

const timeoutMs = 3_600_000;

/**
 * Copies objects from store to store: `pack-objects` here, `index-pack` there, which names every object by its bytes. No
 * transport, no remote and no setting of the repository the objects come from takes part. Gives the new pack's name.
 */
export async function transfer(git: Git, o: Transfer): Promise<Result<string | null, Failure>> {
  const packing: GitOptions = {
    gitDir: o.as,
    args: [
      'pack-objects',
      '--stdout',
      '--quiet',
      '--delta-base-offset',
      // Deltas that exist are taken over; searching for new ones costs more than the bytes they save.
      '--window=0',
      '--compression=1',
      ...(o.what === 'history' ? ['--revs'] : []),
    ],
    env: { GIT_ALTERNATE_OBJECT_DIRECTORIES: o.from.map(quoted).join(':') },
    timeoutMs,
    signal: o.signal,
  };
  const indexing: GitOptions = {
    gitDir: o.to.gitDir,
    args: ['index-pack', '--stdin', ...(o.strict === true ? ['--strict'] : [])],
    ...(o.to.objectDir === undefined ? {} : { env: { GIT_OBJECT_DIRECTORY: o.to.objectDir } }),
    timeoutMs,
    signal: o.signal,
  };
  const packer = git.start(packing);
  const indexer = git.start(indexing);
  const lines = [...o.want, ...(o.not ?? []).map((oid) => `^${oid}`)];
  packer.stdin.on('error', () => undefined);
  packer.stdin.end(`${lines.join('\n')}\n`);
  let bytes = 0;
  let tooMuch = false;
  const limit = new Transform({
    transform: (chunk: Buffer, _encoding, next) => {
      bytes += chunk.length;
      tooMuch = bytes > (o.maxBytes ?? Number.MAX_SAFE_INTEGER);
      next(tooMuch ? new Error('too much') : null, chunk);
    },
  });
  // Whatever breaks the pipe is told by how the two processes end.
  const piped = pipeline(packer.stdout, limit, indexer.stdin).catch(() => {
    packer.kill('SIGKILL');
    indexer.stdin.destroy();
  });
  let answer = '';
  for await (const chunk of indexer.stdout) answer = (answer + String(chunk)).slice(-1_000);
  await piped;
  const [packed, indexed] = await Promise.all([git.settle(packing, packer), git.settle(indexing, indexer)]);
  if (tooMuch) return err(failure('git.too_much_output', 'The objects to copy are larger than omk accepts.'));
  // Whichever ended first has the reason; the other only lost its partner.
  const lostInput = !indexed.ok && /early EOF/.test(JSON.stringify(indexed.error.detail?.['stderr'] ?? ''));
  if (!indexed.ok && !lostInput) return indexed;
  if (!packed.ok) return packed;
  if (!indexed.ok) return indexed;
  return ok(/^pack\t([0-9a-f]+)/m.exec(answer)?.[1] ?? null);
}

/** An element of a path list in the environment: quoted, so that colons and newlines in it are its own. */
function quoted(path: string): string {
  return `"${path.replace(/["\\\n\t]/g, (char) => ({ '\n': '\\n', '\t': '\\t' })[char] ?? `\\${char}`)}"`;
}
