import type { Transport } from './frames.ts';

/**
 * Two connected ends in one process. Frames take the way through JSON text on purpose, so that nothing works here that would
 * not work over a socket. `later` defers delivery (a microtask by default) so that no call re-enters its sender.
 */
export function memoryPair(
  later: (run: () => void) => void = (run) => void Promise.resolve().then(run),
): [Transport, Transport] {
  type End = { frames: ((frame: unknown) => void)[]; closes: (() => void)[] };
  const a: End = { frames: [], closes: [] };
  const b: End = { frames: [], closes: [] };
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    later(() => [...a.closes, ...b.closes].forEach((listener) => listener()));
  };
  const end = (mine: End, other: End): Transport => ({
    post(frame) {
      if (!open) return;
      const text = JSON.stringify(frame);
      later(() => {
        if (open) other.frames.forEach((listener) => listener(JSON.parse(text)));
      });
    },
    onFrame: (listener) => void mine.frames.push(listener),
    onClose: (listener) => void mine.closes.push(listener),
    close,
  });
  return [end(a, b), end(b, a)];
}
