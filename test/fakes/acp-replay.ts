import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

// Replays the agent's side of a recording: `acp-replay.ts <recording.jsonl> [session]`. What the agent sent after a prompt is sent
// after the client's prompt; where it asked or was cancelled, it waits for the client. `session` counts the opened ones.

type Line = {
  readonly dir: 'C->A' | 'A->C';
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: { readonly sessionId?: string; readonly update?: unknown };
  readonly result?: { readonly sessionId?: string };
  readonly error?: unknown;
};

const opening = ['session/new', 'session/load', 'session/resume'];
const [file = '', wanted = '0'] = process.argv.slice(2);
const lines = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Line);

const answerAfter = (at: number): Line | undefined =>
  lines
    .slice(at + 1)
    .find((line) => line.dir === 'A->C' && line.method === undefined && line.id === lines[at]?.id);

const opened = lines.flatMap((line, at) =>
  line.dir === 'C->A' && opening.includes(line.method ?? '') ? [at] : [],
)[Number(wanted)];
const openedAt = opened ?? lines.length;
const openedAnswer = answerAfter(openedAt);
const sessionId = openedAnswer?.result?.sessionId ?? lines[openedAt]?.params?.sessionId ?? '';

/** Every prompt of the session, as the position of its request. */
const prompts = lines.flatMap((line, at) =>
  at > openedAt && line.method === 'session/prompt' && line.params?.sessionId === sessionId ? [at] : [],
);

const send = (message: Record<string, unknown>): void => {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
};
const body = (line: Line | undefined) => ({ result: line?.result, error: line?.error });

let onAnswer: () => void = () => undefined;
let onCancel: () => void = () => undefined;
/** A client may cancel before it answers what it was asked. */
let cancels = 0;
let played = 0;

async function play(id: unknown): Promise<void> {
  cancels = 0;
  const at = prompts[played];
  played += 1;
  if (at === undefined) {
    send({ id, error: { code: -32603, message: 'The recording has no further prompt.' } });
    return;
  }
  const until = prompts[played] ?? lines.length;
  const own = lines[at]?.id;
  for (const line of lines.slice(at + 1, until)) {
    if (line.dir === 'A->C' && line.method === undefined) {
      if (line.id === own) send({ id, ...body(line) });
      // Answers to other requests of the recording: nobody asked for them here.
    } else if (line.dir === 'A->C') {
      if (line.params?.sessionId !== sessionId) continue;
      const asked = line.id === undefined ? null : new Promise<void>((resolve) => (onAnswer = resolve));
      send({ ...(line.id === undefined ? {} : { id: line.id }), method: line.method, params: line.params });
      await asked;
    } else if (line.method === 'session/cancel' || line.method === '$/cancel_request') {
      if (cancels === 0) await new Promise<void>((resolve) => (onCancel = resolve));
      cancels -= 1;
    }
  }
}

createInterface({ input: process.stdin }).on('line', (text) => {
  const message = JSON.parse(text) as Line;
  if (message.method === undefined) {
    onAnswer();
    return;
  }
  if (message.method === 'session/cancel') {
    cancels += 1;
    onCancel();
  }
  if (message.id === undefined) return;
  if (message.method === 'initialize') {
    send({ id: message.id, ...body(answerAfter(lines.findIndex((line) => line.method === 'initialize'))) });
  } else if (message.method === 'session/prompt') void play(message.id);
  else if (opening.includes(message.method)) {
    // A loaded session is told again before the answer to loading it.
    for (const line of lines.slice(openedAt + 1)) {
      if (line === openedAnswer) break;
      if (line.dir === 'A->C' && line.method === 'session/update')
        send({ method: line.method, params: line.params });
    }
    send({ id: message.id, ...body(openedAnswer) });
  } else send({ id: message.id, result: {} });
});
process.stdin.on('end', () => process.exit(0));
