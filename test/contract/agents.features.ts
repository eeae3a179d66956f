import { createRig } from './agent-rig.ts';
import type { AgentFeatureSetup } from './agent-rig.ts';
import { endingFeatures } from './features-ending.ts';
import { memoryFeatures } from './features-memory.ts';
import { personFeatures } from './features-person.ts';
import { toolFeatures } from './features-tools.ts';
import { trapFeatures } from './features-traps.ts';
import { turnFeatures } from './features-turn.ts';

/** The behaviour of every `AgentBackend`, whatever protocol it speaks. Every case runs a real process. */
export function agentFeatures(setup: AgentFeatureSetup): void {
  const rig = createRig(setup);
  turnFeatures(rig);
  endingFeatures(rig);
  personFeatures(rig);
  memoryFeatures(rig);
  trapFeatures(rig);
  toolFeatures(rig);
}
