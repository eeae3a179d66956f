import type { EventType, GoalEvent } from '../goal/events.ts';
import type { Actor } from '../goal/vocabulary.ts';
import type { Timeline, TimelineDraft, TimelineSpan } from './model.ts';

export type Describe = {
  [T in EventType]: (timeline: Timeline, event: GoalEvent & { type: T }) => TimelineDraft[];
};

export const code = (text: string): TimelineSpan => ({ text, as: 'code' });
export const dim = (text: string): TimelineSpan => ({ text, as: 'dim' });
export const say = (text: string): TimelineSpan => ({ text });

/** Names who did it: the person, a policy the person set, or omk. */
export function actorVerb(actor: Actor, verb: string): string {
  switch (actor) {
    case 'operator':
      return `You ${verb}`;
    case 'policy':
      return `Policy ${verb}`;
    case 'host':
    case 'agent':
      return `omk ${verb}`;
  }
}

export function decision(lead: string, spans: TimelineSpan[]): TimelineDraft {
  return { group: 'decisions', icon: 'decision', lead, spans };
}
