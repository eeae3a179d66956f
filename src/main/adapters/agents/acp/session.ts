import { methods } from '@agentclientprotocol/sdk';
import type {
  AgentEvent,
  AgentHost,
  AgentStart,
  BackendError,
  TurnResult,
} from '../../../runtime/agent-backend.ts';
import type { EventQueue } from '../event-queue.ts';
import { unseenBytes } from '../unseen-bytes.ts';
import type { AcpClient, AcpHandlers, Reply } from './client.ts';
import type { Executor } from './executor/executor.ts';
import { fields, text } from './foreign.ts';
import { createHostCalls } from './host-calls.ts';
import type { HostCalls } from './host-calls.ts';
import { mapUpdate, withoutArgs } from './map.ts';
import type { ToolBook } from './map.ts';
import { createOpenTools } from './open-tools.ts';
import { fullerOf } from './permission.ts';
import { guardPrompt } from './quirks.ts';
import type { Quirks } from './quirks.ts';
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

/** The part of a session that lives between handshake and end: turns, one at a time, and what happens around them. */
export type Conversation = {
  readonly handlers: AcpHandlers;
  /** The handshake is done; updates count from now on. */
  begin(o: {
    readonly sessionId: string;
    readonly agentVersion: string;
    readonly tracker: SidecarTracker | null;
  }): void;
  prompt(prompt: string, signal: AbortSignal): Promise<TurnResult>;
  steer(text: string): Promise<'restarted' | 'idle'>;
  cancel(reason: string): Promise<void>;
  /** The process is gone or about to be: whatever runs ends with this. Idempotent. */
  end(error: BackendError): void;
  /** Commands that omk runs for the agent are over. Resolves with what survived. */
  endCommands(): Promise<readonly number[]>;
};

const ALIVE_MS = 1_000;

export function createConversation(o: {
  readonly client: () => AcpClient;
  readonly quirks: Quirks;
  readonly host: AgentHost;
  readonly timeouts: AgentStart['timeouts'];
  readonly hostDeadlineMs: number;
  readonly queue: EventQueue;
  /** Makes usage ids of this process differ from those of every other. */
  readonly nonce: string;
  readonly now: () => number;
  /** Ends the process: the agent did not let go of a turn, or sent more than can be taken. */
  readonly abandon: (error: BackendError) => Promise<void>;
  readonly makeExecutor: (o: {
    readonly inTurn: () => boolean;
    readonly permit: HostCalls['permit'];
    readonly onOutput: (terminalId: string) => void;
  }) => Executor;
}): Conversation {
  const { quirks, timeouts, now } = o;
  const book: ToolBook = new Map();
  const openTools = createOpenTools(book);
  let sessionId: string | null = null;
  let agentVersion = '';
  let tracker: SidecarTracker | null = null;
  let turn: Turn | null = null;
  let lost: BackendError | null = null;
  let lastActivity = now();
  let lastAlive = 0;
  let calls = 0;
  let timer: NodeJS.Timeout | null = null;

  const emit = (event: AgentEvent): void => {
    openTools.see(event);
    if (o.queue.push(event)) return;
    void o.abandon({
      code: 'flooded',
      message: 'The agent reported more than omk could take in and was stopped.',
      retryable: false,
    });
  };

  const touch = (): void => {
    lastActivity = now();
    if (lastActivity - lastAlive < ALIVE_MS) return;
    lastAlive = lastActivity;
    emit({ type: 'alive' });
  };

  const hostCalls = createHostCalls({
    host: o.host,
    quirks,
    book,
    deadlineMs: o.hostDeadlineMs,
    askingSession: () =>
      turn === null || turn.cancelledAt !== null || turn.stalledAt !== null ? null : sessionId,
    fuller: async (permission) => {
      // The file is written within milliseconds of the request.
      for (let tries = 0; tries < 30 && tracker !== null; tries += 1) {
        readFile();
        const found = fullerOf(permission, tracker.approvals(permission.toolCallId ?? ''));
        if (found !== null) return found;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return null;
    },
    refusedLater: (tool) =>
      quirks.refusedLater?.tool === tool && quirks.refusedLater.versions.test(agentVersion),
    served: (terminalId) => executor.report(terminalId),
    realPath: (path) => executor.realPath(path),
    preview: (path, content) => executor.preview(path, content),
    tell: (words) => void steer(words),
    emit,
    onSettled: () => touch(),
  });

  const executor: Executor = o.makeExecutor({
    inTurn: () => turn !== null && turn.cancelledAt === null && turn.stalledAt === null,
    permit: (request, signal) => hostCalls.permit(request, signal),
    onOutput(terminalId) {
      touch();
      const card = [...book.values()].findLast((one) => one.terminalId === terminalId);
      const output = executor.report(terminalId)?.output ?? '';
      if (card?.state === 'running' || card?.state === 'pending') emit({ ...withoutArgs(card), output });
    },
  });

  const onUpdate = (params: unknown): void => {
    const p = fields(params);
    if (sessionId === null || text(p['sessionId']) !== sessionId) return; // replayed history, or not ours
    const mapped = mapUpdate(p['update'], book, quirks, (id) => executor.report(id));
    for (const event of [...mapped.events, ...unseenBytes(mapped)]) emit(event);
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
      const silent = waitsFor() === 0 && now() - lastActivity >= timeouts.stallMs;
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
    if (verdict.outcome !== 'completed') for (const event of openTools.fail()) emit(event);
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
    lastActivity = now();
    tracker?.expect(prompt);
    void o
      .client()
      .request(methods.agent.session.prompt, { sessionId, prompt: [{ type: 'text', text: prompt }] })
      .then((reply) => onReply(current, reply));
    reschedule();
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
    lastActivity = at;
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
