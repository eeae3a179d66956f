import type { Transport } from './frames.ts';

/**
 * What every transport owes its listeners, kept in one place: frames that arrive before anybody listens wait, nothing is posted
 * or delivered after the close, the close is told once, and whoever asks too late is told at once. `deliver` and `closed` are
 * for the carrier; `closed` is also how it reports that the other side went away.
 */
export function transportEnd(carrier: {
  readonly post: (frame: unknown) => void;
  readonly close: () => void;
}): {
  readonly transport: Transport;
  readonly deliver: (frame: unknown) => void;
  readonly closed: () => void;
} {
  const frames: ((frame: unknown) => void)[] = [];
  const closes: (() => void)[] = [];
  const early: unknown[] = [];
  let open = true;
  const closed = (): void => {
    if (!open) return;
    open = false;
    early.length = 0;
    for (const listener of closes.splice(0)) listener();
  };

  return {
    transport: {
      post(frame) {
        if (open) carrier.post(frame);
      },
      onFrame(listener) {
        frames.push(listener);
        for (const frame of early.splice(0)) listener(frame);
      },
      onClose(listener) {
        if (open) closes.push(listener);
        else listener();
      },
      close() {
        if (!open) return;
        carrier.close();
        // Not every carrier tells the side that closed it, and a peer that hangs could keep it from telling.
        closed();
      },
    },
    deliver(frame) {
      if (!open) return;
      if (frames.length === 0) early.push(frame);
      for (const listener of frames) listener(frame);
    },
    closed,
  };
}
