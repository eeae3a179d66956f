import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWireBackend } from '../../src/main/adapters/agents/wire/backend.ts';
import { spawnManaged } from '../../src/main/adapters/process/spawn.ts';
import type { AgentHost, ApprovalRequest, TurnResult } from '../../src/main/runtime/agent-backend.ts';
import type { AgentSpec } from '../../src/shared/goal/vocabulary.ts';
import { createRig, never } from './agent-rig.ts';
import type { AgentRig } from './agent-rig.ts';

export const recordedFolder = join(import.meta.dirname, '../fixtures/wire');
const replayer = join(import.meta.dirname, '../fakes/wire-replay.ts');

type Recorded = Readonly<Record<string, unknown>> & { readonly dir: 'C->A' | 'A->C' };

export const recording = (name: string): readonly Recorded[] =>
  readFileSync(join(recordedFolder, `${name}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Recorded);

/** Answers as the recorded person did, in the recorded order. */
export function recordedHost(name: string, seen: ApprovalRequest[]): AgentHost {
  const answers = recording(name)
    .filter((frame) => frame.dir === 'C->A' && frame['method'] === undefined)
    .map((frame) => (frame['result'] ?? {}) as Readonly<Record<string, unknown>>);
  const take = (): Readonly<Record<string, unknown>> => answers.shift() ?? {};
  return {
    approve: async (request) => {
      seen.push(request);
      const { response, feedback } = take();
      const decision =
        response === 'approve'
          ? 'allow_once'
          : response === 'approve_for_session'
            ? 'allow_always'
            : 'reject';
      return { decision, feedback: typeof feedback === 'string' ? feedback : null };
    },
    ask: async () => {
      const given = (take()['answers'] ?? {}) as Readonly<Record<string, string>>;
      return Object.fromEntries(Object.entries(given).map(([text, label]) => [text, [label]]));
    },
  };
}

export const promptsOf = (name: string): readonly string[] =>
  recording(name).flatMap((frame) =>
    frame.dir === 'C->A' && frame['method'] === 'prompt'
      ? [(frame['params'] as { readonly user_input?: string }).user_input ?? '']
      : [],
  );

type Extra = Parameters<AgentRig['open']>[1];
/** `process` counts those that were recorded one after the other; `signal` is what ends one that was killed. */
type Options = {
  readonly process?: number;
  readonly signal?: NodeJS.Signals;
  readonly quirks?: AgentSpec['quirks'];
  readonly extra?: Extra;
};

/** What the real server said, played to the Wire backend by a process. To be called once per test file. */
export function createRecordings() {
  let played: AgentSpec;
  const rig = createRig({
    name: 'wire recordings',
    makeBackend: (o) => createWireBackend({ spawn: spawnManaged, ...o }),
    fakeFor: () => played,
  });

  function open(name: string, o: Options = {}) {
    const file = join(recordedFolder, `${name}.jsonl`);
    played = {
      name: 'recording',
      protocol: 'wire',
      argv: [process.execPath, replayer, file, String(o.process ?? 0), o.signal ?? 'SIGKILL'],
      envNames: [],
      quirks: o.quirks ?? 'generic',
    };
    return rig.open('happy', o.extra);
  }

  /** The whole conversation, as the recorded person had it. */
  async function replay(name: string) {
    const approvals: ApprovalRequest[] = [];
    const host = recordedHost(name, approvals);
    const { session, events: seen, reading } = await open(name, { extra: { host } });
    const results: TurnResult[] = [];
    for (const prompt of promptsOf(name).filter((text) => text !== ''))
      results.push(await session.prompt(prompt, never()));
    await session.stop();
    await reading;
    return { session, seen, results, approvals };
  }

  return { rig, open, replay };
}
