import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** The paths that git tracks or would track here, sorted, relative to the repository's root; deleted ones left out. */
export const trackedFiles = (): string[] =>
  execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
    .split('\0')
    .filter((path) => path !== '' && existsSync(path))
    .toSorted();
