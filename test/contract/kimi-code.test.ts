import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isolationAvailable } from '../../src/main/adapters/process/isolation.ts';
import type {
  AgentEvent,
  AgentHost,
  AgentSession,
  AgentStart,
} from '../../src/main/runtime/agent-backend.ts';
import { kimiCommand } from '../fakes/kimi-env.ts';
import { startModelServer } from '../fakes/model-server.ts';
import type { ModelServer } from '../fakes/model-server.ts';
import { never, running as alive, said, tools } from './agent-rig.ts';
import { long, programs } from './kimi-programs.ts';
import { makeRooms, openReal } from './real-agent.ts';
import type { RealAgent } from './real-agent.ts';

type Tool = ReturnType<typeof tools>[number];

// The real agent needs 400 MB and a second or more to start: one process at a time, shared where tests allow it.
const found = kimiCommand('http://127.0.0.1:1/v1');
if (!found.ok) console.log(`the real Kimi Code is not tested: ${found.reason}`);
const isolation = await isolationAvailable();

describe.skipIf(!found.ok)('the real Kimi Code', () => {
  let dir: string;
  let server: ModelServer;
  let decide: AgentHost['approve'];
  let answer: AgentHost['ask'];

  const start = async (
    o: Partial<AgentStart> & { readonly use?: 'namespaces' | 'none' } = {},
  ): Promise<RealAgent> => {
    const command = kimiCommand(server.baseUrl);
    if (!command.ok) throw new Error(command.reason);
    return openReal(dir, command.value, {
      host: { approve: (r, s) => decide(r, s), ask: (q, s) => answer(q, s) },
      ...o,
    });
  };

  beforeAll(async () => {
    server = await startModelServer({ programs });
  });
  afterAll(() => server.close());
  beforeEach(() => {
    decide = async () => ({ decision: 'reject', feedback: null });
    answer = async () => null;
  });

  describe('in one session', () => {
    let running: RealAgent;
    let session: AgentSession;
    let events: readonly AgentEvent[];
    const usage = () => events.filter((event) => event.type === 'usage');
    /** The last state of the call that fits, once it has ended. */
    const ended = async (fits: (tool: Tool) => boolean): Promise<Tool | undefined> => {
      const find = () =>
        tools(events).find((tool) => fits(tool) && (tool.state === 'ok' || tool.state === 'failed'));
      await running.until(() => find() !== undefined);
      return find();
    };

    beforeAll(async () => {
      dir = makeRooms();
      running = await start();
      ({ session, events } = running);
    }, 60_000);
    afterAll(async () => {
      await session.stop();
      rmSync(dir, { recursive: true, force: true });
    });

    it('says who it is, and that its session file is read', () => {
      expect(session.agent).toMatchObject({ name: 'Kimi Code CLI', protocol: 'acp 1' });
      expect(session.caps).toMatchObject({ usage: 'sidecar', failureReporting: 'sidecar', hostExec: true });
    });

    it('completes a turn, confirmed by its file, with the words as the model sent them', async () => {
      const result = await session.prompt('[[hello]]', never());
      expect(result).toMatchObject({ outcome: 'completed', confirmed: true, finalText: 'Hello wörld' });
      expect(result.usage).toEqual({ input: 1_000, output: 7, cacheRead: 500, cacheWrite: 0 });
    });

    it('is not offered the tools by which it would work unasked', () => {
      const offered = server.requests[0]?.tools ?? [];
      expect(offered).toEqual(expect.arrayContaining(['Write', 'Edit', 'Bash', 'AskUserQuestion']));
      expect(offered.filter((name) => /Goal|Cron|Swarm|^Task|WaitFor/.test(name))).toEqual([]);
    });

    it('writes a file when it is allowed to', async () => {
      decide = async () => ({ decision: 'allow_once', feedback: null });
      const result = await session.prompt('[[write]]', never());
      expect(result).toMatchObject({ outcome: 'completed', finalText: 'Writing. Done.' });
      expect(readFileSync(join(dir, 'work/made.txt'), 'utf8')).toBe('made\n');
      expect(await ended((tool) => tool.name === 'Write')).toMatchObject({
        kind: 'edit',
        state: 'ok',
        paths: [join(dir, 'work/made.txt')],
      });
    });

    it('has omk write the file, and its model reads why that is refused', async () => {
      decide = async ({ tool, byHost }) =>
        byHost === true || tool === 'Edit'
          ? { decision: 'reject', feedback: 'Only src may be changed.' }
          : { decision: 'allow_always', feedback: null };
      mkdirSync(join(dir, 'work/.git'));
      await session.prompt('[[write-edit]]', never());
      const path = join(dir, 'work/kept.txt');
      expect(existsSync(path)).toBe(false);
      const read = server.requests.at(-1)?.messages.map(({ text }) => text) ?? [];
      expect(read.some((text) => text.includes('Only src may be changed.'))).toBe(true);
    });

    it('edits a file that omk reads and writes for it', async () => {
      decide = async () => ({ decision: 'allow_once', feedback: null });
      await session.prompt('again [[write-edit]]', never());
      expect(readFileSync(join(dir, 'work/kept.txt'), 'utf8')).toBe('one\nTWO\n');
    });

    it('runs a command as asked for, and its exit code is known', async () => {
      const seen: (string | null)[] = [];
      decide = async (request) => {
        seen.push(request.commandComplete ? request.command : null);
        return { decision: 'allow_once', feedback: null };
      };
      await session.prompt('[[shell]]', never());
      expect(seen).toEqual(['echo out; echo err >&2; exit 3']);
      expect(await ended((tool) => tool.name === 'Bash')).toMatchObject({
        state: 'failed',
        exitCode: 3,
        output: 'out\nerr\n',
      });
    });

    it('leaves nothing running that a command began', async () => {
      decide = async () => ({ decision: 'allow_once', feedback: null });
      await session.prompt('[[leaves]]', never());
      expect(await ended((tool) => tool.command?.includes('54321') === true)).toMatchObject({
        state: 'ok',
        exitCode: 0,
        output: 'begun\n',
      });
      expect(alive('sleep\0' + '54321')).toEqual([]);
    });

    it('tells its model why a command is refused', async () => {
      decide = async () => ({ decision: 'reject', feedback: 'Commands are not run in this goal.' });
      await session.prompt('once more [[shell]]', never());
      expect(server.requests.at(-1)?.messages.at(-1)?.text).toContain('Commands are not run in this goal.');
      expect(await ended((tool) => tool.output?.includes('not run in this goal') === true)).toMatchObject({
        state: 'failed',
        exitCode: null,
      });
    });

    it('goes on when it is refused', async () => {
      rmSync(join(dir, 'work/made.txt'));
      const result = await session.prompt('again [[write]]', never());
      expect(result).toMatchObject({ outcome: 'completed', confirmed: true });
      expect(existsSync(join(dir, 'work/made.txt'))).toBe(false);
    });

    it('gets the answer to its question', async () => {
      answer = async (question) => ({ [question.questions[0]?.text ?? '']: ['Python'] });
      await session.prompt('[[question]]', never());
      const asked = await ended((tool) => tool.name === 'AskUserQuestion');
      expect(asked?.output).toContain('"Which language?":"Python"');
    });

    it('is refused work in the background', async () => {
      decide = async () => ({ decision: 'allow_once', feedback: null });
      await session.prompt('[[background]]', never());
      const call = await ended((tool) => tool.command === 'sleep 60');
      expect(call).toMatchObject({ state: 'failed' });
      expect(call?.output).toContain('background is not allowed');
    });

    it("shows a sub-agent's command whole, and counts its tokens", async () => {
      const seen: unknown[] = [];
      decide = async ({ command, commandComplete, subagent }) => {
        seen.push({ command, commandComplete, subagent });
        return { decision: 'allow_once', feedback: null };
      };
      const result = await session.prompt('[[parent]]', never());
      expect(seen).toEqual([{ command: long, commandComplete: true, subagent: 'agent-0' }]);
      expect(result).toMatchObject({ outcome: 'completed', finalText: 'all done' });
      expect(result.usage?.input).toBe(4_000);
      expect(await ended((tool) => tool.subagent === 'agent-0')).toMatchObject({
        command: long,
        state: 'ok',
        exitCode: 0,
      });
    });

    it('is cancelled in the middle of an answer', async () => {
      const controller = new AbortController();
      const result = session.prompt('[[hang]]', controller.signal);
      await running.until(() => said(events).endsWith('partial'));
      controller.abort();
      expect(await result).toMatchObject({ outcome: 'cancelled', confirmed: true, usage: null });
    });

    it('fails with the model: its own answer says that all is well', async () => {
      expect(await session.prompt('[[e500]]', never())).toMatchObject({
        outcome: 'failed',
        confirmed: true,
        error: { code: 'provider_error', retryable: true, detail: { agentMessage: '500 fake 500' } },
      });
      const retries = () => events.filter((event) => event.type === 'retry').map((event) => event.attempt);
      await running.until(() => retries().length > 1);
      expect(retries()).toEqual([2, 3]);
    });

    it('says when it is not signed in', async () => {
      expect(await session.prompt('[[e401]]', never())).toMatchObject({
        outcome: 'failed',
        confirmed: true,
        error: { code: 'auth_required', retryable: false },
      });
    });

    it('recovers from one failed model call', async () => {
      expect(await session.prompt('[[recovers]]', never())).toMatchObject({
        outcome: 'completed',
        finalText: 'recovered',
      });
    });

    it('spends an unknown number of tokens, not none, when the model reports none', async () => {
      expect(await session.prompt('[[silent]]', never())).toMatchObject({
        outcome: 'completed',
        usage: null,
      });
    });

    it('leaves nothing behind when it is stopped, and has counted exactly what was billed', async () => {
      expect((await session.stop()).survivors).toEqual([]);
      await running.reading;
      const sum = (of: (event: Extract<AgentEvent, { type: 'usage' }>) => number): number =>
        usage().reduce((total, event) => total + of(event), 0);
      expect(sum(({ delta }) => delta.input + delta.cacheRead + delta.cacheWrite)).toBe(server.billed.prompt);
      expect(sum(({ delta }) => delta.output)).toBe(server.billed.completion);
      expect(new Set(usage().map((event) => event.usageId)).size).toBe(usage().length);
    });
  });

  it("works with a person's own configuration and login, and survives being killed", async () => {
    dir = makeRooms();
    const own = join(dir, 'user/.kimi-code');
    writeFileSync(join(own, 'credentials/kimi-code.json'), '{"access_token":"theirs"}');
    const config = [
      'default_model = "mine"',
      'default_permission_mode = "yolo"',
      '[providers.mine]',
      'type = "openai"',
      `base_url = "${server.baseUrl}"`,
      'api_key = "sk-mine"',
      '[models.mine]',
      'provider = "mine"',
      'model = "fake-model"',
      'max_context_size = 131072',
      'capabilities = ["tool_use"]',
    ].join('\n');
    writeFileSync(join(own, 'config.toml'), config);
    const use = isolation.use;
    decide = async () => ({ decision: 'allow_once', feedback: null });

    const first = await start({ env: {}, use });
    expect((await first.session.prompt('[[hello]]', never())).outcome).toBe('completed');
    expect(existsSync(join(dir, 'home/.kimi-code/config.toml'))).toBe(true);
    await first.session.prompt('[[refresh]]', never());
    await first.until(() => tools(first.events).at(-1)?.state === 'ok');
    expect(tools(first.events).at(-1)?.output).toContain('"access_token":"theirs"');
    expect(readFileSync(join(own, 'credentials/kimi-code.json'), 'utf8')).toBe('new\n');
    const killed = first.session.prompt('[[hang]]', never());
    await first.until(() => said(first.events).endsWith('partial'));
    process.kill(first.process.pid ?? 0, 'SIGKILL');
    expect(await killed).toMatchObject({
      outcome: 'crashed',
      confirmed: true,
      error: { code: 'process_exit' },
    });
    await first.reading;
    expect((await first.session.stop()).survivors).toEqual([]);

    const second = await start({ env: {}, use, resumeSessionId: first.session.sessionId });
    expect(second.session.sessionId).toBe(first.session.sessionId);
    const result = await second.session.prompt('go on [[hello]]', never());
    expect(result).toMatchObject({ outcome: 'completed', confirmed: true, finalText: 'Hello wörld' });
    expect(result.usage).toEqual({ input: 1_000, output: 7, cacheRead: 500, cacheWrite: 0 });
    await second.session.stop();
    await second.reading;
    const ids = (events: readonly AgentEvent[]) =>
      events.filter((event) => event.type === 'usage').map((event) => event.usageId);
    expect(ids(second.events).slice(0, ids(first.events).length)).toEqual(ids(first.events));
    expect(readFileSync(join(own, 'config.toml'), 'utf8')).toBe(config);
    rmSync(dir, { recursive: true, force: true });
  }, 60_000);
});
