import { createHash } from 'node:crypto';
import { parse as parseToml } from 'smol-toml';
import type { GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { Digest } from '../../../shared/kernel/ids.ts';
import { Digest as DigestSchema } from '../../../shared/kernel/ids.ts';
import { canonicalJson } from '../../../shared/kernel/json.ts';
import { calledFiles } from '../../runtime/verification/called-files.ts';
import { lockClass, manifestKind } from '../../runtime/verification/locked.ts';
import { fieldsOf, isDataManifest } from '../../runtime/verification/manifest-fields.ts';
import type { ManifestData } from '../../runtime/verification/manifest-fields.ts';
import type { TreeReader } from '../../runtime/ports.ts';

const MAX_MANIFEST = 4 * 1024 * 1024;

export function sha256(bytes: string | Uint8Array): Digest {
  return DigestSchema.parse(createHash('sha256').update(bytes).digest('hex'));
}

/**
 * What trust binds to (decisions H26): every gate as it will be run, the text of the scripts they call, and the bytes (by
 * object id) of the configuration that decides what those commands do. Not the closure of imports.
 */
export async function oracleDigest(tree: TreeReader, gates: readonly GateSpec[]): Promise<Digest> {
  const entries = await tree.all();
  const called = calledFiles(gates, entries);
  const files: (readonly [string, string, string])[] = [];
  const fields: (readonly [string, unknown])[] = [];
  for (const entry of entries) {
    const manifest = manifestKind(entry.path);
    if (manifest !== null && isDataManifest(manifest)) {
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

/** Parsed manifest, or `null` when it is not there or cannot be parsed. */
export async function readManifest(tree: TreeReader, path: string): Promise<ManifestData | null> {
  const bytes = await tree.read(path, MAX_MANIFEST);
  return bytes === null ? null : parseManifest(path, new TextDecoder().decode(bytes));
}

export function parseManifest(path: string, text: string): ManifestData | null {
  try {
    const value: unknown = path.endsWith('.json') ? JSON.parse(text.replace(/^\uFEFF/, '')) : parseToml(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as ManifestData)
      : null;
  } catch {
    return null; // whoever asks compares whole files instead
  }
}

function at(data: unknown, field: string): unknown {
  let here: unknown = data;
  for (const key of field.split('.')) {
    if (here === null || typeof here !== 'object' || !Object.hasOwn(here, key)) return null;
    here = (here as Record<string, unknown>)[key];
  }
  return here;
}
