import type { DetectedAgent } from '../../../shared/api/agents.ts';
import type { AgentSpec } from '../../../shared/goal/vocabulary.ts';

/**
 * Versions that omk was run against, by hand or in its tests. What an agent does unasked, and where it says what a turn came to,
 * changes between versions without a word of the protocol.
 */
const tested: Readonly<Partial<Record<AgentSpec['quirks'], readonly string[]>>> = {
  'kimi-code': ['2.1'],
  'kimi-cli': ['1.49'],
  'qwen-code': ['0.15', '0.24'],
};

/** The same agent, with a word about its version if nothing worse is to be said of it. */
export function withVersionNote(agent: DetectedAgent): DetectedAgent {
  const { spec, version, problem } = agent;
  const known = spec === null ? undefined : tested[spec.quirks];
  if (problem !== null || version === null || known === undefined) return agent;
  if (known.some((one) => version.startsWith(`${one}.`))) return agent;
  return {
    ...agent,
    problem: `omk was never tested with ${agent.title} ${version}, only with ${known.join(' and ')}; it may work, try it before you rely on it.`,
  };
}
