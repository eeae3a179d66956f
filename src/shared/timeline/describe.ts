import type { GoalEvent } from '../goal/events.ts';
import { decisionRows } from './decisions.ts';
import type { Timeline, TimelineDraft } from './model.ts';
import { workRows } from './work.ts';
import type { Describe } from './words.ts';

const table: Describe = { ...decisionRows, ...workRows };

/** The rows of one event. Reads what the timeline already knows of attempts and questions, and changes nothing. */
export function describeEvent(timeline: Timeline, event: GoalEvent): TimelineDraft[] {
  // The table is keyed by the same union as the event, which the compiler cannot see through an indexed call.
  const describe = table[event.type] as (timeline: Timeline, event: GoalEvent) => TimelineDraft[];
  return describe(timeline, event);
}
