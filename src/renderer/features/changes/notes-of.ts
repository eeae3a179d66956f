import type { ReviewedFile } from '../../stores/changes.ts';
import type { ReviewNote } from './review-note.tsx';

export type Draft = { readonly path: string; readonly line: number; readonly side: 'old' | 'new' };

/** What stands between the lines of one file: findings, opinions, the person's comments and the one being written. */
export function notesOf(
  file: ReviewedFile,
  comments: readonly { file: string; line: number; side: 'old' | 'new'; text: string }[],
  draft: Draft | null,
): ReviewNote[] {
  const here = draft?.path === file.path ? draft : null;
  const isDraft = (one: { line: number; side: string }): boolean =>
    one.line === here?.line && one.side === here.side;
  const mine = comments.filter((one) => one.file === file.path);
  return [
    ...file.findings.flatMap((finding): ReviewNote[] =>
      finding.line === null ? [] : [{ kind: 'finding', line: finding.line, side: 'new', finding }],
    ),
    ...file.remarks.flatMap((remark): ReviewNote[] =>
      remark.line === null ? [] : [{ kind: 'remark', line: remark.line, side: 'new', remark }],
    ),
    ...mine
      .filter((one) => !isDraft(one))
      .map((one): ReviewNote => ({ kind: 'comment', line: one.line, side: one.side, text: one.text })),
    ...(here
      ? [{ kind: 'draft' as const, line: here.line, side: here.side, text: mine.find(isDraft)?.text ?? '' }]
      : []),
  ];
}

/** A number that changes with the content: the drawing compares versions, not values. */
export function hashOf(value: unknown): number {
  let hash = 0;
  for (const character of JSON.stringify(value)) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) | 0;
  return hash;
}
