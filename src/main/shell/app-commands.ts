import type { AppCommand } from '../../shared/api/agents.ts';
import { createLiveQueue } from '../host/live-queue.ts';

/** More than a person can have asked for while a page loads. */
const WAITING_LIMIT = 20;

/** Carries what a person asked of the window to its page. What is asked before the page listens waits for it. */
export function createAppCommands(): {
  readonly send: (command: AppCommand) => void;
  /** For the page; the newest one gets what comes. */
  readonly stream: (signal: AbortSignal) => AsyncIterable<AppCommand>;
} {
  const listeners: ((command: AppCommand) => void)[] = [];
  const waiting: AppCommand[] = [];
  return {
    send(command) {
      const newest = listeners.at(-1);
      if (newest) newest(command);
      else if (waiting.length < WAITING_LIMIT) waiting.push(command);
    },
    stream(signal) {
      const queue = createLiveQueue<AppCommand>(signal);
      if (signal.aborted) return queue.items;
      listeners.push(queue.push);
      const leave = (): void => {
        listeners.splice(listeners.indexOf(queue.push), 1);
        waiting.push(...queue.backlog().splice(0)); // what it did not take is for the next one
      };
      signal.addEventListener('abort', leave, { once: true });
      for (const command of waiting.splice(0)) queue.push(command);
      return queue.items;
    },
  };
}
