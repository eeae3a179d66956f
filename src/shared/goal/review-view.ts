import { sectionOf } from './review-sections.ts';
import type { OpenGoal } from './state.ts';
import type { Finding, ReviewSection } from './vocabulary.ts';

export type ReviewedSection = ReviewSection & {
  readonly findings: readonly Finding[];
};

/** The review of the newest result, each finding in the section it belongs to, what weighs most first. */
export function reviewSectionsOf(state: OpenGoal): readonly ReviewedSection[] {
  const verification = state.verifications.at(-1);
  return (verification?.sections ?? []).map((section) => ({
    ...section,
    findings: (verification?.findings ?? [])
      .filter((one) => sectionOf(one) === section.name)
      .toSorted((a, b) => weight[a.severity] - weight[b.severity]),
  }));
}

const weight = { blocker: 0, warning: 1, note: 2 } as const;

export type FindingsAsComments = {
  readonly comments: readonly {
    readonly file: string;
    readonly line: number;
    readonly side: 'new';
    readonly text: string;
  }[];
  /** Findings that belong to no line, as words. */
  readonly reason: string;
};

/** Findings as a person would send them back: on their lines where they have one. Notes are not worth a turn of an agent. */
export function findingsAsComments(state: OpenGoal): FindingsAsComments {
  const worth = (state.verifications.at(-1)?.findings ?? []).filter((one) => one.severity !== 'note');
  const said = (one: Finding): string => `${one.message} (${one.rule})`;
  return {
    comments: worth.flatMap((one) =>
      one.line === null ? [] : [{ file: one.file, line: one.line, side: 'new' as const, text: said(one) }],
    ),
    reason: worth
      .flatMap((one) => (one.line === null ? [`${one.file}: ${said(one)}`] : []))
      .join('\n')
      .slice(0, 8_000),
  };
}
