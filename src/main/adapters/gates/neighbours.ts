import { isForeign } from '../../runtime/verification/review/changed-code.ts';
import type { Neighbour } from '../../runtime/verification/review/duplicates.ts';
import { languageOf } from '../../runtime/verification/review/scan.ts';
import type { ChangedText } from '../../runtime/verification/analyse-secrets.ts';
import type { TreeEntry, TreeReader } from '../../runtime/ports.ts';

const MAX_FILES = 80;
const MAX_FILE = 128 * 1024;
const MAX_BYTES = 1024 * 1024;
/** A change of fewer lines copies nothing worth saying. */
const MIN_ADDED = 8;

/** Files of base in the folders where the change adds code: what was copied is mostly copied from next door. */
export async function neighboursOf(
  base: TreeReader,
  entries: readonly TreeEntry[],
  changed: readonly ChangedText[],
): Promise<Neighbour[]> {
  const grew = changed.filter(
    ({ path, before, after }) =>
      languageOf(path) !== null && after.split('\n').length - before.split('\n').length >= MIN_ADDED,
  );
  const places = new Set(grew.map(({ path }) => place(path)));
  const touched = new Set(changed.map(({ path }) => path));
  const neighbours: Neighbour[] = [];
  let bytes = 0;
  for (const { path, mode } of entries) {
    if (neighbours.length >= MAX_FILES || bytes > MAX_BYTES) break;
    const language = languageOf(path);
    if (language === null || !mode.startsWith('100') || touched.has(path) || !places.has(place(path)))
      continue;
    const read = await base.read(path, MAX_FILE);
    if (read === null) continue;
    const text = new TextDecoder().decode(read);
    bytes += read.byteLength;
    if (!isForeign({ path, after: text })) neighbours.push({ path, language, text });
  }
  return neighbours;
}

const place = (path: string): string => `${path.slice(0, path.lastIndexOf('/') + 1)} ${languageOf(path)}`;
