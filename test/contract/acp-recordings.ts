import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAcpBackend } from '../../src/main/adapters/agents/acp/backend.ts';
import { spawnManaged } from '../../src/main/adapters/process/spawn.ts';
import type {
  AgentEvent,
  AgentHost,
  AgentQuestion,
  ApprovalRequest,
  TurnResult,
} from '../../src/main/runtime/agent-backend.ts';
import type { AgentSpec } from '../../src/shared/goal/vocabulary.ts';
import { createRig, never, tools } from './agent-rig.ts';
import type { AgentRig } from './agent-rig.ts';

const script = join(import.meta.dirname, '../fakes/acp-replay.ts');
const recording = (name: string): string => join(import.meta.dirname, '../fixtures/acp', `${name}.jsonl`);

type Extra = Parameters<AgentRig['open']>[1];
/** `session` counts the opened ones of the recording. */
type Options = {
  readonly session?: number;
  readonly quirks?: AgentSpec['quirks'];
  readonly extra?: Extra;
};

/** What real agents said, played to the ACP backend by a process. To be called once per test file. */
export function createRecordings() {
  let played: AgentSpec;
  const rig = createRig({
    name: 'ACP recordings',
    makeBackend: (o) => createAcpBackend({ spawn: spawnManaged, version: '0.0.0', ...o }),
    fakeFor: () => played,
  });

  function open(name: string, o: Options = {}) {
    played = {
      name,
      protocol: 'acp',
      argv: [process.execPath, script, recording(name), String(o.session ?? 0)],
      envNames: [],
      quirks: o.quirks ?? 'kimi-code',
    };
    return rig.open('happy', o.extra);
  }

  async function prompts(name: string, count: number, o: Options = {}) {
    const { session, events, reading } = await open(name, o);
    const results: TurnResult[] = [];
    for (let i = 0; i < count; i += 1) results.push(await session.prompt('go', never()));
    await session.stop();
    await reading;
    return { results, events, texts: results.map((result) => result.finalText) };
  }

  /** What the agent asked of omk, with the answer: `result`, or the code and the words of a refusal. */
  function asked(): readonly (readonly [method: string, answer: string])[] {
    const frames = readFileSync(join(rig.dir, 'transcript.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly dir: string; readonly frame?: Frame });
    return frames.flatMap(({ dir, frame }, at) => {
      if (dir !== 'in' || frame?.method === undefined || frame.id === undefined) return [];
      const answer = frames
        .slice(at + 1)
        .find((one) => one.dir === 'out' && one.frame?.id === frame.id && one.frame?.method === undefined);
      const { result, error } = answer?.frame ?? {};
      return [
        [frame.method, error === undefined ? JSON.stringify(result) : `${error.code} ${error.message}`],
      ];
    });
  }

  return { rig, open, prompts, asked };
}

type Frame = {
  readonly id?: number | string;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
};

type Answer = Awaited<ReturnType<AgentHost['approve']>>;

/** Answers what is asked, and keeps it: allows everything, or answers in the given order. */
export function answering(answers?: readonly Answer[]) {
  const approvals: ApprovalRequest[] = [];
  const questions: AgentQuestion[] = [];
  const host: AgentHost = {
    approve: async (request) => {
      approvals.push(request);
      return answers?.[approvals.length - 1] ?? { decision: 'allow_once', feedback: null };
    },
    ask: async (question) => {
      questions.push(question);
      return Object.fromEntries(
        question.questions.map(({ text, multiSelect, options }) => [
          text,
          (multiSelect ? options : options.slice(1, 2)).map((option) => option.label),
        ]),
      );
    },
  };
  return { approvals, questions, host };
}

/** Every call in a line: its name, its kind, how it ended, and with which exit code. */
export const brief = (events: readonly AgentEvent[]): readonly string[] =>
  tools(events).map(({ name, kind, state, exitCode }) => `${name} ${kind} ${state} ${exitCode ?? '-'}`);
