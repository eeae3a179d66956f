/**
 * What a subscriber has not taken yet. `push` never waits; whoever is slow gets `coalesce` applied to the backlog instead of an
 * ever longer one.
 */
export function createLiveQueue<T>(signal: AbortSignal): {
  readonly push: (item: T) => void;
  readonly end: () => void;
  readonly items: AsyncIterable<T>;
  readonly backlog: () => T[];
} {
  const queue: T[] = [];
  let ended = false;
  let wake: () => void = () => {};
  const end = (): void => {
    ended = true;
    wake();
  };
  signal.addEventListener('abort', end, { once: true });
  async function* items(): AsyncGenerator<T> {
    for (;;) {
      while (queue.length > 0) {
        const item = queue.shift();
        if (item !== undefined) yield item;
      }
      if (ended || signal.aborted) return;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  return {
    push(item) {
      if (ended) return;
      queue.push(item);
      wake();
    },
    end,
    items: items(),
    backlog: () => queue,
  };
}
