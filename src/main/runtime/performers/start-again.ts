import type { AgentBackend, AgentStart, BackendError } from '../agent-backend.ts';

/** What a resumed session may be to blame for: an agent that hangs, dies or breaks off while it loads one. */
const worthAnother: ReadonlySet<BackendError['code']> = new Set([
  'handshake_timeout',
  'process_exit',
  'protocol_error',
  'busy',
]);

/** Starts an agent; where that fails with its earlier session, once more with a new one, unless nobody wants it any more. */
export async function startAgain(
  backend: AgentBackend,
  start: AgentStart,
  notice: (text: string) => void,
): ReturnType<AgentBackend['start']> {
  const first = await backend.start(start);
  if (first.ok || start.resumeSessionId === null || !worthAnother.has(first.error.code)) return first;
  if (start.signal.aborted) return first;
  notice(`The agent could not go on with what it remembers (${first.error.message}) It starts anew.`);
  return backend.start({ ...start, resumeSessionId: null });
}
