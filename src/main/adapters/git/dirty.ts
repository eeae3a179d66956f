import { textOf } from './byte-path.ts';
import type { BytePath } from './byte-path.ts';
import { excludesOf, readCheckout } from './checkout.ts';
import type { Checkout } from './checkout.ts';
import type { Entries } from './object-id.ts';
import { ProjectObjects } from './project-tree.ts';
import { readHead } from './refs.ts';
import { findRepository } from './repository.ts';

const maxPaths = 200;
const timeLimitMs = 5_000;

export type Dirty = {
  readonly count: number;
  readonly paths: readonly string[];
  readonly approximate: boolean;
};

/** See `Projects.dirty`: everything that differs from HEAD, staged or not, and untracked files that are not ignored. */
export async function dirty(path: string, personalExcludes: readonly string[]): Promise<Dirty | null> {
  const found = findRepository(path);
  const commit = found.ok ? readHead(found.value).commit : null;
  if (!found.ok || commit === null) return null;
  const objects = new ProjectObjects(found.value.commonDir);
  try {
    const until = performance.now() + timeLimitMs;
    const head = await objects.entries((await objects.commit(commit)).tree);
    const excludes = excludesOf(found.value.commonDir, personalExcludes);
    const checkout = await readCheckout(found.value, head, { excludes, until });
    const paths = dirtyPaths(head, checkout);
    return {
      count: paths.length,
      paths: paths.slice(0, maxPaths).map(textOf),
      approximate: checkout.approximate,
    };
  } catch {
    // The form has already said what is wrong with a repository whose objects cannot be read.
    return null;
  } finally {
    objects.close();
  }
}

/** Sorted; each path once, however many ways it differs in. */
export function dirtyPaths(head: Entries, checkout: Checkout): readonly BytePath[] {
  const paths = new Set<BytePath>(checkout.changed.keys());
  for (const { path } of checkout.untracked) paths.add(path);
  for (const [path, entry] of checkout.index) {
    const before = head.get(path);
    if (before?.oid !== entry.oid || before.mode !== entry.mode) paths.add(path);
  }
  for (const path of head.keys()) if (!checkout.index.has(path)) paths.add(path);
  return [...paths].toSorted();
}

/** Whether a path looks like a part of what decides the goal: tests, their data, or the gates themselves. */
export function looksLikeOracle(path: string): boolean {
  return (
    path === '.omk/gates.toml' ||
    /(?:^|\/)(?:tests?|specs?|e2e|__tests__|__snapshots__|__mocks__|testdata|fixtures|goldens?)\//i.test(
      path,
    ) ||
    /(?:[._-](?:test|spec|snap)\.[^/]+|_test\.[^/.]+|\.snap|Tests?\.(?:java|kt|cs|swift|php))$/.test(path) ||
    /(?:^|\/)(?:test_[^/]*\.py|conftest\.py)$/.test(path)
  );
}
