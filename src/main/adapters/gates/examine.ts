import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChangedFile, Finding, GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { Digest } from '../../../shared/kernel/ids.ts';
import { canonicalJson } from '../../../shared/kernel/json.ts';
import { reviewChange } from '../../runtime/verification/review/review.ts';
import type { Reviewed } from '../../runtime/verification/review/review.ts';
import { findConflictMarkers } from '../../runtime/verification/analyse-conflicts.ts';
import { findTestDetection } from '../../runtime/verification/analyse-detection.ts';
import { findInlineChanges } from '../../runtime/verification/analyse-inline.ts';
import { findPathProblems } from '../../runtime/verification/analyse-paths.ts';
import { findSecretNames, findSecrets } from '../../runtime/verification/analyse-secrets.ts';
import { findWeakenedTests } from '../../runtime/verification/analyse-tests.ts';
import type { ChangedTestFile } from '../../runtime/verification/analyse-tests.ts';
import { isCode, lockClass } from '../../runtime/verification/locked.ts';
import { judgeLocked } from '../../runtime/verification/judge-locked.ts';
import { changedFields, isDataManifest } from '../../runtime/verification/manifest-fields.ts';
import { goModChanged, iniChanged } from '../../runtime/verification/manifest-lines.ts';
import type { FieldChange } from '../../runtime/verification/manifest-fields.ts';
import type { OraclePlan } from '../../runtime/verification/oracle-plan.ts';
import type { TreeEntry, TreeReader } from '../../runtime/ports.ts';
import { parseManifest } from './manifest.ts';
import { examplesRun } from './examples-run.ts';
import { neighboursOf } from './neighbours.ts';
import { readChanges } from './read-changes.ts';
import { sha256 } from './sha256.ts';

const MAX_TEXT = 1024 * 1024;
/** The review only says where to look, so it leaves what nobody would read. */
const MAX_REVIEWED = 2_000;

export type Examined = {
  readonly findings: readonly Finding[];
  /** Locked files and manifests whose change a person would have to approve. */
  readonly needApproval: readonly string[];
  /** Digest of the oracle as the slice would have it; `null`: the same as on base. */
  readonly proposedOracle: Digest | null;
  /** How much of the change the review could read. */
  readonly reviewed: Pick<Reviewed, 'read' | 'unread'>;
};

/** Everything that can be said about a change by reading it: no gate is run and nothing of it is executed. */
export async function examine(o: {
  readonly base: TreeReader;
  readonly theirs: TreeReader;
  readonly baseEntries: readonly TreeEntry[];
  readonly theirEntries: readonly TreeEntry[];
  readonly plan: OraclePlan;
  readonly changed: readonly Omit<ChangedFile, 'locked'>[];
  /** Paths that are in no commit because no tree may have them, or for other reasons. */
  readonly outside: readonly string[];
  readonly calledScripts: ReadonlySet<string>;
  readonly testsMayChange: boolean;
  /** Files that reported tests on base. */
  readonly reported: ReadonlySet<string>;
  readonly gates: readonly GateSpec[];
  /** Folder with the written candidate tree, for the targets of its links. */
  readonly writtenTree: string | null;
}): Promise<Examined> {
  const { texts, findings: unread } = await readChanges(
    { tree: o.base, entries: o.baseEntries },
    { tree: o.theirs, entries: o.theirEntries },
  );
  const locked = new Map(o.plan.changed.map((change) => [change.path, change]));
  const product = texts.filter((text) => !locked.has(text.path));
  const fields = await fieldChanges(o);
  const judged = judgeLocked(o.plan.changed, fields, new Map(texts.map((text) => [text.path, text])));
  const tests: ChangedTestFile[] = texts.flatMap((text) => {
    const change = locked.get(text.path);
    const counts =
      change?.kind === 'test' || (change !== undefined && /(?:^|\/)conftest\.py$/.test(text.path));
    return counts && change !== undefined ? [{ ...text, change: change.change }] : [];
  });
  const short = texts
    .filter(({ before, after }) => Math.max(before.length, after.length) <= MAX_TEXT)
    .slice(0, MAX_REVIEWED);
  const reviewed = reviewChange(short, await neighboursOf(o.base, o.baseEntries, short));
  const links = await linkTargets(o);
  const findings = [
    ...unread,
    ...findSecrets(texts),
    ...findSecretNames([
      ...o.changed.flatMap((file) => (file.change === 'deleted' ? [] : [file.path])),
      ...links.values(),
    ]),
    ...findConflictMarkers(texts),
    ...findTestDetection(
      product,
      o.baseEntries.flatMap(({ path }) => (isCode(path) && lockClass(path) === 'test' ? [path] : [])),
    ),
    ...findInlineChanges(product, o.testsMayChange, await examplesRun(o, product)),
    ...findPathProblems({
      base: o.baseEntries,
      theirs: o.theirEntries,
      changed: o.changed,
      outside: o.outside,
      links,
      sizes: await binarySizes(o),
    }),
    ...judged.findings,
    ...findWeakenedTests(tests, o.testsMayChange),
    ...reviewed.findings,
  ];
  return {
    findings,
    needApproval: judged.needApproval,
    proposedOracle: judged.needApproval.length === 0 ? null : proposed(o.plan, fields, judged.needApproval),
    reviewed: { read: reviewed.read, unread: reviewed.unread + texts.length - short.length },
  };
}

/** Over exactly the bytes that would be approved, so that the next change of any of them asks again (decisions X19). */
function proposed(
  plan: OraclePlan,
  fields: ReadonlyMap<string, readonly FieldChange[]>,
  paths: readonly string[],
): Digest {
  const changes = new Map(plan.changed.map((change) => [change.path, change]));
  const manifests = new Map(plan.manifests.map((manifest) => [manifest.path, manifest]));
  return sha256(
    canonicalJson(
      paths.map((path) => {
        const entry = changes.get(path)?.theirs ?? manifests.get(path)?.theirs ?? null;
        return [
          path,
          entry?.mode ?? null,
          entry?.oid ?? null,
          fields.get(path)?.map(({ field }) => field) ?? null,
        ];
      }),
    ),
  );
}

async function text(tree: TreeReader, path: string): Promise<string | null> {
  const bytes = await tree.read(path, MAX_TEXT);
  if (bytes === null || bytes.subarray(0, 8_000).includes(0)) return null;
  return new TextDecoder().decode(bytes);
}

/** Sizes of changed binaries up to a limit; what is missing is larger. */
async function binarySizes(o: Parameters<typeof examine>[0]): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for (const file of o.changed.filter((one) => one.binary && one.change !== 'deleted').slice(0, 50)) {
    const bytes = await o.theirs.read(file.path, MAX_TEXT);
    if (bytes !== null) sizes.set(file.path, bytes.byteLength);
  }
  return sizes;
}

async function fieldChanges(o: Parameters<typeof examine>[0]): Promise<Map<string, readonly FieldChange[]>> {
  const changes = new Map<string, readonly FieldChange[]>();
  for (const { path, kind, base } of o.plan.manifests) {
    const before = base === null ? '' : await text(o.base, path);
    const after = await text(o.theirs, path);
    if (before === null || after === null) {
      changes.set(path, [{ field: 'syntax', breach: false }]);
      continue;
    }
    let found: readonly FieldChange[] = [];
    if (kind === 'setup.cfg')
      found = iniChanged(before, after) ? [{ field: 'test and checker sections', breach: true }] : [];
    else if (kind === 'go.mod')
      found = goModChanged(before, after) ? [{ field: 'replace', breach: false }] : [];
    else if (isDataManifest(kind)) {
      const was = base === null ? {} : parseManifest(path, before);
      const is = parseManifest(path, after);
      if (was === null) continue;
      // What cannot be parsed is verified as it is on base; a gate that reads it will say that it is broken.
      found =
        is === null ? [{ field: 'syntax', breach: false }] : changedFields(kind, was, is, o.calledScripts);
    }
    // Nobody relied on a manifest that is new; what would be installed because of it is asked with the lockfile.
    if (base === null) found = found.map(({ field }) => ({ field, breach: false }));
    if (found.length > 0) changes.set(path, found);
  }
  return changes;
}

async function linkTargets(o: Parameters<typeof examine>[0]): Promise<Map<string, string>> {
  const was = new Map(o.baseEntries.map((entry) => [entry.path, entry.oid]));
  const targets = new Map<string, string>();
  for (const entry of o.theirEntries) {
    if (entry.mode !== '120000' || was.get(entry.path) === entry.oid || o.writtenTree === null) continue;
    // A target that cannot be read stays unknown, and an unknown target leads out.
    const target = await readlink(join(o.writtenTree, entry.path)).catch(() => null);
    if (target !== null) targets.set(entry.path, target);
  }
  return targets;
}
