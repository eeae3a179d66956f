import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createAcpBackend } from '../../src/main/adapters/agents/acp/backend.ts';
import { spawnManaged } from '../../src/main/adapters/process/spawn.ts';
import type { AgentHost, ApprovalRequest } from '../../src/main/runtime/agent-backend.ts';
import type { AgentSpec } from '../../src/shared/goal/vocabulary.ts';
import { createRig, never, nobody, said, tools, toolServerProgram } from './agent-rig.ts';
import { agentFeatures } from './agents.features.ts';
import type { AgentFeatureSetup } from './agent-rig.ts';

const script = join(dirname(fileURLToPath(import.meta.url)), '..', 'fakes', 'acp-agent.ts');

const spec = (scenario: string, quirks: AgentSpec['quirks'] = 'kimi-code'): AgentSpec => ({
  name: 'fake',
  protocol: 'acp',
  argv: [process.execPath, script, scenario],
  envNames: [],
  quirks,
});

const setup: AgentFeatureSetup = {
  name: 'ACP',
  makeBackend: (o) =>
    createAcpBackend({ spawn: spawnManaged, version: '0.0.0', toolServer: toolServerProgram, ...o }),
  fakeFor: (scenario) => spec(scenario),
};

agentFeatures(setup);

/** Traps have names of their own; the rig starts whatever is played at the moment. */
let played: AgentSpec = spec('happy');
const rig = createRig({ ...setup, fakeFor: () => played });
type OpenExtra = Parameters<typeof rig.open>[1];
const open = (trap: string, extra?: OpenExtra, quirks?: AgentSpec['quirks']) => {
  played = spec(trap, quirks);
  return rig.open('happy', extra);
};
const turn = (trap: string, extra?: OpenExtra, quirks?: AgentSpec['quirks']) => {
  played = spec(trap, quirks);
  return rig.turn('happy', extra);
};
const start = (trap: string, extra?: OpenExtra, quirks?: AgentSpec['quirks']) => {
  played = spec(trap, quirks);
  return rig.start('happy', extra);
};

/** Gives every request the same decision, and keeps what it was asked. */
function deciding(decision: 'allow_once' | 'allow_always' | 'reject') {
  const seen: ApprovalRequest[] = [];
  const host: AgentHost = {
    ...nobody,
    approve: async (request) => {
      seen.push(request);
      return { decision, feedback: null };
    },
  };
  return { seen, host };
}

describe('ACP: what is believed about the end of a turn', () => {
  it('a prompt answered while the agent runs a turn of its own is waited for until that is over', async () => {
    const { session, events, until } = await open('queued-prompt');
    expect((await session.prompt('one', never())).finalText).toBe('first');
    await until(() => events.some((event) => event.type === 'autonomous_turn'));
    const second = await session.prompt('two', never());
    expect(second).toMatchObject({ outcome: 'completed', confirmed: true, finalText: 'carried out' });
    expect(events.filter((event) => event.type === 'autonomous_turn').map((event) => event.state)).toEqual([
      'begin',
      'end',
    ]);
  });

  it('a record of its end that never comes leaves the turn unconfirmed', async () => {
    expect((await turn('unfinished-record')).result).toMatchObject({
      outcome: 'completed',
      confirmed: false,
    });
  });

  it('a record that comes long after the answer still decides', async () => {
    expect((await turn('slow-record')).result).toMatchObject({
      outcome: 'failed',
      confirmed: true,
      error: { code: 'connection_error' },
    });
  });

  it('without a session file, work is completed but unconfirmed, and no work is no success', async () => {
    const worked = await turn('happy', {}, 'demo');
    expect(worked.result).toMatchObject({ outcome: 'completed', confirmed: false, usage: null });
    expect(worked.session.caps).toMatchObject({ usage: 'none', failureReporting: 'protocol' });
    expect((await turn('model-error', {}, 'demo')).result).toMatchObject({
      outcome: 'failed',
      confirmed: false,
    });
  });

  it.each([
    ['quota', 'failed', 'quota_exhausted', false],
    ['overflow', 'failed', 'context_overflow', true],
    ['empty-answer', 'failed', 'provider_error', true],
    ['cut-socket', 'failed', 'connection_error', true],
    ['filter-hidden', 'refused', 'filtered', false],
  ] as const)(
    'a failure that only the session file tells is told (%s)',
    async (trap, outcome, code, retryable) => {
      expect((await turn(trap)).result).toMatchObject({
        outcome,
        confirmed: true,
        finalText: '',
        error: { code, retryable },
      });
    },
  );

  it('an agent that closes its output and lives on is ended', async () => {
    const { result, stopped } = await turn('closes-output');
    expect(result).toMatchObject({ outcome: 'failed', error: { code: 'protocol_error' }, finalText: 'half' });
    expect(stopped.survivors).toEqual([]);
    expect(rig.ours()).toEqual([]);
  });
});

describe('ACP: requests of the agent', () => {
  it('are answered each on its own, by the kind of the option, whatever ids they have', async () => {
    const { seen, host } = deciding('allow_once');
    const { result, events } = await turn('two-permissions', { host }, 'qwen-code');
    expect(result.finalText).toBe('proceed_once proceed_once');
    expect(seen.map((request) => request.command)).toEqual(['first', 'second']);
    expect(tools(events)).toHaveLength(2);
    const always = await turn('two-permissions', deciding('allow_always'), 'qwen-code');
    expect(always.result.finalText).toBe('proceed_always proceed_always');
    expect((await turn('two-permissions', {}, 'qwen-code')).result.finalText).toBe('cancel cancel');
  });

  it('show the whole command of a sub-agent where its file agrees, and say so where it does not', async () => {
    const { seen, host } = deciding('allow_once');
    await turn('cut-command', { host });
    expect(seen[0]).toMatchObject({
      command: `echo ${'a'.repeat(100)}`,
      commandComplete: true,
      subagent: 'agent-0',
    });
    expect(seen[1]).toMatchObject({ command: `echo ${'a'.repeat(45)}…`, commandComplete: false });
  });

  it('after the turn are refused without asking anybody', async () => {
    const { seen, host } = deciding('allow_once');
    const { session, events, until } = await open('asks-late', { host });
    await session.prompt('go', never());
    await until(() => said(events).includes('late'));
    expect(said(events)).toBe('donelate cancelled');
    expect(seen).toEqual([]);
  });

  it('may be questions in the form of a permission', async () => {
    const asked: string[] = [];
    const host: AgentHost = {
      ...nobody,
      ask: async (question) => {
        asked.push(...(question.questions[0]?.options.map((option) => option.label) ?? []));
        return { [question.questions[0]?.text ?? '']: ['Python'] };
      },
    };
    expect((await turn('question-as-permission', { host })).result.finalText).toBe('q0_opt_1');
    expect(asked).toEqual(['TypeScript', 'Python']);
    expect((await turn('question-as-permission')).result.finalText).toBe('q0_skip');
  });
});

describe('ACP: a person who answers in their own words', () => {
  const answering = (answers: Readonly<Record<string, readonly string[]>>): { host: AgentHost } => ({
    host: { ...nobody, ask: async () => answers },
  });

  it('is heard where the form has no place for them, with whatever else was answered', async () => {
    const both = { 'Which language?': ['Rust, as before'], 'Which features?': ['A', 'B'] };
    const { result } = await turn('question-form', answering(both));
    expect(result.outcome).toBe('completed');
    expect(result.finalText).toContain('Question: Which language?\nAnswer: Rust, as before');
    expect(result.finalText).toContain('Question: Which features?\nAnswer: A, B');
    const fitting = await turn('question-form', answering({ ...both, 'Which language?': ['Python'] }));
    expect(JSON.parse(fitting.result.finalText)).toEqual({
      action: 'accept',
      content: { q0: 'Python', q1: ['A', 'B'] },
    });
  });

  it('is heard where the options of a permission have no place for them', async () => {
    const { result } = await turn('question-as-permission', answering({ 'Which language?': ['Rust'] }));
    expect(result.outcome).toBe('completed');
    expect(result.finalText).toContain('Question: Which language?\nAnswer: Rust');
  });
});

describe('ACP: the handshake', () => {
  it('is understood when numbers come back as text', async () => {
    expect((await turn('text-ids')).result).toMatchObject({ outcome: 'completed', finalText: 'fine' });
  });

  it('ends at another version of the protocol', async () => {
    expect(await start('other-version')).toMatchObject({ ok: false, error: { code: 'protocol_error' } });
  });

  it('asks for a sign-in where the agent does', async () => {
    expect(await start('signed-out-at-start')).toMatchObject({
      ok: false,
      error: { code: 'auth_required', retryable: false },
    });
  });

  it('ends where the mode cannot be set, because nobody knows then what is done unasked', async () => {
    expect(await start('mode-refused')).toMatchObject({ ok: false, error: { code: 'protocol_error' } });
    expect((await start('mode-refused', {}, 'demo')).ok).toBe(true);
  });

  it('goes without modes where the agent has none', async () => {
    expect((await turn('no-modes', {}, 'demo')).result.finalText).toBe('fine');
  });

  it('sets the mode after a new session and after a resumed one', async () => {
    const first = await turn('says-session');
    const { sessionId } = first.session;
    const again = await turn('says-session', { resumeSessionId: sessionId, mode: 'yolo' });
    expect(again.session.sessionId).toBe(sessionId);
    expect(again.result.finalText).toBe(sessionId);
    const sent = readFileSync(join(rig.dir, 'transcript.jsonl'), 'utf8');
    const modes = [...sent.matchAll(/"method":"session\/set_mode","params":\{[^}]*"modeId":"(\w+)"/g)];
    expect(modes.map((match) => match[1])).toEqual(['default', 'yolo']);
  });
});

describe('ACP: a plan', () => {
  /** Chooses this of a plan, and keeps what it was asked. */
  const choosing = (label: string | null) => {
    const asked: string[] = [];
    const host: AgentHost = {
      ...nobody,
      ask: async ({ questions }) => {
        asked.push(...questions.flatMap(({ options }) => options.map((option) => option.label)));
        return label === null ? null : { [questions[0]?.text ?? '']: [label] };
      },
    };
    return { asked, host };
  };

  it.each([
    ['Fast', 'plan plan_opt_0'],
    ['Reject and Exit', 'plan plan_reject_and_exit'],
    ['Revise', 'plan plan_revise'],
    [null, 'plan cancelled'],
  ])('is asked about as a question; after "%s" the mode is what omk wants', async (label, said) => {
    const { asked, host } = choosing(label);
    const { session, events } = await open('leaves-plan', { host, mode: 'plan' });
    expect((await session.prompt('one', never())).finalText).toBe(said);
    expect(asked).toEqual(['Fast', 'Revise', 'Reject and Exit']);
    expect(events).toContainEqual({ type: 'notice', text: '# Plan' });
    expect((await session.prompt('two', never())).finalText).toBe('plan');
    expect(await session.setMode('ask')).toMatchObject({ ok: true });
    expect((await session.prompt('three', never())).finalText).toBe('default');
  });

  it('is left for good when the mode cannot be set again: the agent is ended', async () => {
    const { host } = choosing('Fast');
    const { session } = await open('leaves-plan-for-good', { host, mode: 'ask' });
    expect((await session.prompt('one', never())).outcome).toBe('completed');
    expect(await session.prompt('two', never())).toMatchObject({
      outcome: 'failed',
      error: { code: 'protocol_error' },
    });
    expect((await session.stop()).survivors).toEqual([]);
  });
});

describe('ACP: the prompt', () => {
  it('that begins with a slash is not a command of the agent', async () => {
    const { session } = await open('happy');
    await session.prompt('/compact everything', never());
    await session.stop();
    const sent = readFileSync(join(rig.dir, 'transcript.jsonl'), 'utf8');
    expect(sent).toContain('"text":"Request:\\n/compact everything"');
  });
});
