import type { Signal } from '../../shared/signals.ts';

const TAIL_BYTES = 64 * 1024;

/** The newest signals of one attempt, for whoever opens it late. Kept in memory only. */
export function createSignalTail(): { push(signal: Signal): void; read(): readonly Signal[] } {
  const kept: Signal[] = [];
  let bytes = 0;
  return {
    push(signal) {
      // Only the newest activity of its kind means anything, and a silent attempt has one each second.
      if (signal.type === kept.at(-1)?.type && replaces(signal)) {
        kept[kept.length - 1] = signal;
        return;
      }
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

const replaces = ({ type }: Signal): boolean => type === 'activity' || type === 'context';

const sizeOf = (signal: Signal): number => ('delta' in signal ? signal.delta.length : 200);
