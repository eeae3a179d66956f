import type { Signal } from '../../../shared/signals.ts';
import type { AgentEvent } from '../agent-backend.ts';
import type { PerformContext } from '../performer.ts';
import type { Clock, Timers } from '../ports.ts';

/** Silence is shown as it grows, from here on. */
const SHOWN_MS = 5_000;
const BEAT_MS = 1_000;
/** After this an attempt is said to be stalled, though nothing is done about it yet (decisions H12). */
const STALLED_MS = 5 * 60_000;

/** Passes on what a live agent does, and how long it has done nothing. */
export interface AgentWatch {
  /** One line of what happens now. */
  activity(label: string, done?: number | null, total?: number | null): void;
  /** Reads to the end of the session. */
  read(events: AsyncIterable<AgentEvent>): Promise<void>;
  close(): void;
}

export function watchAgent(o: {
  readonly context: Pick<PerformContext, 'goal' | 'attempt' | 'emit'>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly observe: (event: AgentEvent) => void;
  /** A person is asked: the agent has every reason to be silent. */
  readonly waiting: () => boolean;
}): AgentWatch {
  const { clock, timers } = o;
  const of = { goalId: o.context.goal.goalId, attemptId: o.context.attempt.attemptId };
  const emit = o.context.emit;
  let now = { label: '', done: null as number | null, total: null as number | null };
  let heardAt = clock.monotonic();
  let saidStalled = false;
  let cancelBeat = (): void => {};

  const show = (silentMs: number): void =>
    emit({ type: 'activity', ...of, ...now, silentMs: Math.round(silentMs) });

  const beat = (): void => {
    cancelBeat = timers.after(BEAT_MS, () => {
      if (o.waiting()) heardAt = clock.monotonic();
      const silentMs = clock.monotonic() - heardAt;
      if (silentMs >= SHOWN_MS) show(silentMs);
      if (silentMs >= STALLED_MS && !saidStalled) {
        saidStalled = true;
        emit({
          type: 'notice',
          ...of,
          text: 'No sign of life for five minutes: the agent seems to be stalled. It is stopped and tried again if it stays so.',
        });
      }
      beat();
    });
  };
  beat();

  const heard = (): void => {
    const wasShown = clock.monotonic() - heardAt >= SHOWN_MS;
    heardAt = clock.monotonic();
    saidStalled = false;
    if (wasShown) show(0);
  };

  const pass = (event: AgentEvent): void => {
    const signal = signalOf(event, of);
    if (signal !== null) emit(signal);
    if (event.type !== 'plan') return;
    const current = event.items.find((item) => item.status === 'in_progress');
    const done = event.items.filter((item) => item.status === 'done').length;
    if (current) {
      now = { label: current.title, done, total: event.items.length };
      show(0);
    }
  };

  return {
    activity(label, done = null, total = null) {
      now = { label, done, total };
      show(0);
    },
    async read(events) {
      for await (const event of events) {
        heard();
        o.observe(event);
        pass(event);
      }
    },
    close: () => cancelBeat(),
  };
}

/** What a person sees of one event; `null`: nothing by itself. */
function signalOf(
  event: AgentEvent,
  of: Pick<Signal & { type: 'notice' }, 'goalId' | 'attemptId'>,
): Signal | null {
  switch (event.type) {
    case 'text':
    case 'thought':
      return { type: event.type, ...of, delta: event.delta };
    case 'tool':
      return {
        type: 'tool',
        ...of,
        toolId: event.id,
        label: toolLabel(event),
        kind: event.kind,
        state: event.state,
        paths: [...event.paths],
        ...(event.output === null ? {} : { detail: event.output.slice(0, 4_000) }),
      };
    case 'notice':
      return { type: 'notice', ...of, text: event.text };
    case 'retry':
      return {
        type: 'notice',
        ...of,
        text: `The model call failed (${event.error}); try ${event.attempt} of ${event.max}.`,
      };
    case 'autonomous_turn':
      return event.state === 'begin'
        ? { type: 'notice', ...of, text: 'The agent does something nobody asked it for just now.' }
        : null;
    case 'context':
      return { type: 'context', ...of, used: event.used, max: event.max };
    case 'usage':
    case 'plan':
    case 'unmapped':
    case 'streamed':
    case 'alive':
      return null;
  }
}

function toolLabel(event: Extract<AgentEvent, { type: 'tool' }>): string {
  const where = event.paths[0];
  const what = event.command?.slice(0, 500) ?? (where === undefined ? event.name : `${event.name} ${where}`);
  return event.subagent === null ? what : `Sub-agent: ${what}`;
}
