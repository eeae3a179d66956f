import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createAcpBackend } from '../../src/main/adapters/agents/acp/backend.ts';
import { createWireBackend } from '../../src/main/adapters/agents/wire/backend.ts';
import { spawnManaged } from '../../src/main/adapters/process/spawn.ts';
import { sampleFiles, writeSample } from '../../src/main/demo-agent/sample.ts';
import type { AgentHost } from '../../src/main/runtime/agent-backend.ts';
import { createRig, never, nobody, said, tools } from './agent-rig.ts';

const program = join(import.meta.dirname, '../../src/main/demo-agent/main.ts');

type Protocol = 'wire' | 'acp';

let script = 'honest';
let protocol: Protocol = 'wire';
const rig = createRig({
  name: 'demonstration agent',
  makeBackend: (o) =>
    protocol === 'wire'
      ? createWireBackend({ spawn: spawnManaged, ...o })
      : createAcpBackend({ spawn: spawnManaged, version: '0.0.0', ...o }),
  fakeFor: () => ({
    name: 'demo',
    protocol,
    argv: [process.execPath, program, '--protocol', protocol, '--script', script],
    envNames: [],
    quirks: 'demo',
  }),
});

async function play(name: string, prompt = 'Fix it', host: AgentHost = nobody) {
  script = name;
  const work = join(rig.dir, 'work');
  writeSample(work);
  const { session, events, reading } = await rig.open('happy', {
    host,
    timeouts: { stallMs: 1_500, cancelMs: 500, stopMs: 500 },
  });
  const result = await session.prompt(prompt, never());
  const stopped = await session.stop();
  await reading;
  return { session, events, result, stopped, work, changed: changedFiles(work) };
}

const changedFiles = (work: string): readonly string[] =>
  Object.entries(sampleFiles)
    .filter(([path, text]) => readFileSync(join(work, path), 'utf8') !== text)
    .map(([path]) => path);

const runTests = (work: string): Promise<{ readonly failed: number; readonly passed: number }> =>
  new Promise((resolve) => {
    const env = { PATH: process.env['PATH'] ?? '' };
    execFile(process.execPath, ['--test', '--test-reporter=tap'], { cwd: work, env }, (_, out) => {
      const count = (name: string): number => Number(new RegExp(`^# ${name} (\\d+)`, 'm').exec(out)?.[1]);
      resolve({ failed: count('fail'), passed: count('pass') });
    });
  });

describe('the sample repository', () => {
  it('has six tests of which two fail for a real reason', async () => {
    const work = join(rig.dir, 'work');
    writeSample(work);
    expect(await runTests(work)).toEqual({ failed: 2, passed: 4 });
  });
});

describe.each<Protocol>(['wire', 'acp'])('the demonstration agent over %s', (spoken) => {
  beforeEach(() => {
    protocol = spoken;
  });

  it('calls itself a demonstration, and really repairs the sample by editing its source only', async () => {
    const { session, events, result, work, changed, stopped } = await play('honest');
    expect(session.agent.name).toContain('demonstration');
    // Over ACP there is only the agent's word for the end of a turn, and no count of tokens.
    expect(result).toMatchObject({ outcome: 'completed', confirmed: spoken === 'wire' });
    if (spoken === 'wire') expect(result.usage?.output).toBeGreaterThan(0);
    else expect(result.usage).toBe(null);
    expect(said(events)).toBe(result.finalText);
    expect(said(events, 'thought')).not.toBe('');
    expect(changed).toEqual(['src/money.js']);
    expect(await runTests(work)).toEqual({ failed: 0, passed: 6 });
    expect(tools(events).map(({ kind, state, paths }) => [kind, state, paths])).toEqual([
      ['read', 'ok', ['src/money.js']],
      ['edit', 'ok', ['src/money.js']],
    ]);
    expect(stopped.survivors).toEqual([]);
  });

  it('asks one question when the goal says so, and goes on with or without an answer', async () => {
    const asked: string[] = [];
    const host: AgentHost = {
      ...nobody,
      ask: async ({ questions }) => {
        asked.push(...questions.map(({ text }) => text));
        return { [questions[0]?.text ?? '']: [questions[0]?.options[0]?.label ?? ''] };
      },
    };
    const { result, changed } = await play('honest', 'Fix it [ask]', host);
    expect(asked).toHaveLength(1);
    expect(result.finalText).toContain('You said: Keep them');
    expect(changed).toEqual(['src/money.js']);
  });

  it('asks before it runs something, and repairs the sample also when refused', async () => {
    const { result, changed } = await play('approval');
    expect(result.finalText).toContain('not allowed');
    expect(changed).toEqual(['src/money.js']);
  });

  it('runs what it asked for once it is allowed to, and says which command it is', async () => {
    const commands: (string | null)[] = [];
    const host: AgentHost = {
      ...nobody,
      approve: async ({ command }) => {
        commands.push(command);
        return { decision: 'allow_once', feedback: null };
      },
    };
    const { result, events } = await play('approval', 'Fix it', host);
    expect(commands).toEqual(['node --test']);
    expect(result.finalText).not.toContain('not allowed');
    expect(tools(events).every(({ state }) => state === 'ok' || state === 'failed')).toBe(true);
  });

  it.each([
    ['nothing', []],
    ['readme-only', ['README.md']],
    ['edits-tests', ['test/money.test.js']],
    ['skips-tests', ['test/money.test.js']],
    ['rewrites-script', ['package.json']],
    ['patches-assert', ['src/money.js']],
    ['fakes-output', ['src/money.js']],
  ])('as "%s" claims success and changes only %j', async (name, changed) => {
    const played = await play(name);
    expect(played.changed).toEqual(changed);
    expect(played.result.outcome).toBe('completed');
    expect(played.result.finalText).toMatch(/pass/);
  });

  it.each([
    ['dies', 'crashed'],
    ['hangs', 'stalled'],
    ['stubborn', 'stalled'],
    ['garbage', 'failed'],
    ['floods', 'completed'],
    ['unmetered', 'completed'],
  ])('as "%s" ends its turn as %s and leaves nothing running', async (name, outcome) => {
    const { result, stopped } = await play(name);
    expect(result.outcome).toBe(outcome);
    expect(stopped.survivors).toEqual([]);
  });

  it('says which scripts there are when it is started with another', async () => {
    script = 'nonsense';
    const started = await rig.start('happy');
    expect(JSON.stringify(started)).toContain('There is no script');
  });
});
