import type { Failure, GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { ok } from '../../../shared/kernel/result.ts';
import { failAtEveryEnd } from '../../runtime/verification/alter-ends.ts';
import { runPassed } from '../../runtime/verification/gate-run.ts';
import type { GateRun } from '../../runtime/verification/gate-run.ts';
import { alteredBy, ALTERATIONS, withTexts } from './altered-scripts.ts';
import type { Overlay } from './overlay.ts';
import type { CanaryResult } from './run-canary.ts';

const MAX_FILES = 20;
const MAX_SCRIPT = 1024 * 1024;

/**
 * The canary of a gate that counts by its exit code alone: all that its scripts compare is made wrong at once, and the gate must
 * fail. `null`: nothing in its scripts could be made wrong.
 */
export async function runWholeCanary(o: {
  readonly gate: GateSpec;
  /** Locked scripts that the gate starts. */
  readonly scripts: ReadonlySet<string>;
  /** Bytes of a script as the deciding run used it. */
  readonly read: (path: string, maxBytes: number) => Promise<Uint8Array | null>;
  readonly overlay: Overlay;
  readonly like: string;
  readonly run: (overlay: Overlay) => Promise<Result<GateRun, Failure>>;
  /**
   * The same on base, where the gate passes there too. A script that is not moved there either compares nothing that matters, and
   * proves nothing against the change.
   */
  readonly onBase: ((overlay: Overlay) => Promise<Result<GateRun, Failure>>) | null;
}): Promise<Result<CanaryResult | null, Failure>> {
  const texts = await scriptsOf(o);
  const runs: GateRun[] = [];
  const attempt = async (
    altered: ReadonlyMap<string, string>,
  ): Promise<Result<'failed' | 'survived' | 'says nothing', Failure>> => {
    const run = await o.run(withTexts(o, altered));
    if (!run.ok) return run;
    runs.push(run.value);
    if (!runPassed(run.value)) return ok('failed');
    if (o.onBase === null) return ok('survived');
    const control = await o.onBase(withTexts({ ...o, overlay: empty }, altered));
    if (!control.ok) return control;
    runs.push(control.value);
    return ok(runPassed(control.value) ? 'says nothing' : 'survived');
  };
  const plans = ALTERATIONS.map((way) => alteredBy(texts, way)).filter((plan) => plan.size > 0);
  const ends = alteredBy(texts, failAtEveryEnd);
  if (plans.length === 0 && ends.size === texts.size && ends.size > 0) plans.push(ends);
  const name = [o.gate.name];
  let survived: readonly string[] = [];
  for (const plan of plans) {
    const seen = await attempt(plan);
    if (!seen.ok) return seen;
    if (seen.value === 'failed') return ok({ died: name, survived: [], without: [], runs });
    if (seen.value === 'survived') survived = name;
  }
  if (runs.length === 0) return ok(null);
  return ok({ died: [], survived, without: survived.length > 0 ? [] : name, runs });
}

type Whole = Parameters<typeof runWholeCanary>[0];
const empty: Overlay = { files: new Map(), remove: [], expected: new Map(), unrestorable: [] };

async function scriptsOf(o: Whole): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const path of [...o.scripts].slice(0, MAX_FILES)) {
    const bytes = await o.read(path, MAX_SCRIPT);
    if (bytes !== null) texts.set(path, new TextDecoder().decode(bytes));
  }
  return texts;
}
