import type { GoalRow, ListItem, OpenQuestion } from '../../shared/api/goals.ts';
import type { GoalId } from '../../shared/kernel/ids.ts';
import type { HostConnection } from '../connection.ts';
import { createMirror } from './create-mirror.ts';
import type { Mirror } from './create-mirror.ts';

export type GoalList = {
  readonly rows: ReadonlyMap<GoalId, GoalRow>;
  /** The host has sent everything it had. */
  readonly complete: boolean;
};

export const noGoals: GoalList = { rows: new Map(), complete: false };

/** Rows replace rows of the same goal; an older version never replaces a newer one. */
export function applyListItem(list: GoalList, item: ListItem): GoalList {
  if (item.type === 'caught_up') return { ...list, complete: true };
  const rows = new Map(list.rows);
  for (const row of item.rows) {
    const known = rows.get(row.goalId);
    if (!known || row.version >= known.version) rows.set(row.goalId, row);
  }
  return { ...list, rows };
}

export function createGoalsMirror(
  connection: HostConnection,
  flush: (publish: () => void) => void,
): Mirror<GoalList> {
  return createMirror<ListItem, GoalList>({
    connection,
    empty: noGoals,
    open: (client, _list, signal) => client.goals.watchList({}, { signal }),
    apply: applyListItem,
    flush,
  });
}

export type GoalGroup = 'yours' | 'under_way' | 'finished';

/** Whose move it is. A goal that cannot be trusted or has no budget left waits for a person as much as a question does. */
export function groupOf(row: GoalRow): GoalGroup {
  switch (row.status) {
    case 'blocked_on_human':
    case 'needs_more_budget':
    case 'failed_infra':
      return 'yours';
    case 'running':
      return row.questions.length > 0 ? 'yours' : 'under_way';
    case 'paused':
    case 'blocked_on_external':
      return 'under_way';
    case 'ready':
    case 'not_ready':
    case 'cancelled':
      return 'finished';
  }
}

const needOrder: Record<GoalRow['status'], number> = {
  blocked_on_human: 0,
  needs_more_budget: 1,
  failed_infra: 2,
  running: 3,
  blocked_on_external: 4,
  paused: 5,
  not_ready: 6,
  ready: 7,
  cancelled: 8,
};

const byNeed = (a: GoalRow, b: GoalRow): number =>
  needOrder[a.status] - needOrder[b.status] || b.updatedAt - a.updatedAt || (a.goalId < b.goalId ? 1 : -1);

/** Groups in the order a person should look at them; the newest first within a status. */
export function groupByNeed(rows: Iterable<GoalRow>): Record<GoalGroup, GoalRow[]> {
  const groups: Record<GoalGroup, GoalRow[]> = { yours: [], under_way: [], finished: [] };
  for (const row of rows) groups[groupOf(row)].push(row);
  for (const group of Object.values(groups)) group.sort(byNeed);
  return groups;
}

export type ProjectGroup = { readonly path: string; readonly name: string; readonly rows: GoalRow[] };

/** Projects with the one last worked in first; inside, goals as they were opened, newest first. */
export function groupByProject(rows: Iterable<GoalRow>): ProjectGroup[] {
  const projects = new Map<string, ProjectGroup>();
  for (const row of rows) {
    const known = projects.get(row.project.path);
    if (known) known.rows.push(row);
    else projects.set(row.project.path, { ...row.project, rows: [row] });
  }
  const newest = (project: ProjectGroup): number => Math.max(...project.rows.map((row) => row.openedAt));
  for (const project of projects.values()) project.rows.sort((a, b) => b.openedAt - a.openedAt);
  return [...projects.values()].sort((a, b) => newest(b) - newest(a));
}

/** Rows whose title, project or status word holds every word of `text`. */
export function filterRows(rows: Iterable<GoalRow>, text: string, word: (row: GoalRow) => string): GoalRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return [...rows].filter((row) => {
    const haystack = `${row.title} ${row.project.name} ${word(row)}`.toLowerCase();
    return words.every((one) => haystack.includes(one));
  });
}

/** Every open question, newest first. */
export function openQuestions(rows: Iterable<GoalRow>): OpenQuestion[] {
  return [...rows].flatMap((row) => row.questions).sort((a, b) => b.askedAt - a.askedAt);
}
