import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAcpBackend } from '../../src/main/adapters/agents/acp/backend.ts';
import { isolationAvailable } from '../../src/main/adapters/process/isolation.ts';
import { spawnManaged } from '../../src/main/adapters/process/spawn.ts';
import type { AgentQuestion, AgentSession } from '../../src/main/runtime/agent-backend.ts';
import { createRuntimeTools } from '../../src/main/runtime/performers/agent-tools.ts';
import type { RuntimeTools } from '../../src/main/runtime/performers/agent-tools.ts';
import type { AgentNote } from '../../src/main/runtime/performer.ts';
import { err, ok } from '../../src/shared/kernel/result.ts';
import { kimiCommand } from '../fakes/kimi-env.ts';
import { startModelServer } from '../fakes/model-server.ts';
import type { ModelServer, ModelStep } from '../fakes/model-server.ts';
import { never, toolServerProgram } from './agent-rig.ts';

const calling = (name: string, args: Readonly<Record<string, unknown>>): readonly ModelStep[] => [
  { calls: [{ name: `mcp__omk__${name}`, args }] },
  { text: 'went on' },
];
const task = {
  title: 'Document the format',
  description: 'README.md says nothing of it.',
  write_set: ['README.md'],
  acceptance: ['README.md has a section on the format.'],
};

const found = kimiCommand('http://127.0.0.1:1/v1');
if (!found.ok) console.log(`omk's tools are not tried with the real Kimi Code: ${found.reason}`);
const { use: isolation } = await isolationAvailable();

describe.skipIf(!found.ok)("omk's tools in the real Kimi Code", () => {
  let dir: string;
  let server: ModelServer;
  let session: AgentSession;
  let tools: RuntimeTools;
  const notes: AgentNote[] = [];
  const asked: AgentQuestion[] = [];
  /** What the model read last: the answer to its call. */
  const told = (): string =>
    server.requests.at(-1)?.messages.findLast(({ role }) => role === 'tool')?.text ?? '';

  beforeAll(async () => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), 'omk-kimi-tools-')));
    for (const name of ['work', 'home', 'tmp', 'user']) mkdirSync(join(dir, name));
    server = await startModelServer({
      programs: {
        report: calling('report_evidence', { claim: 'All tests pass.', ran: 'node --test', files: ['a.js'] }),
        ask: calling('ask_person', {
          question: 'Which format?',
          options: [{ label: 'Long' }, { label: 'Short' }],
        }),
        propose: calling('propose_task', task),
        unsafe: calling('propose_task', { ...task, write_set: ['.github/ci.yml'] }),
        wrong: calling('propose_task', { title: 'x' }),
        impossible: calling('cannot_be_done', { reason: 'Both demands exclude each other.' }),
      },
    });
    const command = kimiCommand(server.baseUrl);
    if (!command.ok) throw new Error(command.reason);
    tools = createRuntimeTools({
      note(note) {
        if (note.type === 'task.propose' && note.task.writeSet[0]?.startsWith('.git') === true)
          return err({ message: 'No task may write there.' });
        notes.push(note);
        return ok(null);
      },
      ask: async (question) => {
        asked.push(question);
        return { 'Which format?': ['Short'] };
      },
      taken: () => ['document-the-format'],
    });
    const backend = createAcpBackend({
      spawn: spawnManaged,
      baseEnv: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', TERM: 'dumb' },
      userHome: join(dir, 'user'),
      version: '0.0.0',
      toolServer: toolServerProgram,
    });
    const started = await backend.start({
      spec: { name: 'kimi', protocol: 'acp', argv: [...command.value.argv], envNames: [], quirks: 'generic' },
      workDir: join(dir, 'work'),
      home: join(dir, 'home'),
      tmpDir: join(dir, 'tmp'),
      env: command.value.env,
      resumeSessionId: null,
      mode: 'ask',
      host: { approve: async () => ({ decision: 'reject', feedback: null }), ask: async () => null, tools },
      transcriptPath: join(dir, 'transcript.jsonl'),
      sandbox: { use: isolation, hide: [], writable: [] },
      signal: new AbortController().signal,
      timeouts: { handshakeMs: 20_000, stallMs: 20_000, cancelMs: 5_000, stopMs: 5_000 },
    });
    if (!started.ok) throw new Error(`${started.error.code}: ${started.error.message}`);
    session = started.value;
    void (async () => {
      for await (const _ of session.events);
    })();
  }, 60_000);
  afterAll(async () => {
    await session.stop();
    await server.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const turn = (program: string) => session.prompt(`go [[${program}]]`, never());

  it('are offered to the model, and a report is recorded without asking anybody', async () => {
    expect(await turn('report')).toMatchObject({ outcome: 'completed', finalText: 'went on' });
    expect(server.requests[0]?.tools.filter((name) => name.startsWith('mcp__omk__')).toSorted()).toEqual([
      'mcp__omk__ask_person',
      'mcp__omk__cannot_be_done',
      'mcp__omk__propose_task',
      'mcp__omk__report_evidence',
    ]);
    expect(notes.at(-1)).toEqual({
      type: 'claim.make',
      claim: { said: 'All tests pass.', files: ['a.js'], command: 'node --test' },
    });
    expect(told()).toContain('It will be held against what omk finds itself.');
  }, 30_000);

  it('bring a question to the person and the answer to the model', async () => {
    await turn('ask');
    expect(asked[0]?.questions).toMatchObject([
      { text: 'Which format?', options: [{ label: 'Long' }, { label: 'Short' }] },
    ]);
    expect(told()).toContain('The person answered: Short');
  }, 30_000);

  it('take a proposal under a name that is free', async () => {
    await turn('propose');
    expect(notes.at(-1)).toMatchObject({
      type: 'task.propose',
      task: { id: 'document-the-format-2', writeSet: ['README.md'], risk: 'medium' },
    });
    expect(told()).toContain('Recorded as document-the-format-2.');
  }, 30_000);

  it('refuse with a reason that the model reads', async () => {
    await turn('unsafe');
    expect(told()).toContain('No task may write there.');
    await turn('wrong');
    expect(told()).toContain('description');
  }, 30_000);

  it('hear that the goal cannot be reached', async () => {
    expect(tools.impossible()).toBeNull();
    await turn('impossible');
    expect(tools.impossible()).toBe('Both demands exclude each other.');
  }, 30_000);
});
