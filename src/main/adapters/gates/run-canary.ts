import type { Failure, GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { ok } from '../../../shared/kernel/result.ts';
import { plantAnywhere, plantCanary } from '../../runtime/verification/canary.ts';
import type { GateRun } from '../../runtime/verification/gate-run.ts';
import { literalTitles } from '../../runtime/verification/test-source.ts';
import { choose } from './altered.ts';
import { oidOf } from './place.ts';
import type { Overlay } from './overlay.ts';

const MAX_FILES = 20;
/** An altered literal may sit in a branch that no run reaches; another choice then decides. */
const TRIES = 3;
const MAX_TEST_FILE = 1024 * 1024;

export type CanaryResult = {
  /** Tests in which an expectation was made wrong, and which failed as they must. */
  readonly died: readonly string[];
  /** Tests that still passed, whatever was expected of them. */
  readonly survived: readonly string[];
  /** Red-first checks without a literal that could be altered. */
  readonly without: readonly string[];
  readonly runs: readonly GateRun[];
};

export type CanaryCheck = {
  readonly id: string;
  readonly file: string;
  /** What reports name in place of the file: the package, with Go. */
  readonly reported?: string;
};

/** Alters what red-first tests expect, one literal a test, and runs the gate again: every altered test must fail. */
export async function runCanary(o: {
  readonly gate: GateSpec;
  /** Checks that went red to green under this gate, with the file they are in; the gate itself with the scripts it starts. */
  readonly checks: readonly CanaryCheck[];
  /** Bytes of a test file as the deciding run used it. */
  readonly read: (path: string, maxBytes: number) => Promise<Uint8Array | null>;
  readonly overlay: Overlay;
  readonly like: string;
  readonly run: (overlay: Overlay) => Promise<Result<GateRun, Failure>>;
}): Promise<Result<CanaryResult, Failure>> {
  const died = new Set<string>();
  const runs: GateRun[] = [];
  let alive = new Set<string>();
  let planted = new Set<string>();
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const plan = await plant(o, attempt === 0 ? null : alive);
    if (plan === null) break;
    const run = await o.run(plan.overlay);
    if (!run.ok) return run;
    runs.push(run.value);
    planted = new Set([...planted, ...plan.ids]);
    for (const id of plan.ids) if (isRed(run.value, id, plan.reportedAs.get(id) ?? '')) died.add(id);
    alive = new Set(plan.ids.filter((id) => !died.has(id)));
    if (alive.size === 0) break;
  }
  const without = o.checks.map((check) => check.id).filter((id) => !planted.has(id));
  return ok({ died: [...died], survived: [...alive], without, runs });
}

async function plant(
  o: Parameters<typeof runCanary>[0],
  only: ReadonlySet<string> | null,
): Promise<{ overlay: Overlay; ids: string[]; reportedAs: Map<string, string> } | null> {
  const files = new Map(o.overlay.files);
  const expected = new Map(o.overlay.expected);
  const ids: string[] = [];
  const reportedAs = new Map(o.checks.map((check) => [check.id, check.reported ?? check.file]));
  const put = (file: string, text: string, altered: readonly string[]): void => {
    const bytes = Buffer.from(text);
    files.set(file, { bytes, mode: o.overlay.files.get(file)?.mode ?? '100644' });
    expected.set(file, oidOf(bytes, o.like));
    for (const id of altered) if (!ids.includes(id)) ids.push(id);
  };
  const byFile = new Map<string, string[]>();
  for (const check of o.checks)
    if (only === null || only.has(check.id))
      byFile.set(check.file, [...(byFile.get(check.file) ?? []), check.id]);
  for (const [file, checks] of [...byFile].slice(0, MAX_FILES)) {
    const bytes = file === '' ? null : await o.read(file, MAX_TEST_FILE);
    if (bytes === null) continue;
    const text = new TextDecoder().decode(bytes);
    if (checks.includes(o.gate.name)) {
      const whole = plantAnywhere(file, text, choose);
      if (whole !== null) put(file, whole, [o.gate.name]);
      continue;
    }
    const titles = literalTitles(file, text);
    const titleOf = new Map(
      checks.flatMap((id) => {
        if (id === reportedAs.get(id)) return titles.map((title) => [title, id] as const);
        const title = titles
          .filter(
            (one) =>
              id === one ||
              id.endsWith(` > ${one}`) ||
              id.includes(` > ${one}[`) ||
              id.includes(` > ${one} with data set `) ||
              id.includes(` > ${one} #`),
          )
          .toSorted((a, b) => b.length - a.length)[0];
        return title === undefined ? [] : [[title, id] as const];
      }),
    );
    const canary = plantCanary(file, text, [...titleOf.keys()], choose);
    if (canary !== null)
      put(
        file,
        canary.text,
        canary.titles.flatMap((title) => titleOf.get(title) ?? []),
      );
  }
  return ids.length === 0 ? null : { overlay: { ...o.overlay, files, expected }, ids, reportedAs };
}

function isRed(run: GateRun, id: string, file: string): boolean {
  if (run.report.state !== 'parsed') return run.exit !== 0;
  const { tests, fileErrors } = run.report.report;
  if (fileErrors.some((error) => error.file === file)) return true;
  return tests.some(
    (test) => (test.id === id || (id === file && test.file === file)) && test.outcome === 'failed',
  );
}
