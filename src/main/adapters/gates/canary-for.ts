import type { Failure, GateRecord, GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { ok } from '../../../shared/kernel/result.ts';
import { calledFiles } from '../../runtime/verification/called-files.ts';
import type { GateBase } from '../../runtime/verification/base-result.ts';
import { lockClass } from '../../runtime/verification/locked.ts';
import { shellPart } from '../../runtime/verification/own-runner.ts';
import { languageOf, literalTitles } from '../../runtime/verification/test-source.ts';
import { stem, testsBehind } from '../../runtime/verification/tests-behind.ts';
import type { GateComparison } from '../../runtime/verification/compare-gate.ts';
import type { Overlay } from './overlay.ts';
import { runTestsCanary } from './run-tests-canary.ts';
import { runBuiltCanary } from './run-built-canary.ts';
import { runCanary } from './run-canary.ts';
import type { CanaryCheck, CanaryResult } from './run-canary.ts';
import { runWholeCanary } from './run-whole-canary.ts';
import type { Session } from './session.ts';

const MAX_TEST_FILE = 1024 * 1024;
/** A loop that waits for what is expected waits for ever when that was altered; nobody is to wait for the gate's whole time. */
const limitMs = (durationMs: number): number => Math.max(60_000, 5 * durationMs);

/** The canary of one gate that passed: of its red-first tests, or of the gate as a whole where it has no tests to tell apart. */
export async function canaryFor(
  s: Session,
  gate: GateSpec,
  base: GateBase,
  compared: GateComparison,
  overlay: Overlay,
): Promise<Result<CanaryResult | null, Failure>> {
  // Under a golden gate nothing of the candidate takes part in comparing, so nothing of it could bend that.
  if (compared.record.outcome !== 'passed' || gate.kind === 'golden') return ok(null);
  const read = async (path: string, max: number): Promise<Uint8Array | null> =>
    overlay.files.get(path)?.bytes ?? (await s.theirs.read(path, max));
  const how = { gate, overlay, like: s.o.baseTree, read } as const;
  const hasty = { ...gate, timeoutMs: Math.min(gate.timeoutMs, limitMs(compared.record.durationMs)) };
  const run = (its: Overlay) => s.run(hasty, s.o.candidate.tree, its);
  if (gate.parser === 'ctest') {
    if (compared.redToGreen.length === 0) return ok(null);
    s.o.progress(`Canary: ${gate.name}`, null, null);
    return runBuiltCanary({
      ...how,
      ids: compared.redToGreen,
      locked: s.plan.locked.map((entry) => entry.path),
      run,
    });
  }
  const fileOf = new Map(base.expected.map((test) => [test.id, test.file]));
  const scripts = calledFiles([gate], s.plan.locked);
  const checks: CanaryCheck[] = [];
  for (const id of compared.redToGreen) {
    const file = fileOf.get(id) ?? (base.brokenFiles.includes(id) ? id : null);
    // A gate without single tests is as good as the scripts it starts, as far as these can be seen.
    if (id === gate.name && gate.kind === 'check')
      checks.push(...[...scripts].map((script) => ({ id, file: script })));
    else if (file !== null && gate.parser === 'go-json') checks.push(...(await goFiles(s, id, file, read)));
    else if (file !== null) checks.push(await sourceOf(s, gate, { id, file }, read));
  }
  const onBase = (its: Overlay) => s.run(hasty, s.o.baseTree, its);
  const isGreenOnBase = base.colour === 'green';
  const decidesAlone = gate.parser === 'none' && gate.kind === 'check' && gate.required;
  let result: CanaryResult | null = null;
  const tests = decidesAlone ? testsBehind(s.gates, s.plan.locked, reportedFiles(s)) : [];
  if (tests.length > 0) {
    s.o.progress(`Canary: ${gate.name}`, null, null);
    const done = await runTestsCanary({ ...how, tests, run, onBase, isGreenOnBase });
    if (!done.ok || (done.value?.survived ?? []).length > 0) return done;
    result = done.value;
  }
  if (checks.length > 0) {
    s.o.progress(`Canary: ${gate.name}`, null, null);
    const done = await runCanary({ ...how, checks, run });
    if (!done.ok) return done;
    if (done.value.runs.length > 0) return ok(strongest(result, done.value));
    result ??= done.value;
  }
  if (!decidesAlone || scripts.size === 0) return ok(result);
  s.o.progress(`Canary: ${gate.name}`, null, null);
  const whole = await runWholeCanary({ ...how, scripts, run, onBase, isGreenOnBase });
  if (!whole.ok) return whole;
  return ok(whole.value === null ? result : strongest(result, whole.value));
}

const reportedFiles = (s: Session): string[] =>
  [...s.gateBases.values()].flatMap(({ expected, brokenFiles }) => [
    ...expected.map((test) => test.file),
    ...brokenFiles,
  ]);

/** Of the tests behind a gate and of its scripts: an accusation first, then what was shown to fail. */
function strongest(ofTests: CanaryResult | null, ofScripts: CanaryResult): CanaryResult {
  if (ofTests === null || ofTests.died.length === 0) return ofScripts;
  const runs = [...ofTests.runs, ...ofScripts.runs];
  return ofScripts.survived.length > 0 ? { ...ofScripts, runs } : { ...ofTests, runs };
}

/** What a gate builds before it tests it is in no tree: the one locked file that has a test of this name is its source. */
async function sourceOf(
  s: Session,
  gate: GateSpec,
  check: CanaryCheck,
  read: (path: string, maxBytes: number) => Promise<Uint8Array | null>,
): Promise<CanaryCheck> {
  const { id, file } = check;
  if (shellPart(gate.argv) === null || (await read(file, MAX_TEST_FILE)) !== null) return check;
  const found: string[] = [];
  for (const { path } of s.plan.locked) {
    if (lockClass(path) !== 'test' || languageOf(path) !== languageOf(file) || stem(path) !== stem(file))
      continue;
    const bytes = await read(path, MAX_TEST_FILE);
    const titles = bytes === null ? [] : literalTitles(path, new TextDecoder().decode(bytes));
    if (titles.some((title) => id.endsWith(` > ${title}`))) found.push(path);
  }
  const [source, ...others] = found;
  return source === undefined || others.length > 0 ? check : { id, file: source, reported: file };
}

/** Go reports packages, not files: the files with this test, in the folder that the package's name ends with. */
async function goFiles(
  s: Session,
  id: string,
  reported: string,
  read: (path: string, maxBytes: number) => Promise<Uint8Array | null>,
): Promise<CanaryCheck[]> {
  const folder = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
  const mine = s.plan.locked
    .map((entry) => entry.path)
    .filter((path) => path.endsWith('_test.go'))
    .filter((path) => folder(path) === '' || reported.endsWith(`/${folder(path)}`));
  // The deepest folder is the package; a file at the top belongs to every name, and is meant where no other is.
  const deepest = Math.max(...mine.map((path) => folder(path).length));
  const checks: CanaryCheck[] = [];
  for (const file of mine.filter((path) => folder(path).length === deepest)) {
    const bytes = id === reported ? null : await read(file, MAX_TEST_FILE);
    const title = id.split(' > ').at(-1) ?? '';
    if (id === reported || (bytes !== null && new TextDecoder().decode(bytes).includes(`func ${title}(`)))
      checks.push({ id, file, reported });
  }
  return checks;
}

/** The record of a gate with what its canary showed. */
export function withCanary(record: GateRecord, canary: CanaryResult): GateRecord {
  const planted = canary.died.length + canary.survived.length;
  return {
    ...record,
    notes: [...record.notes, canaryNote(record.name, canary)].slice(-20),
    canary: { altered: planted, failed: canary.died.length, without: canary.without.length },
  };
}

function canaryNote(gate: string, { died, survived }: CanaryResult): string {
  const planted = died.length + survived.length;
  if (planted === 0) return 'No canary: no expectation was found to alter.';
  if ([...died, ...survived].every((id) => id === gate))
    return `Canary: with what it expects made wrong, it ${died.length > 0 ? 'failed, as it must' : 'passed all the same'}.`;
  const altered = planted === 1 ? 'altered test' : 'altered tests';
  return survived.length === 0
    ? `Canary: ${died.length} of ${planted} ${altered} failed, as they must.`
    : `Canary: only ${died.length} of ${planted} ${altered} failed, and all of them must.`;
}
