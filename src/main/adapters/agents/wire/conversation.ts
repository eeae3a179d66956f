import type { AgentHost, AgentSession, AgentStart, BackendError } from '../../../runtime/agent-backend.ts';
import type { EventQueue } from '../event-queue.ts';
import { createPulse } from '../pulse.ts';
import { unseenBytes } from '../unseen-bytes.ts';
import type { WireClient, WireHandlers } from './client.ts';
import { busy } from './errors.ts';
import { mapEvent, newBook } from './map.ts';
import { createWireRequests } from './requests.ts';
import { PromptResult } from './schema.ts';
import { advance, newTurn, outcomeOf, outcomeOfLoss, resultOf, unsent } from './turn.ts';
import type { Turn } from './turn.ts';

/** The part of a session that lives between handshake and end: turns, one at a time, and what happens around them. */
export type Conversation = {
  readonly handlers: WireHandlers;
  readonly prompt: AgentSession['prompt'];
  readonly steer: AgentSession['steer'];
  readonly cancel: (reason: string) => Promise<void>;
  /** While the agent tells again what was said in an earlier process, nothing of it is news. */
  readonly hush: (quiet: boolean) => void;
  /** The process is gone or about to be: whatever runs ends with this. Idempotent. */
  readonly end: (error: BackendError) => void;
};

export function createConversation(o: {
  readonly client: () => WireClient;
  readonly host: AgentHost;
  readonly timeouts: AgentStart['timeouts'];
  readonly hostDeadlineMs: number;
  readonly queue: EventQueue;
  /** Makes usage ids of this process differ from those of every other. */
  readonly nonce: string;
  readonly now: () => number;
  /** Ends the process: the agent did not let go of a turn, or sent more than can be taken. */
  readonly abandon: (error: BackendError) => void;
}): Conversation {
  const { timeouts } = o;
  const book = newBook();
  let turn: Turn | null = null;
  let lost: BackendError | null = null;
  let cutOff = false;
  let hushed = false;
  let stallTimer: NodeJS.Timeout | null = null;
  let graceTimer: NodeJS.Timeout | null = null;

  const pulse = createPulse({
    ...o,
    markFailed: (event) => void book.tools.set(event.id, { event, pieces: null }),
  });
  const { emit, touch } = pulse;

  const requests = createWireRequests({
    host: o.host,
    book,
    deadlineMs: o.hostDeadlineMs,
    inTurn: () => turn !== null && turn.stopping === null,
    emit,
    onSettled: touch,
  });

  const settle = (current: Turn, outcome: Parameters<typeof resultOf>[1]): void => {
    if (turn !== current) return;
    turn = null;
    cutOff = current.stopping !== null;
    for (const timer of [stallTimer, graceTimer]) if (timer !== null) clearTimeout(timer);
    requests.cancelAll();
    if (outcome.outcome !== 'completed') pulse.failOpenTools();
    current.finish(resultOf(current, outcome));
  };

  /** Asks the agent to end its turn; one that does not is ended itself. */
  const halt = (current: Turn, why: 'cancelled' | 'stalled'): void => {
    if (turn !== current || current.stopping !== null) return;
    current.stopping = why;
    requests.cancelAll();
    void o.client().request('cancel');
    graceTimer = setTimeout(() => {
      o.abandon({
        code: 'stalled',
        message: 'The agent did not stop when it was told to, so its process was ended.',
        retryable: true,
      });
    }, timeouts.cancelMs);
  };

  const watch = (current: Turn): void => {
    const silentFor = requests.pending > 0 ? 0 : pulse.silentMs;
    if (silentFor >= timeouts.stallMs) {
      halt(current, 'stalled');
      return;
    }
    stallTimer = setTimeout(() => turn === current && watch(current), timeouts.stallMs - silentFor);
  };

  return {
    handlers: {
      onEvent(params) {
        if (hushed) return;
        const mapped = mapEvent(params, book);
        for (const event of [...mapped.events, ...unseenBytes(mapped)]) emit(event);
        if (mapped.usage !== null)
          emit({ type: 'usage', usageId: `${o.nonce}/${mapped.usage.id}`, delta: mapped.usage.delta });
        if (turn !== null) advance(turn, mapped);
      },
      onRequest: (params) => requests.answer(params),
      onUnknown: (name) => emit({ type: 'unmapped', name }),
      onTraffic: touch,
    },
    prompt(text, signal) {
      if (turn !== null) return Promise.resolve(unsent('failed', busy));
      if (lost !== null) return Promise.resolve(unsent('crashed', lost));
      if (signal.aborted) return Promise.resolve(unsent('cancelled', null));
      const current = newTurn(!cutOff);
      turn = current;
      pulse.restart();
      const onAbort = (): void => halt(current, 'cancelled');
      signal.addEventListener('abort', onAbort, { once: true });
      void current.finished.then(() => signal.removeEventListener('abort', onAbort));
      void o
        .client()
        .request('prompt', { user_input: guardPrompt(text) })
        .then((reply) => {
          // Why a connection closed is told by `end`.
          if (reply.type !== 'closed') settle(current, outcomeOf(current, reply));
        });
      watch(current);
      return current.finished;
    },
    async steer(text) {
      if (turn === null || turn.stopping !== null) return 'idle';
      const reply = await o.client().request('steer', { user_input: guardPrompt(text) });
      return reply.type === 'result' && PromptResult.safeParse(reply.result).data?.status === 'steered'
        ? 'steered'
        : 'idle';
    },
    hush(quiet) {
      hushed = quiet;
    },
    async cancel() {
      const current = turn;
      if (current === null) return;
      halt(current, 'cancelled');
      await current.finished;
    },
    end(error) {
      if (lost !== null) return;
      lost = error;
      requests.cancelAll();
      if (turn !== null) settle(turn, outcomeOfLoss(turn, error));
    },
  };
}

/** A prompt that begins with a slash would be taken for a command of the agent's own and never reach the model. */
function guardPrompt(prompt: string): string {
  return prompt.trimStart().startsWith('/') ? `Request:\n${prompt}` : prompt;
}
