import { processFile } from '@pierre/diffs';
import type { FileDiffMetadata } from '@pierre/diffs';
import { inert } from '../../../shared/safe-text.ts';

/** A line longer than this is cut in the view: nobody reads it, and drawing it would stop everything else. */
const LINE_LIMIT = 2_000;
/** A file whose part of the patch is longer than this is not drawn at all. */
const FILE_LIMIT = 4_000_000;

export type FilePatch = {
  /** `null`: no lines to show, or too many. */
  readonly diff: FileDiffMetadata | null;
  readonly cut: boolean;
  readonly tooLong: boolean;
  readonly longestLine: number;
};

/**
 * Splits git's patch by file and reads each. Control and direction-changing characters become marks, so that the code reads
 * as it is. `key` names the two trees, for the cache of the highlighter.
 */
export function readPatch(patch: string, key: string): ReadonlyMap<string, FilePatch> {
  const files = new Map<string, FilePatch>();
  for (const [index, text] of sections(patch).entries()) {
    const tooLong = text.length > FILE_LIMIT;
    // Of a file too long to draw, its head still says which it is.
    const parsed = processFile(tooLong ? headOf(text) : text, {
      isGitDiff: true,
      cacheKey: `${key} ${index}`,
    });
    if (!parsed) continue;
    files.set(parsed.name, tooLong ? { diff: null, cut: false, tooLong, longestLine: 0 } : tidy(parsed));
  }
  return files;
}

function sections(patch: string): string[] {
  const starts: number[] = [];
  for (let at = patch.startsWith('diff --git ') ? 0 : next(patch, 0); at >= 0; at = next(patch, at))
    starts.push(at);
  return starts.map((start, index) => patch.slice(start, starts[index + 1] ?? patch.length));
}

function next(patch: string, after: number): number {
  const found = patch.indexOf('\ndiff --git ', after);
  return found < 0 ? -1 : found + 1;
}

const headOf = (text: string): string => {
  const hunk = text.indexOf('\n@@ ');
  return hunk < 0 ? text.slice(0, 10_000) : text.slice(0, hunk + 1);
};

function tidy(diff: FileDiffMetadata): FilePatch {
  let cut = false;
  let longestLine = 0;
  const line = (raw: string): string => {
    const end = /\r?\n$/.exec(raw)?.[0].length ?? 0;
    const body = raw.slice(0, raw.length - end);
    const long = body.length > LINE_LIMIT;
    cut ||= long;
    const shown = inert(long ? `${body.slice(0, LINE_LIMIT)}…` : body);
    longestLine = Math.max(longestLine, Math.min(shown.length, LINE_LIMIT));
    return end === 0 ? shown : `${shown}\n`;
  };
  const deletionLines = diff.deletionLines.map(line);
  const additionLines = diff.additionLines.map(line);
  const characters = (lines: readonly string[]): number => lines.reduce((sum, one) => sum + one.length, 0);
  return {
    diff:
      diff.hunks.length === 0
        ? null
        : {
            ...diff,
            name: inert(diff.name),
            hunks: diff.hunks.map((hunk) => ({
              ...hunk,
              ...(hunk.hunkContext !== undefined && { hunkContext: inert(hunk.hunkContext).slice(0, 200) }),
            })),
            deletionLines,
            additionLines,
            deletionCharacterCount: characters(deletionLines),
            additionCharacterCount: characters(additionLines),
          },
    cut,
    tooLong: false,
    longestLine,
  };
}

export type HunkPlace = {
  readonly path: string;
  readonly line: number;
  readonly side: 'deletions' | 'additions';
  readonly end: number;
};

/** The changed stretches of a file in order, each by its first line: where the keys for the next change go. */
export function hunkPlaces(path: string, diff: FileDiffMetadata): HunkPlace[] {
  const places: HunkPlace[] = [];
  for (const hunk of diff.hunks) {
    let oldLine = hunk.deletionStart;
    let newLine = hunk.additionStart;
    for (const content of hunk.hunkContent) {
      if (content.type === 'context') {
        oldLine += content.lines;
        newLine += content.lines;
        continue;
      }
      places.push(
        content.additions > 0
          ? { path, line: newLine, side: 'additions', end: newLine + content.additions - 1 }
          : { path, line: oldLine, side: 'deletions', end: oldLine + content.deletions - 1 },
      );
      oldLine += content.deletions;
      newLine += content.additions;
    }
  }
  return places;
}
