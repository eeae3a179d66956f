import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

// Plays the server's side of a recorded conversation: `wire-replay.ts <recording.jsonl> <process> <signal>`. It sends what the
// server sent, and waits wherever the client spoke, until ours speaks. What the recorded client said that the server refused to
// hear just then, and what omk never says, is left out. A process whose recording ends in a turn dies of the signal there.

type Frame = Readonly<Record<string, unknown>>;

const [file = '', number = '0', signal = 'SIGKILL'] = process.argv.slice(2);
const whole = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Frame);
const starts = whole.flatMap((frame, at) => (frame['method'] === 'initialize' ? [at] : []));
const recording = whole.slice(starts[Number(number)], starts[Number(number) + 1]);

const spoken = ['initialize', 'replay', 'set_plan_mode', 'prompt', 'steer', 'cancel'];
const isSpoken = ({ method }: Frame): boolean => spoken.includes(method as string);
const NOT_NOW = -32000;

const skipped = new Set(
  recording
    .filter(({ dir, method, id }) => {
      const answer = recording.find(
        (one) => one['dir'] !== dir && one['method'] === undefined && one['id'] === id,
      );
      const error = answer?.['error'] as { readonly code: number } | undefined;
      return (
        dir === 'C->A' &&
        method !== undefined &&
        (!spoken.includes(method as string) || error?.code === NOT_NOW)
      );
    })
    .map(({ id }) => id),
);

/** Ids of the recorded client, and those of ours. */
const ids = new Map<unknown, unknown>();
const heard: Frame[] = [];
let wake: (() => void) | null = null;

/** What our client says in the place of this: the same method, or an answer to the same request. */
async function next(said: Frame): Promise<Frame> {
  for (;;) {
    const at = heard.findIndex(({ method, id }) =>
      said['method'] === undefined ? method === undefined && id === said['id'] : method === said['method'],
    );
    const [found] = at < 0 ? [] : heard.splice(at, 1);
    if (found !== undefined) return found;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}

async function play(): Promise<void> {
  let open: unknown = null;
  for (const { ms: _ms, dir, ...frame } of recording) {
    const isAnswer = frame['method'] === undefined;
    if (skipped.has(frame['id'])) continue;
    if (dir === 'C->A') {
      ids.set(frame['id'], (await next(frame))['id']);
      if (frame['method'] === 'prompt') open = frame['id'];
      continue;
    }
    if (isAnswer && frame['id'] === open) open = null;
    process.stdout.write(`${JSON.stringify(isAnswer ? { ...frame, id: ids.get(frame['id']) } : frame)}\n`);
  }
  if (open !== null) process.stdout.write('', () => process.kill(process.pid, signal));
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const frame = JSON.parse(line) as Frame;
    // What omk asks and the recorded client did not: an older server would not know it.
    if (
      frame['method'] !== undefined &&
      !recording.some((one) => isSpoken(one) && one['method'] === frame['method'])
    ) {
      const error = { code: -32601, message: 'Unexpected method received', data: null };
      process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id: frame['id'], error })}\n`);
      return;
    }
    heard.push(frame);
    wake?.();
  })
  .on('close', () => process.exit(0));

await play();
