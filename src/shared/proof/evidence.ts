import type { GoalEvent } from '../goal/events.ts';
import type { GateRecord, Reason } from '../goal/vocabulary.ts';
import type { Digest } from '../kernel/ids.ts';

/** Digests of every stored piece of evidence the log refers to, each once, in the order of the log. */
export function evidenceOf(events: readonly GoalEvent[]): readonly Digest[] {
  return [...new Set(events.flatMap(evidenceOfOne))];
}

function evidenceOfOne(event: GoalEvent): readonly Digest[] {
  const { type, payload } = event;
  if (type === 'attempt.finished' || type === 'attempt.failed') return payload.evidence;
  if (type === 'setup.sealed') return ofGates(payload.gates);
  if (type === 'base.checked') return [payload.evidence, ...ofGates(payload.gates)];
  if (type === 'goal.stopped' || type === 'goal.concluded') return ofReasons(payload.reasons);
  if (type !== 'candidate.verified') return [];
  return [...payload.evidence, payload.diff, ...ofGates(payload.gates), ...ofReasons(payload.reasons)];
}

const ofGates = (gates: readonly GateRecord[]): readonly Digest[] => gates.flatMap((one) => one.evidence);
const ofReasons = (reasons: readonly Reason[]): readonly Digest[] =>
  reasons.flatMap((one) => one.evidence ?? []);
