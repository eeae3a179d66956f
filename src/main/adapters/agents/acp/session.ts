import { methods } from '@agentclientprotocol/sdk';
import type { BackendError, TurnResult } from '../../../runtime/agent-backend.ts';
import { createPulse } from '../pulse.ts';
import { unseenBytes } from '../unseen-bytes.ts';
import type { Reply } from './client.ts';
import type { Conversation, ConversationDeps } from './conversation.ts';
import { fields, text } from './foreign.ts';
import { createHosting } from './hosting.ts';
import { mapUpdate } from './map.ts';
import type { ToolBook } from './map.ts';
import { createModeKeeper } from './mode-keeper.ts';
import { guardPrompt } from './quirks.ts';
import type { SidecarTracker } from './sidecar-tracker.ts';
import { judgeTurn } from './turn.ts';
import {
  advance,
  busy,
  createTurn,
  goOnWith,
  nextCheckMs,
  resultOf,
  sumUsage,
  unsent,
} from './turn-state.ts';
import type { Turn } from './turn-state.ts';
import type { Verdict } from './turn.ts';

export function createConversation(o: ConversationDeps): Conversation {
  const { quirks, timeouts, now } = o;
  const book: ToolBook = new Map();
  let sessionId: string | null = null;
  let agentVersion = '';
  let tracker: SidecarTracker | null = null;
  let setMode: () => Promise<BackendError | null> = async () => null;
  const mode = createModeKeeper({ quirks, set: () => setMode() });
  let turn: Turn | null = null;
  let lost: BackendError | null = null;
  let calls = 0;
  let timer: NodeJS.Timeout | null = null;

  const pulse = createPulse({
    ...o,
    abandon: (error) => void o.abandon(error),
    markFailed({ id, state }) {
      const card = book.get(id);
      if (card !== undefined) book.set(id, { ...card, state });
    },
  });
  const { emit, touch } = pulse;

  const { hostCalls, executor } = createHosting({
    ...o,
    book,
    agentVersion: () => agentVersion,
    tracker: () => tracker,
    readFile: () => readFile(),
    askingSession: () =>
      turn === null || turn.cancelledAt !== null || turn.stalledAt !== null ? null : sessionId,
    tell: (words) => void steer(words),
    emit,
    touch,
  });

  const onUpdate = (params: unknown): void => {
    const p = fields(params);
    if (sessionId === null || text(p['sessionId']) !== sessionId) return; // replayed history, or not ours
    const mapped = mapUpdate(p['update'], book, quirks, (id) => executor.report(id));
    for (const event of [...mapped.events, ...unseenBytes(mapped)]) {
      mode.see(event);
      emit(event);
    }
    if (mapped.usage !== null) {
      calls += 1;
      emit({ type: 'usage', usageId: `${sessionId}/${o.nonce}#${calls}`, delta: mapped.usage });
    }
    if (turn === null) return; // late: shown, but no longer part of a turn
    advance(turn, mapped, now());
  };

  /** Reads the session file; growth is a sign of life like any message. */
  const readFile = (): void => {
    if (tracker?.poll() === true) touch();
  };

  /** A person, or a command that omk runs: silence is no sign of anything meanwhile. */
  const waitsFor = (): number => hostCalls.pending + executor.running;

  const check = (): void => {
    timer = null;
    if (lost === null) readFile();
    const current = turn;
    if (current !== null) {
      const silent = waitsFor() === 0 && pulse.silentMs >= timeouts.stallMs;
      if (silent && current.stalledAt === null && current.cancelledAt === null) giveUp(current);
      judge(current);
    }
    schedule();
  };

  const judge = (current: Turn): void => {
    if (turn !== current) return;
    const verdict = judgeTurn(
      {
        now: now(),
        reply: current.reply,
        lost,
        cancelledAt: current.cancelledAt,
        stalledAt: current.stalledAt,
        cancelMs: timeouts.cancelMs,
        updatedAt: current.updatedAt,
        worked: current.worked,
        sidecar: tracker?.facts ?? null,
      },
      quirks,
    );
    if (verdict !== null) settle(current, verdict);
  };

  const settle = (current: Turn, verdict: Verdict): void => {
    hostCalls.cancelAll();
    if (verdict.outcome !== 'completed') pulse.failOpenTools();
    if (goesOn(current, verdict)) return;
    turn = null;
    current.more?.told('idle');
    const result = (confirmed: boolean): TurnResult => resultOf(current, { ...verdict, confirmed }, tracker);
    if (!verdict.abandon) {
      const settled = result(verdict.confirmed);
      // Nothing writes any more when the turn is said to be over.
      void executor.endAll().then(() => current.finish(settled));
      return;
    }
    const error = verdict.error ?? {
      code: 'stalled' as const,
      message: 'The agent did not stop when it was told to, so its process was ended.',
      retryable: true,
    };
    // With the process gone the turn is over beyond doubt.
    void o.abandon(error).then(() => current.finish(result(true)));
  };

  /** What was cancelled only to say something more to the agent goes on with that. */
  const goesOn = (current: Turn, verdict: Verdict): boolean => {
    const { more } = current;
    const settled = verdict.outcome === 'cancelled' || verdict.outcome === 'completed';
    if (more === null || lost !== null || verdict.abandon || !settled) return false;
    current.carried = sumUsage(current.carried, tracker?.usage ?? null);
    Object.assign(current, { more: null, reply: null, cancelledAt: null });
    send(current, goOnWith(more.text));
    more.told('restarted');
    return true;
  };

  const send = (current: Turn, prompt: string): void => {
    pulse.restart();
    if (mode.inDoubt) void settleMode(current, prompt);
    else sendNow(current, prompt);
    reschedule();
  };

  const settleMode = async (current: Turn, prompt: string): Promise<void> => {
    const error = await mode.settle();
    if (error !== null) await o.abandon(error);
    else if (current.cancelledAt === null) sendNow(current, prompt);
    else onReply(current, { type: 'result', result: { stopReason: 'cancelled' } });
  };

  const sendNow = (current: Turn, prompt: string): void => {
    tracker?.expect(prompt);
    void o
      .client()
      .request(methods.agent.session.prompt, { sessionId, prompt: [{ type: 'text', text: prompt }] })
      .then((reply) => onReply(current, reply));
  };

  const giveUp = (current: Turn): void => {
    current.stalledAt = now();
    hostCalls.cancelAll();
    o.client().notify(methods.agent.session.cancel, { sessionId });
  };

  const requestCancel = (current: Turn): void => {
    current.more?.told('idle');
    current.more = null;
    if (current.cancelledAt !== null) return;
    stopTurn(current);
  };

  const stopTurn = (current: Turn): void => {
    current.cancelledAt = now();
    hostCalls.cancelAll();
    o.client().notify(methods.agent.session.cancel, { sessionId });
    reschedule();
  };

  const steer: Conversation['steer'] = async (words) => {
    const current = turn;
    if (current === null || current.more !== null) return 'idle';
    if (current.cancelledAt !== null || current.stalledAt !== null) return 'idle';
    return new Promise((told) => {
      current.more = { text: words, told };
      // One that is over already is only told more.
      if (current.reply === null) stopTurn(current);
    });
  };

  const schedule = (): void => {
    if (timer !== null || lost !== null || sessionId === null) return;
    timer = setTimeout(check, nextCheckMs(turn, timeouts));
    if (turn === null) timer.unref();
  };

  const reschedule = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    schedule();
  };

  const onReply = (current: Turn, reply: Reply): void => {
    if (reply.type === 'closed') return; // why it closed is told by `end`
    const at = now();
    pulse.restart();
    current.reply =
      reply.type === 'error'
        ? { type: 'refused', code: reply.code, message: reply.message, data: reply.data, at }
        : { type: 'stopped', stopReason: text(fields(reply.result)['stopReason']) ?? 'end_turn', at };
    readFile();
    judge(current);
    reschedule();
  };

  return {
    handlers: {
      onUpdate,
      onPermission: (params, signal) => hostCalls.permission(params, signal),
      onElicitation: (params, signal) => hostCalls.elicitation(params, signal),
      onServed: (method, params, signal) => executor.serve(method, params, signal),
      onUnknown: (name) => emit({ type: 'unmapped', name }),
      onTraffic: touch,
    },
    begin(opened) {
      sessionId = opened.sessionId;
      agentVersion = opened.agentVersion;
      tracker = opened.tracker;
      setMode = opened.setMode;
      tracker?.catchUp();
      schedule();
    },
    prompt(prompt, signal) {
      if (turn !== null) return Promise.resolve(unsent('failed', busy));
      if (lost !== null) return Promise.resolve(unsent('crashed', lost));
      if (signal.aborted) return Promise.resolve(unsent('cancelled', null));
      const current = createTurn();
      readFile();
      turn = current;
      const onAbort = (): void => requestCancel(current);
      signal.addEventListener('abort', onAbort, { once: true });
      void current.finished.then(() => signal.removeEventListener('abort', onAbort));
      send(current, guardPrompt(prompt));
      return current.finished;
    },
    steer,
    async cancel() {
      const current = turn;
      if (current === null) return;
      requestCancel(current);
      await current.finished;
    },
    end(error) {
      if (lost !== null) return;
      readFile();
      lost = error;
      reschedule();
      hostCalls.cancelAll();
      if (turn !== null) judge(turn);
    },
    endCommands: () => executor.endAll(),
  };
}
