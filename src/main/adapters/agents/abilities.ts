import type { AgentAbilities } from '../../../shared/agent-abilities.ts';
import type { AgentSpec } from '../../../shared/goal/vocabulary.ts';
import { quirksFor } from './acp/quirks.ts';

/** What is known of an agent before it was ever started: by its protocol, and where it is known by name, by that. */
export function abilitiesOf(spec: AgentSpec): AgentAbilities {
  if (spec.protocol === 'wire')
    return {
      questions: true,
      usage: 'live',
      resume: spec.quirks === 'kimi-cli' ? true : null,
      executor: false,
      steering: null,
      failures: true,
      tools: true,
    };
  const quirks = quirksFor(spec);
  const known = quirks.id !== 'generic';
  return {
    questions: known ? true : null,
    usage:
      quirks.usage === 'sidecar' ? 'sidecar' : quirks.usage === 'chunk_meta' ? 'live' : known ? 'none' : null,
    resume: known ? true : null,
    executor: known ? quirks.hostExec : null,
    steering: null,
    failures: known ? true : null,
    tools: true,
  };
}
