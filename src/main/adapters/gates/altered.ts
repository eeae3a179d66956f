import { randomInt } from 'node:crypto';
import { createPace } from '../process/pace.ts';
import { oidOf } from './place.ts';
import type { Overlay } from './overlay.ts';

const MAX_FILES = 200;
const MAX_TEXT = 1024 * 1024;

export type Alter = (path: string, text: string) => string | null;

/** One of n at random, which no product can know. */
export const choose = (n: number): number => (n <= 0 ? -1 : randomInt(n));

/** Those of the texts, by path, that a way of altering changes. */
export async function alteredBy(
  texts: ReadonlyMap<string, string>,
  way: Alter,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const pace = createPace();
  for (const [path, text] of texts) {
    const rest = pace();
    if (rest !== null) await rest;
    const altered = way(path, text);
    if (altered !== null) found.set(path, altered);
  }
  return found;
}

/** What each of several ways changes, without those that change nothing. */
export async function alterations(
  texts: ReadonlyMap<string, string>,
  ways: readonly Alter[],
): Promise<readonly ReadonlyMap<string, string>[]> {
  const plans: Map<string, string>[] = [];
  for (const way of ways) plans.push(await alteredBy(texts, way));
  return plans.filter((plan) => plan.size > 0);
}

/** Base has the oracle as it is. */
export const BARE: Overlay = { files: new Map(), remove: [], expected: new Map(), unrestorable: [] };

/** The same oracle with these texts in place of its own. */
export function withTexts(
  o: { readonly overlay: Overlay; readonly like: string },
  texts: ReadonlyMap<string, string>,
): Overlay {
  const files = new Map(o.overlay.files);
  const expected = new Map(o.overlay.expected);
  for (const [path, text] of texts) {
    const bytes = Buffer.from(text);
    // A script that is started by its own name needs the bit; for all others it means nothing.
    files.set(path, { bytes, mode: o.overlay.files.get(path)?.mode ?? '100755' });
    expected.set(path, oidOf(bytes, o.like));
  }
  return { ...o.overlay, files, expected };
}

/** Texts of files by path; the first two hundred, and none of more than a MiB. */
export async function textsOf(
  o: { readonly read: (path: string, maxBytes: number) => Promise<Uint8Array | null> },
  paths: Iterable<string>,
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const path of [...paths].slice(0, MAX_FILES)) {
    const bytes = await o.read(path, MAX_TEXT);
    if (bytes !== null) texts.set(path, new TextDecoder().decode(bytes));
  }
  return texts;
}
