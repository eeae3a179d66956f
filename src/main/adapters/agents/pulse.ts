import type { AgentEvent, BackendError } from '../../runtime/agent-backend.ts';
import type { EventQueue } from './event-queue.ts';
import { createOpenTools } from './open-tools.ts';
import type { OpenTools } from './open-tools.ts';

/** What a session reports, and when it last gave a sign of life. */
export type Pulse = {
  readonly emit: (event: AgentEvent) => void;
  /** Something was heard; said once a second at most. */
  readonly touch: () => void;
  /** From now on it is waited for, whatever was heard before. */
  readonly restart: () => void;
  readonly silentMs: number;
  /** Every call that was begun and not ended has failed. */
  readonly failOpenTools: () => void;
};

const ALIVE_MS = 1_000;

const flooded: BackendError = {
  code: 'flooded',
  message: 'The agent reported more than omk could take in and was stopped.',
  retryable: false,
};

/**
 * @param abandon ends the agent, which sent more than can be taken
 * @param markFailed told of every call that `failOpenTools` ends
 */
export function createPulse(o: {
  readonly queue: EventQueue;
  readonly now: () => number;
  readonly abandon: (error: BackendError) => void;
  readonly markFailed: Parameters<typeof createOpenTools>[0];
}): Pulse {
  const openTools: OpenTools = createOpenTools(o.markFailed);
  let heardAt = o.now();
  let toldAt = Number.NEGATIVE_INFINITY;

  const emit = (event: AgentEvent): void => {
    openTools.see(event);
    if (!o.queue.push(event)) o.abandon(flooded);
  };

  return {
    emit,
    touch() {
      heardAt = o.now();
      if (heardAt - toldAt < ALIVE_MS) return;
      toldAt = heardAt;
      emit({ type: 'alive' });
    },
    restart() {
      heardAt = o.now();
    },
    get silentMs() {
      return o.now() - heardAt;
    },
    failOpenTools() {
      for (const event of openTools.fail()) emit(event);
    },
  };
}
