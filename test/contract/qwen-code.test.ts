import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AgentHost, ApprovalRequest } from '../../src/main/runtime/agent-backend.ts';
import { startModelServer } from '../fakes/model-server.ts';
import type { ModelPrograms, ModelServer } from '../fakes/model-server.ts';
import { never, nobody, said, tools } from './agent-rig.ts';
import { makeRooms, openReal } from './real-agent.ts';
import type { RealAgent } from './real-agent.ts';

// 120 MB that omk does not need: whoever has it names its script, e.g.
// OMK_TEST_QWEN=…/node_modules/@qwen-code/qwen-code/cli-entry.js
const script = process.env['OMK_TEST_QWEN'];
if (script === undefined)
  console.log('the real Qwen Code is not tested: OMK_TEST_QWEN does not name its script');

/** Its tools take whole paths only. */
const programs = (work: string): ModelPrograms => ({
  hello: [{ text: ['Hel', 'lo ', 'wörld'], usage: { prompt: 1_500, completion: 7, cached: 500 } }],
  write: [
    {
      text: 'Writing. ',
      calls: [{ name: 'write_file', args: { file_path: join(work, 'made.txt'), content: 'made\n' } }],
    },
    { text: 'Done.' },
  ],
  shell: [
    {
      calls: [
        {
          name: 'run_shell_command',
          args: { command: 'touch ran.txt; echo out; exit 3', description: 'd', is_background: false },
        },
      ],
    },
    { text: 'ran' },
  ],
  hang: [{ text: 'partial', hang: 'mid' }],
  e401: [{ fail: { status: 401 } }],
});

describe.skipIf(script === undefined)('the real Qwen Code', () => {
  let dir: string;
  let server: ModelServer;
  let agent: RealAgent;
  let decide: AgentHost['approve'];
  let command: { readonly argv: readonly string[]; readonly env: Readonly<Record<string, string>> };
  const host: AgentHost = { ...nobody, approve: (request, signal) => decide(request, signal) };

  beforeAll(async () => {
    dir = makeRooms();
    server = await startModelServer({ programs: programs(join(dir, 'work')), default: 'hello' });
    command = {
      argv: [process.execPath, script ?? '', '--acp', '--auth-type=openai'],
      env: {
        OPENAI_API_KEY: 'sk-fake',
        OPENAI_BASE_URL: server.baseUrl,
        OPENAI_MODEL: 'fake-model',
        QWEN_TELEMETRY_ENABLED: 'false',
      },
    };
    agent = await openReal(dir, command, { quirks: 'qwen-code', host });
  }, 60_000);
  afterAll(async () => {
    expect((await agent.session.stop()).survivors).toEqual([]);
    await server.close();
    rmSync(dir, { recursive: true, force: true });
  });
  beforeEach(() => {
    decide = async () => ({ decision: 'allow_once', feedback: null });
  });
  const prompt = (words: string) => agent.session.prompt(words, never());

  it('says who it is, and counts tokens while it works', async () => {
    expect(agent.session.agent).toMatchObject({ name: 'Qwen Code', protocol: 'acp 1' });
    const result = await prompt('[[hello]]');
    expect(result).toMatchObject({ outcome: 'completed', finalText: 'Hello wörld' });
    expect(result.usage).toEqual({ input: 1_000, output: 7, cacheRead: 500, cacheWrite: 0 });
  });

  it('writes a file when it is allowed to', async () => {
    expect(await prompt('[[write]]')).toMatchObject({ outcome: 'completed', finalText: 'Writing. Done.' });
    expect(readFileSync(join(dir, 'work/made.txt'), 'utf8')).toBe('made\n');
  });

  it('asks for a command with all of it, and runs it when it may', async () => {
    const seen: ApprovalRequest[] = [];
    decide = async (request) => {
      seen.push(request);
      return { decision: 'allow_once', feedback: null };
    };
    await prompt('[[shell]]');
    expect(seen.map(({ command: asked, commandComplete }) => [asked, commandComplete])).toEqual([
      ['touch ran.txt; echo out; exit 3', true],
    ]);
    expect(existsSync(join(dir, 'work/ran.txt'))).toBe(true);
    await agent.until(() => ['ok', 'failed'].includes(tools(agent.events).at(-1)?.state ?? ''));
    expect(tools(agent.events).at(-1)).toMatchObject({ kind: 'execute', exitCode: 3 });
  });

  it('does not run what is refused', async () => {
    rmSync(join(dir, 'work/ran.txt'));
    decide = async () => ({ decision: 'reject', feedback: null });
    await prompt('again [[shell]]');
    expect(existsSync(join(dir, 'work/ran.txt'))).toBe(false);
  });

  it('is cancelled in the middle of an answer, and told something more there', async () => {
    const controller = new AbortController();
    const cancelled = agent.session.prompt('[[hang]]', controller.signal);
    await agent.until(() => said(agent.events).endsWith('partial'));
    controller.abort();
    expect(await cancelled).toMatchObject({ outcome: 'cancelled' });
    const before = said(agent.events).length;
    const result = prompt('more [[hang]]');
    await agent.until(() => said(agent.events).length >= before + 'partial'.length);
    expect(await agent.session.steer('say hello [[hello]]')).toBe('restarted');
    expect(await result).toMatchObject({ outcome: 'completed', finalText: 'partialHello wörld' });
  });

  it('says when it is not signed in', async () => {
    expect(await prompt('[[e401]]')).toMatchObject({ outcome: 'failed', error: { code: 'auth_required' } });
  });

  it('goes on after it was killed in the middle of a turn', async () => {
    const { sessionId } = agent.session;
    const before = said(agent.events).length;
    const killed = prompt('once more [[hang]]');
    await agent.until(() => said(agent.events).length >= before + 'partial'.length);
    process.kill(agent.process.pid ?? 0, 'SIGKILL');
    expect(await killed).toMatchObject({ outcome: 'crashed', error: { code: 'process_exit' } });
    await agent.reading;
    agent = await openReal(dir, command, { quirks: 'qwen-code', host, resumeSessionId: sessionId });
    expect(agent.session).toMatchObject({ resumed: true, sessionId });
    expect(await prompt('go on [[hello]]')).toMatchObject({ outcome: 'completed', finalText: 'Hello wörld' });
    const told =
      server.requests
        .at(-1)
        ?.messages.map(({ text }) => text)
        .join('\n') ?? '';
    expect(told).toContain('[[write]]');
  }, 30_000);
});
