import type { Transport } from './frames.ts';
import { transportEnd } from './transport-end.ts';

/**
 * Two connected ends in one process. Frames take the way through JSON text on purpose, so that nothing works here that would
 * not work over a socket. `later` defers delivery (a microtask by default) so that no call re-enters its sender.
 */
export function memoryPair(
  later: (run: () => void) => void = (run) => void Promise.resolve().then(run),
): [Transport, Transport] {
  type End = ReturnType<typeof transportEnd>;
  const end = (other: () => End): End =>
    transportEnd({
      post(frame) {
        const text = JSON.stringify(frame);
        later(() => other().deliver(JSON.parse(text)));
      },
      // What was posted before the close still arrives: both go through the same queue.
      close: () => later(() => other().closed()),
    });
  const a: End = end(() => b);
  const b: End = end(() => a);
  return [a.transport, b.transport];
}
