import type { OpenGoal } from '../../../shared/goal/state.ts';
import type { GateSpec } from '../../../shared/goal/vocabulary.ts';

/** The gates a person gets: what was found, switched as they chose, plus what they added; a later name replaces an earlier one. */
export function selectGates(
  found: readonly GateSpec[],
  chosen: OpenGoal['opened']['gates'],
  probes: readonly GateSpec[],
): readonly GateSpec[] {
  const byName = new Map<string, GateSpec>();
  for (const gate of [...found, ...chosen.added, ...probes]) {
    byName.set(gate.name, { ...gate, selected: chosen.selection[gate.name] ?? gate.selected });
  }
  return [...byName.values()];
}
