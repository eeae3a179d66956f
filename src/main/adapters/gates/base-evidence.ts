import { z } from 'zod';
import type { GateBase } from '../../runtime/verification/base-result.ts';
import type { GateRun } from '../../runtime/verification/gate-run.ts';
import type { Digest } from '../../../shared/kernel/ids.ts';
import { canonicalJson } from '../../../shared/kernel/json.ts';
import type { Artifacts } from '../../runtime/ports.ts';

const MAX_EVIDENCE = 512 * 1024 * 1024;

const BaseSchema = z.object({
  name: z.string(),
  colour: z.enum(['green', 'red', 'unsettled']),
  parsed: z.boolean(),
  expected: z.array(
    z.object({ id: z.string(), file: z.string(), outcome: z.enum(['passed', 'failed', 'skipped', 'flaky']) }),
  ),
  atLeast: z.array(z.object({ parent: z.string(), count: z.number() })),
  brokenFiles: z.array(z.string()),
});
const Evidence = z.object({ v: z.literal(1), tree: z.string(), gates: z.array(BaseSchema) });

/** Every test of every run, for people and for `--rerun`; and what later runs are held against. */
export function baseEvidence(
  tree: string,
  gates: readonly { readonly base: GateBase; readonly runs: readonly GateRun[] }[],
): string {
  return canonicalJson({
    v: 1,
    tree,
    gates: gates.map(({ base, runs }) => ({ ...base, runs: runs.map(runEvidence) })),
  });
}

export function runEvidence(run: GateRun): unknown {
  return {
    exit: run.exit,
    timedOut: run.timedOut,
    notStarted: run.notStarted,
    voided: run.voided,
    durationMs: Math.round(run.durationMs),
    evidence: run.evidence,
    ...(run.report.state === 'parsed'
      ? {
          tests: run.report.report.tests.map((test) => [test.id, test.outcome]),
          fileErrors: run.report.report.fileErrors,
        }
      : run.report.state === 'unreadable'
        ? { unreadable: run.report.why }
        : {}),
  };
}

/** `null` when the evidence is gone, changed, or not ours. */
export async function readBaseEvidence(
  artifacts: Artifacts,
  digest: Digest,
): Promise<{ readonly tree: string; readonly gates: readonly GateBase[] } | null> {
  if (!(await artifacts.verify(digest))) return null;
  const read = await artifacts.read(digest, 0, MAX_EVIDENCE);
  if (read === null || read.bytes.length < read.size) return null;
  try {
    const parsed = Evidence.safeParse(JSON.parse(new TextDecoder().decode(read.bytes)));
    return parsed.success ? parsed.data : null;
  } catch {
    return null; // whoever asked says that base must be checked again
  }
}
