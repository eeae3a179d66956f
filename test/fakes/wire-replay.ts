import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

// Plays the server's side of a recorded conversation: `wire-replay.ts <recording.jsonl>`. It sends what the server sent, and
// waits wherever the client spoke, until ours speaks. What the recorded client said that omk never says is left out.

type Frame = Readonly<Record<string, unknown>>;

const skipped = new Set<unknown>();
const ids = new Map<unknown, unknown>();
const heard: Frame[] = [];
let wake: (() => void) | null = null;

const recording = readFileSync(process.argv.at(-1) ?? '', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Frame);

const spoken = ['initialize', 'prompt', 'cancel'];

async function next(): Promise<Frame> {
  while (heard.length === 0)
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  return heard.shift() ?? {};
}

async function play(): Promise<void> {
  for (const { ms: _ms, dir, ...frame } of recording) {
    if (dir === 'C->A') {
      if (frame['method'] !== undefined && !spoken.includes(frame['method'] as string))
        skipped.add(frame['id']);
      else if (frame['method'] !== undefined || 'result' in frame || 'error' in frame)
        ids.set(frame['id'], (await next())['id']);
      continue;
    }
    const isAnswer = frame['method'] === undefined;
    if (isAnswer && (skipped.has(frame['id']) || !ids.has(frame['id']))) continue;
    process.stdout.write(`${JSON.stringify(isAnswer ? { ...frame, id: ids.get(frame['id']) } : frame)}\n`);
  }
}

/** What omk asks and the recorded client did not: an older server would not know it. */
const unrecorded = ['set_plan_mode'];

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const frame = JSON.parse(line) as Frame;
    if (unrecorded.includes(frame['method'] as string)) {
      const error = { code: -32601, message: 'Unexpected method received', data: null };
      process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id: frame['id'], error })}\n`);
      return;
    }
    heard.push(frame);
    wake?.();
  })
  .on('close', () => process.exit(0));

await play();
