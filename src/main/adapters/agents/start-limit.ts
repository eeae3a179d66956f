import { err } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import type { AgentStart, BackendError } from '../../runtime/agent-backend.ts';

const cancelled: BackendError = {
  code: 'cancelled',
  message: 'The start was cancelled.',
  retryable: true,
};

/** Settles once a handshake is waited for no longer: its time is over, or nobody wants it any more. `release` it in any case. */
export function startLimit({ signal, timeouts }: Pick<AgentStart, 'signal' | 'timeouts'>): {
  readonly over: Promise<Result<never, BackendError>>;
  readonly release: () => void;
} {
  let release = (): void => undefined;
  const over = new Promise<Result<never, BackendError>>((resolve) => {
    const abort = (): void => resolve(err(cancelled));
    const timer = setTimeout(() => {
      resolve(
        err({
          code: 'handshake_timeout',
          message: `The agent did not answer within ${Math.round(timeouts.handshakeMs / 1_000)} s of its start.`,
          retryable: true,
        }),
      );
    }, timeouts.handshakeMs);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    release = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
  });
  return { over, release };
}
