import type { DetectedAgent } from '../../shared/api/agents.ts';
import { usesUserHome } from '../../shared/goal/user-home.ts';
import { t } from '../strings.ts';

/** `0.62, Wire, signed in`, or why it cannot be used. */
export function agentLine(agent: DetectedAgent): string {
  if (agent.problem !== null) return [agent.version, agent.problem].filter(Boolean).join(', ');
  return [
    agent.demo ? t.agent.demo : agent.version,
    t.agent.protocol[agent.protocol],
    t.agent[agent.login],
    agent.spec !== null && usesUserHome(agent.spec) ? t.agent.usesHome : null,
  ]
    .filter(Boolean)
    .join(', ');
}
