import type { AgentEvent } from '../../runtime/agent-backend.ts';

/** What the model produced in a message none of whose events shows it as words: to be metered while the turn still runs. */
export const unseenBytes = (mapped: {
  readonly events: readonly AgentEvent[];
  readonly streamedBytes: number;
}): readonly AgentEvent[] =>
  mapped.streamedBytes === 0 || mapped.events.some(({ type }) => type === 'text' || type === 'thought')
    ? []
    : [{ type: 'streamed', bytes: mapped.streamedBytes }];
