import { signalSize } from '../../shared/signals.ts';
import type { Signal } from '../../shared/signals.ts';

const TAIL_BYTES = 64 * 1024;

/** The newest signals of one attempt, for whoever opens it late. Kept in memory only. */
export function createSignalTail(): { push(signal: Signal): void; read(): readonly Signal[] } {
  const kept: Signal[] = [];
  let bytes = 0;
  return {
    push(signal) {
      // Only the newest activity of its kind means anything, and a silent attempt has one each second.
      const last = kept.at(-1);
      if (last !== undefined && signal.type === last.type && replaces(signal)) {
        kept.pop();
        bytes -= signalSize(last);
      }
      kept.push(signal);
      bytes += signalSize(signal);
      while (bytes > TAIL_BYTES && kept.length > 1) {
        const first = kept.shift();
        if (first) bytes -= signalSize(first);
      }
    },
    read: () => [...kept],
  };
}

const replaces = ({ type }: Signal): boolean => type === 'activity' || type === 'context';
