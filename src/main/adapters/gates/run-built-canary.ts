import type { Failure } from '../../../shared/goal/vocabulary.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { ok } from '../../../shared/kernel/result.ts';
import { changesInFile } from '../../runtime/verification/alter-comparisons.ts';
import { withChanges } from '../../runtime/verification/changes.ts';
import type { Alteration } from '../../runtime/verification/alter-comparisons.ts';
import { failAtEveryEnd } from '../../runtime/verification/alter-ends.ts';
import { failingC } from '../../runtime/verification/compared-c.ts';
import { ctestParts, definesCmake } from '../../runtime/verification/ctest-parts.ts';
import type { Part } from '../../runtime/verification/ctest-parts.ts';
import type { GateRun } from '../../runtime/verification/gate-run.ts';
import { choose, textsOf, withTexts } from './altered.ts';
import type { Overlay } from './overlay.ts';
import type { CanaryResult } from './run-canary.ts';

/** Sources and scripts, the latter also without an ending: what is left are data. */
const CODE = /(?:\.(?:c|cc|cpp|cxx|h|hh|hpp|hxx|sh|bash|py|pl|rb|[cm]?js)|(?:^|\/)[^/.]+)$/;

/**
 * The canary of tests that are programs which a build makes: all that the oracle compares for a red-first test is made wrong,
 * everything is built anew, and the test must fail. Where one program is many tests, nobody knows what it compares for which: there a
 * test that still passes must at least fail with a program that fails at once. A run whose build does not end says nothing.
 */
export async function runBuiltCanary(o: {
  /** Tests that went red to green. */
  readonly ids: readonly string[];
  /** Paths of the oracle. */
  readonly locked: readonly string[];
  /** Bytes of a file as the deciding run used it. */
  readonly read: (path: string, maxBytes: number) => Promise<Uint8Array | null>;
  readonly overlay: Overlay;
  readonly like: string;
  readonly run: (overlay: Overlay) => Promise<Result<GateRun, Failure>>;
}): Promise<Result<CanaryResult, Failure>> {
  const sources = await textsOf(
    o,
    o.locked.filter((path) => CODE.test(path)),
  );
  const decidingOf = ctestParts(await textsOf(o, o.locked.filter(definesCmake)), sources);
  const deciding = new Map(o.ids.map((id) => [id, decidingOf(id)]));
  const died = new Set<string>();
  const survived = new Set<string>();
  const runs: GateRun[] = [];
  for (const way of WAYS) {
    const open = o.ids.filter((id) => !died.has(id));
    const its = new Set(open.flatMap((id) => deciding.get(id)?.parts.map((part) => part.path) ?? []));
    const altered = [...its].flatMap((path) => way.alter(path, sources.get(path) ?? ''));
    const planted = open.filter((id) => deciding.get(id)?.parts.some((part) => altered.some(isIn(part))));
    if (planted.length === 0) continue;
    const run = await o.run(withTexts(o, new Map(altered.map(({ path, text }) => [path, text]))));
    if (!run.ok) return run;
    runs.push(run.value);
    if (run.value.report.state !== 'parsed') continue;
    const { tests } = run.value.report.report;
    for (const id of planted) {
      const outcome = tests.find((test) => test.id === id)?.outcome;
      const counts = way.certain || deciding.get(id)?.alone;
      if (outcome === 'failed' && way.proves) died.add(id);
      if (outcome === 'passed' && counts) survived.add(id);
    }
  }
  const alive = [...survived].filter((id) => !died.has(id));
  const without = o.ids.filter((id) => !died.has(id) && !survived.has(id));
  return ok({ died: [...died], survived: alive, without, runs });
}

type Altered = { readonly path: string; readonly text: string; readonly at: readonly number[] };
type Way = {
  readonly alter: (path: string, text: string) => readonly Altered[];
  /** A test that fails so has shown that it compares. */
  readonly proves: boolean;
  /** A test that passes so proves nothing, whatever else its program decides. */
  readonly certain: boolean;
};

const comparing = (how: Alteration): Way => ({
  alter: (path, text) => {
    const changes = changesInFile(path, text, how, choose);
    return changes.length === 0
      ? []
      : [{ path, text: withChanges(text, changes), at: changes.map((change) => change.start) }];
  },
  proves: true,
  certain: false,
});

const WAYS: readonly Way[] = [
  comparing('literals'),
  comparing('opposites'),
  {
    alter: (path, text) => {
      const failing = failingC(text) ?? failAtEveryEnd(path, text);
      return failing === null ? [] : [{ path, text: failing, at: [0] }];
    },
    proves: false,
    certain: true,
  },
];

const isIn =
  ({ path, start, end }: Part) =>
  (altered: Altered): boolean =>
    altered.path === path && altered.at.some((at) => at >= start && at < end);
