import type { GoalEvent } from '../goal/events.ts';
import type { GateRecord, Reason } from '../goal/vocabulary.ts';
import type { Digest } from '../kernel/ids.ts';

/** Digests of every stored piece of evidence the log refers to, each once, in the order of the log. */
export function evidenceOf(events: readonly GoalEvent[]): readonly Digest[] {
  return [...new Set(events.flatMap(evidenceOfOne))];
}

function evidenceOfOne(event: GoalEvent): readonly Digest[] {
  switch (event.type) {
    case 'attempt.finished':
    case 'attempt.failed':
      return event.payload.evidence;
    case 'setup.sealed':
      return ofGates(event.payload.gates);
    case 'base.checked':
      return [event.payload.evidence, ...ofGates(event.payload.gates)];
    case 'candidate.verified': {
      const { evidence, diff, gates, reasons } = event.payload;
      return [...evidence, diff, ...ofGates(gates), ...ofReasons(reasons)];
    }
    case 'goal.stopped':
    case 'goal.concluded':
      return ofReasons(event.payload.reasons);
    default:
      return [];
  }
}

const ofGates = (gates: readonly GateRecord[]): readonly Digest[] => gates.flatMap((one) => one.evidence);
const ofReasons = (reasons: readonly Reason[]): readonly Digest[] =>
  reasons.flatMap((one) => one.evidence ?? []);
