import type { Failure, GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { ok } from '../../../shared/kernel/result.ts';
import { alterComparisons } from '../../runtime/verification/alter-comparisons.ts';
import { failAtEveryEnd } from '../../runtime/verification/alter-ends.ts';
import { alteredBy, alterations, choose, textsOf } from './altered.ts';
import type { Alter } from './altered.ts';
import { mustHeed, passesWith } from './heeds.ts';
import type { Trial } from './heeds.ts';
import type { CanaryResult } from './run-canary.ts';

/** The ways to make a script wrong, the most telling first: the next one is only tried where one says nothing. */
const WAYS: readonly Alter[] = [
  (path, text) => alterComparisons(path, text, 'literals', choose),
  (path, text) => alterComparisons(path, text, 'opposites', choose),
];

/**
 * The canary of a gate that counts by its exit code alone: all that its scripts compare is made wrong at once, and the gate must
 * fail. `null`: nothing in its scripts could be made wrong.
 */
export async function runWholeCanary(
  o: Omit<Trial, 'runs'> & {
    readonly gate: GateSpec;
    /** Locked scripts that the gate starts. */
    readonly scripts: ReadonlySet<string>;
    /** Bytes of a script as the deciding run used it. */
    readonly read: (path: string, maxBytes: number) => Promise<Uint8Array | null>;
    /**
     * Does it pass on base as it is? A script that is not moved there either compares nothing that matters, and proves nothing
     * against the change.
     */
    readonly isGreenOnBase: boolean;
  },
): Promise<Result<CanaryResult | null, Failure>> {
  const texts = await textsOf(o, o.scripts);
  const trial: Trial = { ...o, runs: [] };
  const { runs } = trial;
  const plans = [...(await alterations(texts, WAYS))];
  const ends = await alteredBy(texts, failAtEveryEnd);
  if (plans.length === 0 && ends.size === texts.size && ends.size > 0) plans.push(ends);
  const name = [o.gate.name];
  let accused = false;
  for (const plan of plans) {
    const passed = await passesWith(trial, 'candidate', plan);
    if (!passed.ok) return passed;
    if (!passed.value) return ok({ died: name, survived: [], without: [], runs });
    const control = o.isGreenOnBase ? await passesWith(trial, 'base', plan) : ok(false);
    if (!control.ok) return control;
    accused ||= !control.value;
  }
  if (runs.length === 0) return ok(null);
  const heeds = accused && !o.isGreenOnBase ? await mustHeed(trial, texts) : ok(accused);
  if (!heeds.ok) return heeds;
  return ok({ died: [], survived: heeds.value ? name : [], without: heeds.value ? [] : name, runs });
}
