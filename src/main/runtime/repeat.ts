import type { Timers } from './ports.ts';

/** Calls again and again until the returned function is called. */
export function repeat(timers: Timers, everyMs: number, run: () => void): () => void {
  let cancel = (): void => {};
  const again = (): void => {
    cancel = timers.after(everyMs, () => {
      run();
      again();
    });
  };
  again();
  return () => cancel();
}
