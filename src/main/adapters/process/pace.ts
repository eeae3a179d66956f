import { setImmediate } from 'node:timers/promises';

/**
 * Synchronous file calls are several times cheaper than promised ones, but 20,000 in a row would freeze everything else in the
 * host. Call the returned function between items and await what it gives: it lets others run every few milliseconds.
 */
export function createPace(sliceMs = 8): () => Promise<unknown> | null {
  let since = performance.now();
  return () => {
    if (performance.now() - since < sliceMs) return null;
    return setImmediate().then(() => {
      since = performance.now();
      return null;
    });
  };
}
