import type { GoalStatus } from './vocabulary.ts';

/** How each status is shown and what the command line exits with. `settled`: nothing moves until somebody acts, or ever. */
type Row = { readonly word: string; readonly exitCode: number; readonly settled: boolean };

export const statusTable: Readonly<Record<GoalStatus, Row>> = {
  // Nobody waits for a status that is not there yet; 0 would read as ready.
  running: { word: 'Running', exitCode: 9, settled: false },
  paused: { word: 'Paused', exitCode: 9, settled: true },
  ready: { word: 'Ready', exitCode: 0, settled: true },
  not_ready: { word: 'Not ready', exitCode: 3, settled: true },
  blocked_on_human: { word: 'Needs you', exitCode: 4, settled: true },
  blocked_on_external: { word: 'Blocked outside', exitCode: 5, settled: true },
  needs_more_budget: { word: 'Needs budget', exitCode: 6, settled: true },
  failed_infra: { word: 'Can’t be trusted', exitCode: 7, settled: true },
  cancelled: { word: 'Cancelled', exitCode: 8, settled: true },
};

export const statusWord = (status: GoalStatus): string => statusTable[status].word;
export const exitCodeOf = (status: GoalStatus): number => statusTable[status].exitCode;
