import type { BackendError } from '../../runtime/agent-backend.ts';

export const sessionBusy: BackendError = {
  code: 'busy',
  message: 'Another process of omk works on this session; wait until it has ended.',
  retryable: true,
};

/** One process per session: two of them would both run turns, because agents do not lock (agents.md §3.7). */
export type SessionLocks = {
  /** `false`: another process of this host has it. */
  take(sessionId: string): boolean;
  release(sessionId: string): void;
};

export function createSessionLocks(): SessionLocks {
  const held = new Set<string>();
  return {
    take(sessionId) {
      if (held.has(sessionId)) return false;
      held.add(sessionId);
      return true;
    },
    release: (sessionId) => void held.delete(sessionId),
  };
}
