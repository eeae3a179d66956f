/** Fails when a tracked file ties the repository to one machine. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isExampleHome, machineTraces } from './neutral.ts';
import { report } from './report.ts';
import { trackedFiles } from './tracked-files.ts';

// A folder one level below the root ("/app", "/root") is too common a word to search for.
const ownPaths = [process.cwd(), homedir()].filter(
  (path) => path.split('/').length > 2 && !isExampleHome(path),
);

const findings = trackedFiles().flatMap((path) => {
  const bytes = readFileSync(path);
  const isBinary = bytes.subarray(0, 8_000).includes(0);
  return isBinary ? [] : machineTraces(path, bytes.toString('utf8'), ownPaths);
});

report('traces of one machine', findings);
