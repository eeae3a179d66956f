import { tmpdir } from 'node:os';
import { createGit } from './git.ts';

/** The version of the git command line on `path`, such as `2.39.5`; `null` when there is none that runs. */
export async function gitVersion(path: string): Promise<string | null> {
  const home = tmpdir();
  const answer = await createGit({ home, path }).run({ gitDir: home, args: ['version'], timeoutMs: 5_000 });
  if (!answer.ok) return null;
  return /(\d+(?:\.\d+)+)/.exec(answer.value.stdout.toString('utf8'))?.[1] ?? null;
}
