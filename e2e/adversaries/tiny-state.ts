import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';

export type TinyState = {
  /** Words before a command's own, so that it sees this disk at its state directory. */
  readonly enter: readonly string[];
  readonly end: () => Promise<void>;
};

/** A disk of `size` at a state directory, in a mount namespace that lives until it is ended. */
export async function tinyState(state: string, size: string): Promise<TinyState> {
  mkdirSync(state, { mode: 0o700 });
  const holder: ChildProcess = spawn(
    'unshare',
    [
      '-Urm',
      'sh',
      '-c',
      `mount -t tmpfs -o size=${size},mode=0700 tiny "$0" && echo mounted && exec cat`,
      state,
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const ended = once(holder, 'exit');
  const began = await Promise.race([once(holder.stdout ?? holder, 'data'), ended]);
  if (!String(began[0]).includes('mounted')) throw new Error('No disk could be mounted.');
  return {
    enter: ['nsenter', '-t', String(holder.pid), '-U', '-m', '--preserve-credentials', '--'],
    async end() {
      holder.stdin?.end();
      await ended;
    },
  };
}
