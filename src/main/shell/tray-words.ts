import type { Summary } from '../host/attention.ts';

const goals = (n: number, one: string, many: string): string =>
  n === 1 ? `1 goal ${one}` : `${n} goals ${many}`;

/** "2 goals run, 1 goal waits for you"; "nothing runs" when that is so. */
export function trayWords({ running, waiting }: Summary): string {
  if (running === 0 && waiting.length === 0) return 'nothing runs';
  return [
    running > 0 && goals(running, 'runs', 'run'),
    waiting.length > 0 && goals(waiting.length, 'waits for you', 'wait for you'),
  ]
    .filter(Boolean)
    .join(', ');
}
