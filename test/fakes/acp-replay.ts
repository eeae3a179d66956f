import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

// Replays the agent's side of a recording: `acp-replay.ts <recording.jsonl> [session]`. What the agent sent after a prompt is sent
// after the client's prompt; where the recorded client answered or cancelled, it waits for ours. What it has the client do happens
// in its working directory, in the place of the recorded one. `session` counts the opened ones.

type Line = {
  readonly dir: 'C->A' | 'A->C';
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: { readonly sessionId?: string; readonly update?: unknown };
  readonly result?: { readonly sessionId?: string; readonly terminalId?: string };
  readonly error?: unknown;
};

const opening = ['session/new', 'session/load', 'session/resume'];
const [file = '', wanted = '0'] = process.argv.slice(2);
const lines = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Line);

const isAnswer = (line: Line): boolean => line.method === undefined;

const answerAfter = (at: number): Line | undefined =>
  lines.slice(at + 1).find((line) => line.dir === 'A->C' && isAnswer(line) && line.id === lines[at]?.id);

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

/** What the client answered to our requests, and who waits for it. */
const answers = new Map<unknown, Line>();
let wake: () => void = () => undefined;
/** A client may cancel before it answers what it was asked. */
let cancels = 0;
let played = 0;

async function until<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    await new Promise<void>((resolve) => (wake = resolve));
  }
}

/** The recorded names of the client's commands, and what our client calls them. */
const terminals = new Map<string, string>();

/** Paths of the recorded worktree and names of recorded commands become those of here. */
function here(params: unknown, method: string): unknown {
  let json = JSON.stringify(params);
  for (const [recorded, own] of terminals)
    json = json.replaceAll(`"terminalId":"${recorded}"`, `"terminalId":"${own}"`);
  if (/^(?:fs|terminal)\//.test(method)) json = json.replaceAll(/\/ws(?!\w)/g, process.cwd());
  return JSON.parse(json) as unknown;
}

async function play(id: unknown): Promise<void> {
  cancels = 0;
  const at = prompts[played];
  played += 1;
  if (at === undefined) {
    send({ id, error: { code: -32603, message: 'The recording has no further prompt.' } });
    return;
  }
  const own = lines[at]?.id;
  const asked = new Map<unknown, string>();
  let over = false;
  for (const line of lines.slice(at + 1, prompts[played] ?? lines.length)) {
    // Another session of the same process talks in between, but what comes afterwards is another story.
    const foreign = line.params?.sessionId !== undefined && line.params.sessionId !== sessionId;
    if (foreign && over) continue;
    const { method = '' } = line;
    if (line.dir === 'A->C' && isAnswer(line)) {
      // Answers to other requests of the recording: nobody asked for them here.
      if (line.id !== own || over) continue;
      over = true;
      send({ id, ...body(line) });
    } else if (line.dir === 'A->C') {
      if (line.id !== undefined) {
        answers.delete(line.id);
        asked.set(line.id, method);
      }
      send({
        ...(line.id === undefined ? {} : { id: line.id }),
        method,
        params: here(line.params, method),
      });
    } else if (isAnswer(line) && asked.has(line.id)) {
      const given = await until(() => answers.get(line.id));
      if (asked.get(line.id) === 'terminal/create' && given.result?.terminalId !== undefined)
        terminals.set(line.result?.terminalId ?? '', given.result.terminalId);
    } else if (method === 'session/cancel' || method === '$/cancel_request') {
      if (over) continue;
      await until(() => (cancels > 0 ? true : undefined));
      cancels -= 1;
    }
  }
  // The recorded process was killed here.
  if (!over) process.stdout.write('', () => process.kill(process.pid, 'SIGKILL'));
}

createInterface({ input: process.stdin }).on('line', (text) => {
  const message = JSON.parse(text) as Line;
  if (message.method === undefined) {
    answers.set(message.id, message);
    wake();
    return;
  }
  if (message.method === 'session/cancel') {
    cancels += 1;
    wake();
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
