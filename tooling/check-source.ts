/** Fails when a source file breaks a house rule that the linter cannot state. */
import { readFileSync } from 'node:fs';
import { report } from './report.ts';
import { brokenSourceRules } from './source-rules.ts';
import { trackedFiles } from './tracked-files.ts';

const isSource = (path: string): boolean =>
  /\.(ts|tsx|mjs|css)$/.test(path) && !/^(test|e2e)\/fixtures\//.test(path);

report(
  'broken source rules',
  trackedFiles()
    .filter(isSource)
    .flatMap((path) => brokenSourceRules(path, readFileSync(path, 'utf8'))),
);
