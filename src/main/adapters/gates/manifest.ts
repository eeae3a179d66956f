import { parse as parseToml } from 'smol-toml';
import type { ManifestData } from '../../runtime/verification/manifest-fields.ts';
import type { TreeReader } from '../../runtime/ports.ts';

const MAX_MANIFEST = 4 * 1024 * 1024;

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
