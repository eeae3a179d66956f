import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { firstProblem, entryProblems, placesOf } from '../../shared/agent-entry.ts';
import type { AgentEntry } from '../../shared/agent-entry.ts';
import type { TryItem } from '../../shared/api/agents.ts';
import type { AgentSpec, GoalPolicy } from '../../shared/goal/vocabulary.ts';
import { usesUserHome } from '../../shared/goal/user-home.ts';
import { inertLine } from '../../shared/safe-text.ts';
import type { AgentBackend, AgentSession, TurnResult } from '../runtime/agent-backend.ts';
import type { AgentRegistry } from '../runtime/ports.ts';
import { createLiveQueue } from './live-queue.ts';
import { startAdvice, turnAdvice } from './try-advice.ts';

export type TryDeps = {
  readonly backends: Readonly<Record<'wire' | 'acp', AgentBackend>>;
  readonly registry: AgentRegistry;
  /** Folder for trials, among those that only attempts live in. */
  readonly root: string;
  readonly hide: () => readonly string[];
  /** What goals get here. */
  readonly isolation: () => Promise<GoalPolicy['isolation']>;
  readonly env: (names: readonly string[]) => Readonly<Record<string, string>>;
  readonly handshakeMs: number;
  readonly turnMs?: number;
};

const TURN_MS = 60_000;
const MAX_AT_ONCE = 3;
const PROMPT =
  'This is a trial of the connection. Answer with the single word ready. Change nothing, run nothing and use no tools.';

type Stage = Extract<TryItem, { type: 'stage' }>;
type Say = (
  stage: Stage['stage'],
  state: Stage['state'],
  text: string,
  more?: { readonly fix?: string | null; readonly since?: number },
) => void;

/**
 * Tries agents: a handshake and one harmless turn, in a temporary folder, under the isolation goals have. Whoever stops reading
 * ends the trial; nothing of it outlives the host, and its folder goes with it.
 */
export function createTrials(
  deps: TryDeps,
): (entry: AgentEntry, signal: AbortSignal) => AsyncIterable<TryItem> {
  let running = 0;
  return async function* tryOut(entry, signal) {
    const startedAt = performance.now();
    const queue = createLiveQueue<TryItem>(signal);
    const say: Say = (stage, state, text, more = {}) =>
      queue.push({
        type: 'stage',
        stage,
        state,
        text,
        fix: more.fix ?? null,
        ms: more.since === undefined ? null : Math.round(performance.now() - more.since),
      });
    const attempt = async (): Promise<boolean> => {
      if (running >= MAX_AT_ONCE) {
        say('command', 'failed', `${MAX_AT_ONCE} trials run already.`, { fix: 'Wait until one has ended.' });
        return false;
      }
      running += 1;
      try {
        return await trial(deps, entry, signal, say, (item) => queue.push(item));
      } finally {
        running -= 1;
      }
    };
    void attempt()
      .catch((cause: unknown) => {
        say(
          'folder',
          'failed',
          `The trial could not be made: ${cause instanceof Error ? cause.message : String(cause)}`,
          { fix: 'Look at the disk and its permissions.' },
        );
        return false;
      })
      .then((done) => {
        queue.push({ type: 'ended', ok: done, ms: Math.round(performance.now() - startedAt) });
        queue.end();
      });
    yield* queue.items;
  };
}

async function trial(
  deps: TryDeps,
  entry: AgentEntry,
  signal: AbortSignal,
  say: Say,
  push: (item: TryItem) => void,
): Promise<boolean> {
  const spec = await readCommand(deps, entry, say);
  if (spec === null) return false;
  mkdirSync(deps.root, { recursive: true, mode: 0o700 });
  const dir = mkdtempSync(join(deps.root, 'trial-'));
  const places = { work: join(dir, 'work'), home: join(dir, 'home'), tmp: join(dir, 'tmp') };
  for (const place of Object.values(places)) mkdirSync(place, { mode: 0o700 });
  if (usesUserHome(spec))
    say('folder', 'warning', 'An empty folder of its own. It uses your home folder.', {
      fix: 'It can read and change all that is in there; every goal and proof says so.',
    });
  else say('folder', 'ok', 'An empty folder of its own, with a home of its own.');
  let session: AgentSession | null = null;
  try {
    session = await shakeHands(deps, spec, { dir, ...places }, signal, say);
    if (session === null) return false;
    push({
      type: 'agent',
      ...session.agent,
      isolated: session.isolated,
      abilities: {
        questions: session.caps.questions !== 'none',
        usage: session.caps.usage,
        resume: session.caps.replay,
        executor: session.caps.hostExec && session.caps.hostFs,
        steering: session.caps.steer,
        failures: session.caps.failureReporting !== 'none',
        tools: true,
      },
    });
    return await oneTurn(deps, spec, session, places.work, signal, say);
  } finally {
    if (session !== null) await stopped(session, say);
    rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function readCommand(deps: TryDeps, entry: AgentEntry, say: Say): Promise<AgentSpec | null> {
  say('command', 'running', 'Reading the command.');
  // A name is not needed to try.
  const problem = firstProblem(
    entryProblems({ ...entry, name: entry.name === '' ? 'trial' : entry.name }, []),
  );
  const resolved =
    problem === null ? await deps.registry.resolve(`${entry.protocol}:${entry.command}`) : null;
  if (resolved === null || !resolved.ok) {
    say('command', 'failed', problem ?? (resolved?.ok === false ? resolved.error.message : ''), {
      fix: 'Change it and try again.',
    });
    return null;
  }
  const missing = entry.env.filter((name) => deps.env([name])[name] === undefined);
  const words = `${resolved.value.argv.length} ${resolved.value.argv.length === 1 ? 'word' : 'words'}, run without a shell.`;
  if (missing.length === 0) say('command', 'ok', words);
  else
    say('command', 'warning', `${words} Not set where omk runs: ${missing.join(', ')}.`, {
      fix: 'Set it in the environment omk is started from.',
    });
  return { ...resolved.value, envNames: [...entry.env], ...placesOf(entry) };
}

async function shakeHands(
  deps: TryDeps,
  spec: AgentSpec,
  places: { readonly dir: string; readonly work: string; readonly home: string; readonly tmp: string },
  signal: AbortSignal,
  say: Say,
): Promise<AgentSession | null> {
  const since = performance.now();
  say(
    'handshake',
    'running',
    `Starting it and shaking hands, ${Math.round(deps.handshakeMs / 1_000)} s at most.`,
  );
  const started = await deps.backends[spec.protocol].start({
    spec,
    workDir: places.work,
    home: places.home,
    tmpDir: places.tmp,
    env: deps.env(spec.envNames),
    resumeSessionId: null,
    mode: 'ask',
    // Nobody is asked during a trial, and nothing is allowed.
    host: {
      approve: async () => ({ decision: 'reject', feedback: 'This is a trial; nothing is run.' }),
      ask: async () => null,
    },
    transcriptPath: join(places.dir, 'transcript.jsonl'),
    sandbox: {
      use: await deps.isolation(),
      hide: deps.hide(),
      writable: [places.work, places.home, places.tmp],
    },
    signal,
    timeouts: { handshakeMs: deps.handshakeMs, stallMs: 30_000, cancelMs: 2_000, stopMs: 1_000 },
  });
  if (started.ok) {
    say('handshake', 'ok', 'It answered.', { since });
    return started.value;
  }
  const advice = startAdvice(started.error, spec);
  say('handshake', 'failed', advice.text, { since, fix: advice.fix });
  return null;
}

async function oneTurn(
  deps: TryDeps,
  spec: AgentSpec,
  session: AgentSession,
  work: string,
  signal: AbortSignal,
  say: Say,
): Promise<boolean> {
  const since = performance.now();
  const limit = deps.turnMs ?? TURN_MS;
  say('turn', 'running', 'One turn: it is asked for the word “ready” and nothing else.');
  void drain(session);
  const result = await session.prompt(PROMPT, AbortSignal.any([signal, AbortSignal.timeout(limit)]));
  if (result.outcome !== 'completed') {
    const advice = turnAdvice(result, spec, { limitMs: limit, spoke: session.agent.protocol });
    say('turn', 'failed', advice.text, { since, fix: advice.fix });
    return false;
  }
  const left = readdirSync(work);
  if (left.length > 0) {
    say(
      'turn',
      'warning',
      `It changed ${left.length === 1 ? 'a file' : `${left.length} files`} although it was asked not to.`,
      { since, fix: 'In a goal its changes stay in a folder of their own; keep it from writing unasked.' },
    );
  } else say('turn', ...answerWords(result), { since });
  return true;
}

function answerWords(result: TurnResult): readonly ['ok' | 'warning', string] {
  const said = inertLine(result.finalText.trim().slice(0, 120));
  if (/\bready\b/i.test(result.finalText)) return ['ok', 'It answered “ready”.'];
  return ['warning', said === '' ? 'It ended its turn without a word.' : `It answered “${said}”.`];
}

async function stopped(session: AgentSession, say: Say): Promise<void> {
  const since = performance.now();
  say('stop', 'running', 'Ending it.');
  const { survivors } = await session.stop();
  if (survivors.length === 0) say('stop', 'ok', 'It ended, and nothing of it is left running.', { since });
  else
    say('stop', 'warning', `${survivors.length} of its processes did not end.`, {
      since,
      fix: 'End them by hand.',
    });
}

async function drain(session: AgentSession): Promise<void> {
  for await (const _ of session.events); // what it says live is of no interest here
}
