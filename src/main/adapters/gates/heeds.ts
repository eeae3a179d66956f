import type { Failure } from '../../../shared/goal/vocabulary.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { ok } from '../../../shared/kernel/result.ts';
import { runPassed } from '../../runtime/verification/gate-run.ts';
import type { GateRun } from '../../runtime/verification/gate-run.ts';
import { testStub } from '../../runtime/verification/test-stubs.ts';
import { alteredBy, BARE, withTexts } from './altered.ts';
import type { Overlay } from './overlay.ts';

type Run = (overlay: Overlay) => Promise<Result<GateRun, Failure>>;
type Tree = 'base' | 'candidate';

/** How a gate is tried with other texts in the place of some of the oracle. */
export type Trial = {
  readonly overlay: Overlay;
  readonly like: string;
  readonly run: Run;
  readonly onBase: Run;
  /** Every run is kept here, as evidence. */
  readonly runs: GateRun[];
};

/** Does the gate pass on this tree with these texts? Base has the oracle as it is. */
export async function passesWith(
  o: Trial,
  tree: Tree,
  texts: ReadonlyMap<string, string>,
): Promise<Result<boolean, Failure>> {
  const done =
    tree === 'base'
      ? await o.onBase(withTexts({ ...o, overlay: BARE }, texts))
      : await o.run(withTexts(o, texts));
  if (!done.ok) return done;
  o.runs.push(done.value);
  return ok(runPassed(done.value));
}

/**
 * Does the gate heed these files? With others in their place that know nothing of the product, it must fail when they fail and pass
 * when they pass. `no`: it passes all the same; `unclear`: it fails in any case, or no such files can be made.
 */
export async function hears(
  o: Trial,
  tree: Tree,
  texts: ReadonlyMap<string, string>,
): Promise<Result<'yes' | 'no' | 'unclear', Failure>> {
  const ending = (ends: 'passing' | 'failing'): Promise<ReadonlyMap<string, string>> =>
    alteredBy(texts, (path, text) => testStub(path, text, ends));
  const failing = await ending('failing');
  if (failing.size === 0) return ok('unclear');
  const deaf = await passesWith(o, tree, failing);
  if (!deaf.ok) return deaf;
  if (deaf.value) return ok('no');
  const moved = await passesWith(o, tree, await ending('passing'));
  return moved.ok ? ok(moved.value ? 'yes' : 'unclear') : moved;
}

/**
 * Must a gate that passes with everything in these files made wrong be accused? Only when it heeds them: as it is or, where the product
 * is part of their program and may end that as well, at least on base.
 */
export async function mustHeed(
  o: Trial,
  texts: ReadonlyMap<string, string>,
): Promise<Result<boolean, Failure>> {
  const here = await hears(o, 'candidate', texts);
  if (!here.ok || here.value !== 'no') return here.ok ? ok(here.value === 'yes') : here;
  const before = await hears(o, 'base', texts);
  return before.ok ? ok(before.value === 'yes') : before;
}
