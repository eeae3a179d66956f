import type { Attempt } from '../../../shared/goal/state.ts';
import type { PerformContext } from '../performer.ts';
import type { AgentEvent, TurnResult } from '../agent-backend.ts';
import type { Clock, Timers } from '../ports.ts';

/** Bytes per token of the fallback meter: on the dear side for English and code. */
const BYTES_PER_TOKEN = 3;
/** How much agent time a crash of omk may forget. */
const TIME_STEP_MS = 30_000;

export interface Meter {
  observe(event: AgentEvent): void;
  /** Time stands still while a person is asked. */
  hold(): () => void;
  /** Settles what was not recorded yet; says which limit ended the turn, if one did. */
  close(turn: TurnResult | null): 'time' | 'tokens' | null;
}

/**
 * Watches one turn against its allowance: at most one metered step is spent beyond it, because the step that crosses ends
 * the turn. Time is monotonic.
 */
export function createMeter(o: {
  readonly attempt: Attempt;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly spend: PerformContext['spend'];
  readonly promptBytes: number;
  /** Usage of this id was recorded before this attempt. */
  readonly isKnown: (usageId: string) => boolean;
  readonly stop: (limit: 'time' | 'tokens') => void;
}): Meter {
  const { attempt, clock } = o;
  let tokens = 0;
  let reported = false;
  let streamed = 0;
  let steps = 0;
  let spentMs = 0;
  let runningSince: number | null = clock.monotonic();
  let holds = 0;
  let limit: 'time' | 'tokens' | null = null;
  let cancelTimer: () => void = () => {};

  const exceed = (which: 'time' | 'tokens'): void => {
    if (limit !== null) return;
    limit = which;
    o.stop(which);
  };
  const settleTime = (): void => {
    if (runningSince === null) return;
    const now = clock.monotonic();
    const ms = Math.round(now - runningSince);
    runningSince = now;
    spentMs += ms;
    steps += 1;
    if (ms > 0) o.spend({ usageId: `${attempt.attemptId}:time:${steps}`, agentMs: ms });
  };
  const arm = (): void => {
    cancelTimer();
    const left = attempt.allowanceMs === null ? TIME_STEP_MS : Math.max(0, attempt.allowanceMs - spentMs);
    cancelTimer = o.timers.after(Math.min(TIME_STEP_MS, left), () => {
      settleTime();
      if (attempt.allowanceMs !== null && spentMs >= attempt.allowanceMs) exceed('time');
      else arm();
    });
  };
  const meteredTokens = (): number => Math.ceil((streamed + o.promptBytes) / BYTES_PER_TOKEN);
  const checkTokens = (): void => {
    const used = reported ? tokens : meteredTokens();
    if (attempt.allowanceTokens !== null && used >= attempt.allowanceTokens) exceed('tokens');
  };
  arm();

  return {
    observe(event) {
      if (event.type === 'text' || event.type === 'thought') streamed += event.delta.length;
      if (event.type === 'streamed') streamed += event.bytes;
      if (event.type === 'usage') {
        const { delta } = event;
        const total = delta.input + delta.output + delta.cacheRead + delta.cacheWrite;
        // A reported total of nothing for streamed text is no report.
        if (total > 0) {
          // A conversation that is gone on with tells again what earlier attempts spent, under the ids it had then.
          if (!o.isKnown(event.usageId)) {
            reported = true;
            tokens += total;
            o.spend({ usageId: event.usageId, tokens: delta });
          }
        }
      }
      checkTokens();
    },
    hold() {
      holds += 1;
      if (holds === 1) {
        settleTime();
        runningSince = null;
        cancelTimer();
      }
      let released = false;
      return () => {
        if (released) return;
        released = true;
        holds -= 1;
        if (holds > 0) return;
        runningSince = clock.monotonic();
        arm();
      };
    },
    close(turn) {
      cancelTimer();
      settleTime();
      runningSince = null;
      if (!reported) {
        // Their own count of the turn is in bytes, also of what was lost on the way here.
        streamed = Math.max(streamed, turn?.streamedBytes ?? 0);
        const usage = turn?.usage ?? null;
        const total = usage ? usage.input + usage.output + usage.cacheRead + usage.cacheWrite : 0;
        if (total > 0) o.spend({ usageId: `${attempt.attemptId}:turn`, tokens: usage });
        else
          o.spend({ usageId: `${attempt.attemptId}:metered`, tokens: null, meteredTokens: meteredTokens() });
      }
      return limit;
    },
  };
}
