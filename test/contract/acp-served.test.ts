import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createAcpBackend } from '../../src/main/adapters/agents/acp/backend.ts';
import { spawnManaged } from '../../src/main/adapters/process/spawn.ts';
import type { AgentHost, ApprovalRequest } from '../../src/main/runtime/agent-backend.ts';
import type { AgentSpec } from '../../src/shared/goal/vocabulary.ts';
import { createRig, namespaces, never, nobody, said, tools } from './agent-rig.ts';

const script = join(dirname(fileURLToPath(import.meta.url)), '..', 'fakes', 'acp-agent.ts');
let played: AgentSpec;
const rig = createRig({
  name: 'ACP',
  makeBackend: (o) => createAcpBackend({ spawn: spawnManaged, version: '0.0.0', ...o }),
  fakeFor: () => played,
});

type Extra = Parameters<typeof rig.open>[1];
const play = (scenario: string): void => {
  played = {
    name: 'fake',
    protocol: 'acp',
    argv: [process.execPath, script, scenario],
    envNames: [],
    quirks: 'demo',
  };
};
const open = (scenario: string, extra?: Extra) => {
  play(scenario);
  return rig.open('happy', extra);
};

/** Plays the scenario; `answers` are what omk answered, in order. */
async function turn(scenario: string, extra?: Extra) {
  play(scenario);
  writeFileSync(join(rig.dir, 'user/secret.txt'), 'theirs\n');
  const { session, events, result, stopped } = await rig.turn('happy', extra);
  const answers = said(events)
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { session, events, result, stopped, answers };
}

/** Allows or refuses what omk is asked to do, as a person or a policy would, and keeps what it was asked. */
function host(decide: (request: ApprovalRequest) => boolean = () => true) {
  const seen: ApprovalRequest[] = [];
  const value: AgentHost = {
    ...nobody,
    approve: async (request) => {
      seen.push(request);
      return decide(request)
        ? { decision: 'allow_once', feedback: null }
        : { decision: 'reject', feedback: 'The person said: not this.' };
    },
  };
  return { seen, host: value };
}
const inWork = (path: string): string => join(rig.dir, 'work', path);
const user = (): readonly string[] => readdirSync(join(rig.dir, 'user'));
const message = (answer: Record<string, unknown> | undefined): string => String(answer?.['message']);

describe('ACP: files that omk reads and writes', () => {
  it('are whole or the lines asked for, and what cannot be read is refused with a reason', async () => {
    const { answers, session } = await turn('serves-files', { host: host().host });
    expect(session.caps).toMatchObject({ hostFs: true, hostExec: true });
    expect(answers.slice(0, 4)).toEqual([
      {},
      { content: 'one\r\ntwo\nthree' },
      { content: 'two\n' },
      { content: '' },
    ]);
    expect(answers[4]).toMatchObject({ code: -32002 });
    expect(answers.slice(5).map(message)).toEqual([
      'deep is a folder, not a file.',
      'latin.txt is not UTF-8 text; look at it with a command.',
    ]);
    expect(readFileSync(inWork('deep/new/a.txt'), 'utf8')).toBe('one\r\ntwo\nthree');
  });

  it('keep their mode when they are replaced', async () => {
    mkdirSync(inWork('deep/new'), { recursive: true });
    writeFileSync(inWork('deep/new/a.txt'), '#!/bin/sh\n', { mode: 0o755 });
    await turn('serves-files', { host: host().host });
    expect(statSync(inWork('deep/new/a.txt')).mode & 0o777).toBe(0o755);
    expect(readdirSync(inWork('deep/new'))).toEqual(['a.txt']);
  });

  it('outside the worktree are not read, and asked about before they are written', async () => {
    const refusing = host(() => false);
    const { answers } = await turn('climbs', { host: refusing.host });
    expect(message(answers[0])).toContain('is outside the worktree');
    expect(answers.slice(1).map(message)).toEqual(Array(2).fill('The person said: not this.'));
    expect(refusing.seen.map((one) => one.paths)).toEqual(Array(2).fill([join(rig.dir, 'user/made.txt')]));
    expect(user()).toEqual(['secret.txt']);
  });

  it('are asked about with every line that would be written', async () => {
    const allowing = host();
    const { answers } = await turn('writes-outside', { host: allowing.host });
    const path = join(rig.dir, 'user/made.txt');
    expect(allowing.seen).toMatchObject([
      { paths: [path], diff: `--- ${path}\n+++ ${path}\n+new`, byHost: true },
    ]);
    expect(answers).toEqual([{}]);
    expect(readFileSync(path, 'utf8')).toBe('new\n');
  });

  it('are asked about once, by the permission or by the write, and exactly those bytes are allowed', async () => {
    const careful = host((one) => one.diff?.includes('+something else') !== true);
    const { answers } = await turn('asks-then-writes', { host: careful.host });
    const path = join(rig.dir, 'user/made.txt');
    const head = `--- ${path}\n+++ ${path}\n`;
    expect(careful.seen).toMatchObject([
      { paths: [path], diff: `${head}+harmless`, byHost: true },
      { paths: [path], diff: `${head}-harmless\n+harmless`, byHost: true },
      { paths: [path], diff: `${head}-harmless\n+something else`, byHost: true },
    ]);
    expect(message(answers.at(-1))).toBe('The person said: not this.');
    expect(readFileSync(path, 'utf8')).toBe('harmless\n');
  });

  it('are asked about again with what would be written, when permission was asked for the path alone', async () => {
    const careful = host((one) => one.diff === null);
    const { answers } = await turn('asks-for-a-path', { host: careful.host });
    expect(careful.seen.map((one) => one.diff?.split('\n').at(-1))).toEqual([undefined, '+something else']);
    expect(message(answers.at(-1))).toBe('The person said: not this.');
    expect(user()).toEqual(['secret.txt']);
  });

  it('are not written where the agent may only read, whoever would allow it', async () => {
    const { answers } = await turn('serves-files', { host: host().host, readOnly: [join(rig.dir, 'work')] });
    expect(message(answers[0])).toContain('You may only read here');
    expect(existsSync(inWork('deep'))).toBe(false);
  });

  it('are where links really lead, and a link to nothing is no place to write', async () => {
    const refusing = host(() => false);
    const { answers } = await turn('symlink-escape', { host: refusing.host });
    expect(answers.slice(0, 2).map(message)).toEqual([
      expect.stringContaining('is outside the worktree'),
      expect.stringContaining('is outside the worktree'),
    ]);
    expect(answers.slice(2).map(message)).toEqual([
      'The person said: not this.',
      'The person said: not this.',
      expect.stringContaining('leads nowhere'),
    ]);
    expect(refusing.seen.flatMap((one) => one.paths)).toEqual(
      ['made.txt', 'secret.txt'].map((name) => join(rig.dir, 'user', name)),
    );
    expect(readFileSync(join(rig.dir, 'user/secret.txt'), 'utf8')).toBe('theirs\n');
    expect(user()).toEqual(['secret.txt']);
  });

  it('stay in the worktree when a command swaps a folder for a link under them', async () => {
    const { host: careful } = host(
      (one) => one.command !== null || one.paths[0]?.includes('/work/') === true,
    );
    await turn('races-links', { host: careful });
    expect(user()).toEqual(['secret.txt']);
  });
});

describe('ACP: commands that omk runs', () => {
  it('come with their real exit codes, signals and output in the order it was written', async () => {
    const allowing = host();
    const { answers, events } = await turn('runs', { host: allowing.host });
    expect(allowing.seen.map((one) => one.command)).toEqual([
      'echo out; echo err >&2; echo more; exit 3',
      'kill -KILL $$',
    ]);
    expect(answers[0]).toEqual({
      output: 'out\nerr\nmore\n',
      truncated: false,
      exitStatus: { exitCode: 3, signal: null },
    });
    expect(answers[1]).toMatchObject({ exitStatus: { exitCode: null, signal: 'SIGKILL' } });
    expect(answers[2]).toMatchObject({ code: -32002 });
    expect(tools(events)[0]).toMatchObject({
      command: 'echo out; echo err >&2; echo more; exit 3',
      state: 'failed',
      exitCode: 3,
      output: 'out\nerr\nmore\n',
    });
  });

  it.skipIf(!namespaces)('run in namespaces where the agent does', async () => {
    const { answers } = await turn('runs', { host: host().host, use: 'namespaces' });
    expect(answers[0]).toMatchObject({ exitStatus: { exitCode: 3, signal: null } });
    // Process 1 of the namespace tells a signal as a shell does.
    expect(answers[1]).toMatchObject({ exitStatus: { exitCode: 137, signal: null } });
  });

  it('show what they say while they still run', async () => {
    const { session, events, until } = await open('says-slowly', { host: host().host });
    const result = session.prompt('go', never());
    await until(() => tools(events).some((tool) => tool.state === 'running' && tool.output === 'one\n'));
    await session.cancel('seen');
    expect((await result).outcome).toBe('cancelled');
  });

  it('of which two hundred are wanted at once each get their own answer', async () => {
    const some = host((one) => one.command?.endsWith('7') === true);
    const { result } = await turn('many-commands', { host: some.host });
    expect(some.seen).toHaveLength(200);
    expect(result.finalText).toBe('20 ran, 180 refused');
  });

  it('keep the end of a long output, in whole characters', async () => {
    const { answers, events } = await turn('terminal-quota', { host: host().host });
    const output = String(answers[0]?.['output']);
    expect(answers[0]).toMatchObject({ truncated: true, exitStatus: { exitCode: 0 } });
    expect(Buffer.byteLength(output)).toBeLessThanOrEqual(1_000);
    expect(Buffer.byteLength(output)).toBeGreaterThan(990);
    expect(output).toMatch(/^[日本\n]+the end$/u);
    expect(tools(events)[0]?.output).toBe(output);
  });

  it('fill no transcript with what an agent asks for again and again', async () => {
    const { result } = await turn('polls-long-output', { host: host().host });
    expect(result.finalText).toBe('200000 characters, 50 times');
    expect(statSync(join(rig.dir, 'transcript.jsonl')).size).toBeLessThan(200_000);
  });

  it('end when they are killed, and what they said can still be read until they are released', async () => {
    const { answers } = await turn('terminal-kill', { host: host().host });
    const killed = { exitCode: null, signal: 'SIGTERM' };
    expect(answers).toEqual([
      {},
      killed,
      { output: 'begun\n', truncated: false, exitStatus: killed },
      {},
      expect.objectContaining({ code: -32002 }),
    ]);
  });

  for (const use of ['none', 'namespaces'] as const) {
    it.skipIf(use === 'namespaces' && !namespaces)(
      `leave nothing running when the turn is over or cancelled (${use})`,
      async () => {
        const { session } = await open('leaves-running', { host: host().host, use });
        expect(await session.prompt('go', never())).toMatchObject({ outcome: 'completed' });
        expect(rig.ours().filter((line) => line.includes('sleep'))).toEqual([]);
        const other = await open('runs-until-cancelled', { host: host().host, use });
        const controller = new AbortController();
        const result = other.session.prompt('go', controller.signal);
        await other.until(() => said(other.events).includes('tick'));
        controller.abort();
        expect((await result).outcome).toBe('cancelled');
        expect(rig.ours().filter((line) => line.includes('sleep'))).toEqual([]);
        for (const one of [session, other.session]) expect((await one.stop()).survivors).toEqual([]);
      },
    );
  }

  it('are not run, and nothing is written, when nobody has asked for work', async () => {
    const allowing = host();
    const { session, events, until } = await open('runs-late', { host: allowing.host });
    await session.prompt('go', never());
    await until(() => said(events).includes('over'));
    expect(said(events).match(/Nobody has asked for work/g)).toHaveLength(2);
    expect(allowing.seen).toEqual([]);
    expect(existsSync(inWork('late.txt'))).toBe(false);
  });

  it('are asked about once, by the permission or by the command, and exactly that is allowed', async () => {
    const exact = host((one) => one.command === 'touch made-by-command.txt');
    const { answers } = await turn('asks-then-runs', { host: exact.host });
    expect(exact.seen.map((one) => one.command)).toEqual([
      'touch made-by-command.txt',
      'touch made-by-command.txt another.txt',
    ]);
    expect(message(answers.at(-1))).toBe('The person said: not this.');
    expect(readdirSync(inWork(''))).toEqual(['made-by-command.txt']);
  });
});

describe('ACP: many requests at once', () => {
  it('each get the answer to themselves, whatever the ids of their options', async () => {
    const some = host((one) => one.command === 'make part-7');
    const { result } = await turn('many-permissions', { host: some.host });
    expect(some.seen).toHaveLength(200);
    expect(result.finalText).toBe('200 answers, 4 allowed');
  });
});
