const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls `first` on the first signal that asks this process to end; the second one ends it at once, and what it started ends with it.
 * Listeners stay until they are taken off: a library that listens as well ends the process itself when it finds itself alone.
 */
export function onInterrupt(first: () => void): () => void {
  let asked = false;
  const off = (): void => {
    for (const signal of SIGNALS) process.off(signal, handle);
  };
  const handle = (signal: NodeJS.Signals): void => {
    if (!asked) {
      asked = true;
      return first();
    }
    off();
    process.kill(process.pid, signal);
  };
  for (const signal of SIGNALS) process.on(signal, handle);
  return off;
}
