import type { Finding, GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { GateBase } from '../../runtime/verification/base-result.ts';
import { reportedFiles } from '../../runtime/verification/base-result.ts';
import { few, plural } from '../../runtime/verification/compare-gate.ts';
import type { GateRun } from '../../runtime/verification/gate-run.ts';
import { unheardFiles, unlisted, writtenTests } from '../../runtime/verification/static-tests.ts';
import type { Session } from './session.ts';

const MAX_FILES = 2_000;
const MAX_TEXT = 1024 * 1024;

/**
 * Where base could not say which tests there are, because it does not compile or collect, the tests written in its oracle must be
 * in the report of the result (decisions H11). A file may be meant for another runner, so it is a question. `null`: nothing is missing.
 */
export async function unlistedTests(
  s: Session,
  gate: GateSpec,
  base: GateBase,
  runs: readonly GateRun[],
  approvedPaths: ReadonlySet<string>,
): Promise<Finding | null> {
  const reports = runs.flatMap((run) => (run.report.state === 'parsed' ? [run.report.report] : []));
  const others = reportedFiles([...s.gateBases.values()].filter((other) => other.name !== gate.name));
  const locked = new Set(s.plan.locked.map((entry) => entry.path));
  // Rust's tests lie in product files too; who takes one out there is told by another finding.
  const inGate = (await s.base.all())
    .map((entry) => entry.path)
    .filter((path) => locked.has(path) || path.endsWith('.rs'))
    .filter((path) => (gate.cwd === '' || path.startsWith(`${gate.cwd}/`)) && !others.has(path));
  const missing: string[] = [];
  for (const path of unheardFiles(gate.parser, base, inGate).slice(0, MAX_FILES)) {
    const bytes = await (approvedPaths.has(path) ? s.theirs : s.base).read(path, MAX_TEXT);
    if (bytes === null) continue;
    const titles = writtenTests(path, new TextDecoder().decode(bytes));
    missing.push(...unlisted(gate.parser, path, titles, reports).map((title) => `${title} (${path})`));
  }
  if (missing.length === 0) return null;
  const them = missing.length === 1 ? 'it' : 'them';
  return {
    rule: 'test.not_listed',
    severity: 'blocker',
    effect: 'question',
    file: gate.name,
    line: null,
    message: `${plural(missing.length, 'test')} in the files of base did not run, and base, which does not run as a whole, says nothing of ${them}: ${few(missing)}.`,
  };
}
