import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { never, said, tools } from './agent-rig.ts';
import type { AgentRig } from './agent-rig.ts';

export function turnFeatures(rig: AgentRig): void {
  const { feature, open, turn } = rig;

  describe(`${rig.name}: a turn`, () => {
    feature('is reported with its words, thoughts, tools, tokens and outcome', 'happy', async () => {
      const { events, result, stopped, session } = await turn('happy');
      expect(result).toMatchObject({ outcome: 'completed', confirmed: true, error: null });
      expect(result.finalText).toBe('Hello für 日本');
      expect(result.streamedBytes).toBeGreaterThanOrEqual(Buffer.byteLength('Hello für 日本'));
      expect(said(events)).toBe('Hello für 日本');
      expect(said(events, 'thought')).toBe('hmm ok');
      expect(readFileSync(join(rig.dir, 'work/made.txt'), 'utf8')).toBe('made\n');
      const [edit, run] = tools(events);
      expect(edit).toMatchObject({ kind: 'edit', state: 'ok', subagent: null });
      expect(edit?.paths.map((path) => path.split('/').at(-1))).toEqual(['made.txt']);
      expect(run).toMatchObject({ kind: 'execute', state: 'ok', command: 'echo hi' });
      expect(run?.output).toContain('hi');
      expect(stopped.survivors).toEqual([]);
      expect(session.sessionId).not.toBe('');
      expect(session.agent.name).not.toBe('');
    });

    feature(
      'tells all that the model produced while it runs, also the arguments of calls',
      'happy',
      async () => {
        const { events, result } = await turn('happy');
        const words = Buffer.byteLength(said(events) + said(events, 'thought'));
        const unseen = events.reduce((sum, event) => sum + (event.type === 'streamed' ? event.bytes : 0), 0);
        expect(unseen).toBeGreaterThan('{"command":"echo hi"}'.length);
        expect(words + unseen).toBe(result.streamedBytes);
      },
    );

    feature('counts tokens once per model call, under ids that are all different', 'happy', async () => {
      const { events, result } = await turn('happy');
      expect(result.usage).toEqual({ input: 250, output: 20, cacheRead: 1000, cacheWrite: 0 });
      const usage = events.filter((event) => event.type === 'usage');
      expect(new Set(usage.map((event) => event.usageId)).size).toBe(usage.length);
      expect(usage.reduce((sum, event) => sum + event.delta.input + event.delta.cacheRead, 0)).toBe(1250);
    });

    feature('has no usage, rather than none spent, when the agent names none', 'no-usage', async () => {
      const { events, result } = await turn('no-usage');
      expect(result).toMatchObject({ outcome: 'completed', usage: null, finalText: 'done' });
      expect(events.filter((event) => event.type === 'usage')).toEqual([]);
    });

    feature('keeps text exactly as sent, wherever the bytes are cut', 'split-bytes', async () => {
      const { events, result } = await turn('split-bytes');
      expect(said(events)).toBe('für 日本 👩‍💻 ok');
      expect(result.finalText).toBe('für 日本 👩‍💻 ok');
    });

    feature('without a word or a tool is not a success', 'empty-turn', async () => {
      expect((await turn('empty-turn')).result.outcome).toBe('failed');
    });

    feature('counts what sub-agents do and spend', 'subagent', async () => {
      const { events, result } = await turn('subagent');
      expect(result.usage).toMatchObject({ input: 400, output: 40 });
      const inner = tools(events).find((tool) => tool.command === 'echo sub');
      expect(inner?.subagent ?? null).not.toBeNull();
      expect(result.finalText).toBe('done');
    });

    feature('shows the plan the agent makes', 'plan', async () => {
      const { events } = await turn('plan');
      expect(events.findLast((event) => event.type === 'plan')).toEqual({
        type: 'plan',
        items: [
          { title: 'First', status: 'done' },
          { title: 'Second', status: 'in_progress' },
        ],
      });
    });

    feature('shows that a model call is tried again', 'retry', async () => {
      const { events, result } = await turn('retry');
      expect(events.find((event) => event.type === 'retry')).toMatchObject({ attempt: 2, max: 3 });
      expect(result.outcome).toBe('completed');
    });

    feature('can follow another one in the same session', 'happy', async () => {
      const { session } = await open('happy');
      const first = await session.prompt('one', never());
      const second = await session.prompt('two', never());
      expect([first.outcome, second.outcome]).toEqual(['completed', 'completed']);
      expect(second.finalText).toBe('Hello für 日本');
      expect(second.usage).toEqual(first.usage);
    });

    feature('refuses a second prompt while it runs, and goes on itself', 'slow', async () => {
      const { session, until, events } = await open('slow');
      const controller = new AbortController();
      const first = session.prompt('one', controller.signal);
      await until(() => said(events).includes('tick'));
      expect(await session.prompt('two', never())).toMatchObject({
        outcome: 'failed',
        error: { code: 'busy' },
      });
      controller.abort('enough');
      expect((await first).outcome).toBe('cancelled');
    });
  });

  describe(`${rig.name}: bad traffic`, () => {
    feature('of some lines is skipped', 'garbage', async () => {
      const { result } = await turn('garbage');
      expect(result).toMatchObject({ outcome: 'completed', finalText: 'fine' });
    });

    feature('of more than 1,000 lines ends the session', 'too-much-garbage', async () => {
      const { result, stopped } = await turn('too-much-garbage');
      expect(result).toMatchObject({ outcome: 'failed', error: { code: 'protocol_error' } });
      expect(stopped.survivors).toEqual([]);
    });

    feature('in one line over 32 MiB ends the session', 'endless-line', async () => {
      const { result } = await turn('endless-line');
      expect(result).toMatchObject({ outcome: 'failed', error: { code: 'protocol_error' } });
    });

    feature('is not what a line of 10 MB is', 'long-line', async () => {
      const { events, result } = await turn('long-line');
      expect(result).toMatchObject({ outcome: 'completed', streamedBytes: 10_000_000 });
      expect(said(events)).toHaveLength(10_000_000);
    });

    feature('in the form of a flood of words arrives whole', 'flood', async () => {
      const { events, result } = await turn('flood');
      expect(result.outcome).toBe('completed');
      expect(said(events)).toBe('word '.repeat(50_000));
    });

    feature('of unknown kinds is passed over, and every request gets an answer', 'unknown', async () => {
      const { events, result } = await turn('unknown');
      expect(result).toMatchObject({ outcome: 'completed', finalText: 'answered' });
      expect(events.some((event) => event.type === 'unmapped')).toBe(true);
    });

    feature('on standard error blocks nobody', 'noisy', async () => {
      expect((await turn('noisy')).result.outcome).toBe('completed');
    });
  });

  describe(`${rig.name}: failures of the model`, () => {
    feature('429 is a rate limit', 'rate-limited', async () => {
      expect((await turn('rate-limited')).result).toMatchObject({
        outcome: 'failed',
        confirmed: true,
        error: { code: 'rate_limited', retryable: true },
      });
    });
    feature('401 asks for a sign-in', 'signed-out', async () => {
      expect((await turn('signed-out')).result).toMatchObject({
        outcome: 'failed',
        confirmed: true,
        error: { code: 'auth_required', retryable: false },
      });
    });
    feature('500 is the provider', 'model-error', async () => {
      expect((await turn('model-error')).result).toMatchObject({
        outcome: 'failed',
        confirmed: true,
        error: { code: 'provider_error' },
      });
    });
    feature('a limit of steps is its own outcome', 'max-steps', async () => {
      expect((await turn('max-steps')).result).toMatchObject({ outcome: 'max_steps', finalText: 'enough' });
    });
  });

  describe(`${rig.name}: surroundings`, () => {
    feature('are the worktree, a home of the goal, and nothing of the person', 'environment', async () => {
      const { result } = await turn('environment', { env: { NAMED: 'yes' } });
      const seen = JSON.parse(result.finalText) as { cwd: string; env: Record<string, string> };
      expect(seen.cwd).toBe(join(rig.dir, 'work'));
      expect(seen.env).toMatchObject({
        HOME: join(rig.dir, 'home'),
        TMPDIR: join(rig.dir, 'tmp'),
        GIT_CONFIG_GLOBAL: '/dev/null',
        NAMED: 'yes',
      });
      expect(seen.env).not.toHaveProperty('SSH_AUTH_SOCK');
      expect(Object.values(seen.env).join('\n')).not.toContain(join(rig.dir, 'user'));
    });

    feature(
      'are recorded in both directions, without the secrets that were let through',
      'secret',
      async () => {
        const token = 'correct-horse-battery-staple';
        const { result } = await turn('secret', { env: { OMK_TEST_TOKEN: token } });
        expect(result.outcome).toBe('completed');
        const recorded = readFileSync(join(rig.dir, 'transcript.jsonl'), 'utf8');
        expect(recorded).not.toContain(token);
        const directions = recorded
          .trim()
          .split('\n')
          .map((line) => (JSON.parse(line) as { dir: string }).dir);
        expect(directions).toEqual(expect.arrayContaining(['in', 'out']));
      },
    );
  });
}
