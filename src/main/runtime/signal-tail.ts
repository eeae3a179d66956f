import type { Signal } from '../../shared/signals.ts';

const TAIL_BYTES = 64 * 1024;

/** The newest signals of one attempt, for whoever opens it late. Kept in memory only. */
export function createSignalTail(): { push(signal: Signal): void; read(): readonly Signal[] } {
  const kept: Signal[] = [];
  let bytes = 0;
  return {
    push(signal) {
      kept.push(signal);
      bytes += sizeOf(signal);
      while (bytes > TAIL_BYTES && kept.length > 1) {
        const first = kept.shift();
        if (first) bytes -= sizeOf(first);
      }
    },
    read: () => [...kept],
  };
}

const sizeOf = (signal: Signal): number => ('delta' in signal ? signal.delta.length : 200);
