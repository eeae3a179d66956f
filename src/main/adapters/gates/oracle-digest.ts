import type { GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { Digest } from '../../../shared/kernel/ids.ts';
import { canonicalJson } from '../../../shared/kernel/json.ts';
import { lockClass, manifestKind } from '../../runtime/verification/locked.ts';
import { fieldsOf, isDataManifest } from '../../runtime/verification/manifest-fields.ts';
import type { TreeReader } from '../../runtime/ports.ts';
import { judgedBy } from './judging.ts';
import { readManifest } from './manifest.ts';
import { refineGates } from './refine.ts';
import { sha256 } from './sha256.ts';

/**
 * What trust binds to (decisions H26): every gate as it will be run, the text of the scripts they call, and the bytes (by
 * object id) of the configuration that decides what those commands do. Not the closure of imports.
 */
export async function oracleDigest(tree: TreeReader, gates: readonly GateSpec[]): Promise<Digest> {
  const entries = await tree.all();
  const called = await judgedBy(tree, await refineGates(tree, gates));
  const files: (readonly [string, string, string])[] = [];
  const fields: (readonly [string, unknown])[] = [];
  for (const entry of entries) {
    const manifest = manifestKind(entry.path);
    if (manifest !== null && isDataManifest(manifest) && !called.has(entry.path)) {
      const data = await readManifest(tree, entry.path);
      fields.push([
        entry.path,
        data === null ? entry.oid : fieldsOf(manifest).map((field) => at(data, field)),
      ]);
      continue;
    }
    const kind = lockClass(entry.path, called);
    const configures =
      kind === 'runner' ||
      kind === 'checker' ||
      kind === 'gates' ||
      kind === 'package-manager' ||
      kind === 'lockfile';
    if (configures || called.has(entry.path)) files.push([entry.path, entry.mode, entry.oid]);
  }
  files.sort(byPath);
  fields.sort(byPath);
  return sha256(canonicalJson({ gates, files, fields }));
}

const byPath = (a: readonly [string, ...unknown[]], b: readonly [string, ...unknown[]]): number =>
  a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;

function at(data: unknown, field: string): unknown {
  let here: unknown = data;
  for (const key of field.split('.')) {
    if (here === null || typeof here !== 'object' || !Object.hasOwn(here, key)) return null;
    here = (here as Record<string, unknown>)[key];
  }
  return here;
}
