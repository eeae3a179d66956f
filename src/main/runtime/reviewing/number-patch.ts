/**
 * Reads a patch in Git's form: which lines of the new file it shows, added and around, per path; and the same patch with those
 * numbers before its lines, so that a reader need not count. Paths that Git quotes keep no lines.
 */
export function numberPatch(patch: string): {
  readonly lines: Map<string, Set<number>>;
  readonly numbered: string;
} {
  const lines = new Map<string, Set<number>>();
  const numbered: string[] = [];
  let current: Set<number> | undefined;
  let line = 0;
  let old = 0;
  let fresh = 0;
  for (const text of patch.split('\n')) {
    // Inside a hunk a removed line may look like the head of a file.
    if ((old > 0 || fresh > 0) && !text.startsWith('\\')) {
      if (!text.startsWith('+')) old -= 1;
      if (text.startsWith('-')) {
        numbered.push(`      ${text}`);
        continue;
      }
      fresh -= 1;
      current?.add(line);
      numbered.push(`${String(line).padStart(5)} ${text}`);
      line += 1;
      continue;
    }
    numbered.push(text);
    const path = /^(?:\+\+\+ b|--- a)\/(.+?)\t?$/.exec(text)?.[1];
    if (path !== undefined) {
      current = lines.get(path) ?? new Set();
      lines.set(path, current);
    }
    const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(text);
    if (hunk) {
      old = Number(hunk[1] ?? 1);
      fresh = Number(hunk[3] ?? 1);
      line = Number(hunk[2]);
    }
  }
  return { lines, numbered: numbered.join('\n') };
}
