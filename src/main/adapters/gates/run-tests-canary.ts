import type { Failure, GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { ok } from '../../../shared/kernel/result.ts';
import { alterTests } from '../../runtime/verification/alter-tests.ts';
import { alterations, choose, textsOf } from './altered.ts';
import type { Alter } from './altered.ts';
import { hears, mustHeed, passesWith } from './heeds.ts';
import type { Trial } from './heeds.ts';
import type { CanaryResult } from './run-canary.ts';

/** Another choice of literals decides where the first ones sit in branches that no run reaches. */
const WAYS: readonly Alter[] = (['literals', 'literals', 'opposites'] as const).map(
  (how) => (path, text) => alterTests(path, text, how, choose),
);

/**
 * The canary of a gate that counts by its exit code alone and may start tests, by whatever way: every test in the oracle is made wrong
 * at once, and the gate must fail. One that passes is accused only where it heeds tests at all. `null`: nothing was shown.
 */
export async function runTestsCanary(
  o: Omit<Trial, 'runs'> & {
    readonly gate: GateSpec;
    /** Locked files of tests that no other gate reports one by one. */
    readonly tests: readonly string[];
    /** Bytes of a file as the deciding run used it. */
    readonly read: (path: string, maxBytes: number) => Promise<Uint8Array | null>;
    /** Does it pass on base as it is? Most such gates are linters and builds, which one run tells. */
    readonly isGreenOnBase: boolean;
  },
): Promise<Result<CanaryResult | null, Failure>> {
  const texts = await textsOf(o, o.tests);
  const plans = await alterations(texts, WAYS);
  const [first] = plans;
  if (first === undefined) return ok(null);
  const touched = new Map([...texts].filter(([path]) => plans.some((plan) => plan.has(path))));
  const trial: Trial = { ...o, runs: [] };
  const { runs } = trial;
  if (o.isGreenOnBase) {
    const heard = await hears(trial, 'base', touched);
    if (!heard.ok) return heard;
    if (heard.value !== 'yes') return ok(null);
  }
  for (const plan of plans) {
    const passed = await passesWith(trial, 'candidate', plan);
    if (!passed.ok) return passed;
    if (!passed.value) return ok({ died: [o.gate.name], survived: [], without: [], runs });
  }
  const proof = o.isGreenOnBase ? await passesWith(trial, 'base', first) : await mustHeed(trial, touched);
  if (!proof.ok) return proof;
  const accused = o.isGreenOnBase ? !proof.value : proof.value;
  return ok(accused ? { died: [], survived: [o.gate.name], without: [], runs } : null);
}
