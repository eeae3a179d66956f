/** Fails when ARCHITECTURE.md names a path that is gone: a map with a missing street is worse than none. */
import { existsSync, readFileSync } from 'node:fs';
import { namedPaths } from './doc-paths.ts';
import { report } from './report.ts';

const DOCUMENT = 'ARCHITECTURE.md';

report(
  'missing paths',
  namedPaths(readFileSync(DOCUMENT, 'utf8'))
    .filter((path) => !existsSync(path))
    .map((path) => `${DOCUMENT} names ${path}, which does not exist.`),
);
