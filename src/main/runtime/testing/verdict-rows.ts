import type { GoalEvent } from '../../../shared/goal/events.ts';
import type { GoalStatus } from '../../../shared/goal/vocabulary.ts';
import type { World } from './world.ts';

/** One history, and the status and reason codes that a person said it must have. */
export type VerdictCase = {
  readonly name: string;
  readonly log: readonly GoalEvent[];
  readonly status: GoalStatus;
  readonly reasons: readonly string[];
  readonly secondary: readonly string[];
};

type AddRow = (
  name: string,
  world: World | readonly GoalEvent[],
  status: GoalStatus,
  reasons: string,
  secondary?: string,
) => void;

/** A table to add rows to, in the order in which they are recorded. */
export function verdictRows(): { readonly cases: readonly VerdictCase[]; readonly row: AddRow } {
  const cases: VerdictCase[] = [];
  const words = (text: string) => text.split(' ').filter((word) => word !== '');
  return {
    cases,
    row(name, world, status, reasons, secondary = '') {
      const log = 'log' in world ? world.log : world;
      cases.push({ name, log, status, reasons: words(reasons), secondary: words(secondary) });
    },
  };
}
