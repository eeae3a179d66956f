import type { Oid } from '../kernel/ids.ts';
import { count, short } from '../units.ts';
import type { OpenGoal } from './state.ts';

/** What the project says now, read when somebody looks. */
export type ProjectNow = {
  readonly project: boolean;
  readonly landedAt: Oid | null;
  readonly baseMovedBy: number | null;
};

/**
 * Why a proof no longer speaks about what the project is now, one sentence each; empty while it does. A proof that is stale is not
 * wrong: its status stays, and what it covers is said again.
 */
export function staleness(state: OpenGoal, now: ProjectNow): readonly string[] {
  const { landed, base } = state;
  const result = landed?.commit ?? state.verifications.at(-1)?.commit ?? null;
  if (result === null || base === null) return [];
  if (!now.project) return ['The project is not where it was, so nobody can say whether it still stands.'];
  const notes: string[] = [];
  if (landed && now.landedAt === null)
    notes.push(`The branch ${branchOf(landed.ref)} is gone; the proof covers ${short(landed.commit)}.`);
  if (landed && now.landedAt !== null && now.landedAt !== landed.commit)
    notes.push(
      `The branch ${branchOf(landed.ref)} moved to ${short(now.landedAt)}; the proof covers ${short(landed.commit)} only.`,
    );
  const moved = now.baseMovedBy ?? 0;
  if (moved > 0)
    notes.push(
      `Base moved by ${count(moved, 'commit')}${base.branch === null ? '' : ` on ${base.branch}`}; the proof covers ${short(result)}, not a merge of it.`,
    );
  return notes;
}

const branchOf = (ref: string): string => ref.replace(/^refs\/heads\//, '');
