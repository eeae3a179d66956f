import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { resume, worlds } from './bad-input.ts';
import { running } from '../contract/agent-rig.ts';
import { cli, runArgs } from './omk.ts';
import type { Ended, World } from './omk.ts';

const world = worlds();
const once1 = ['--max-attempts', '1'];

const beginsAgent = (line: Record<string, unknown>): boolean =>
  line['type'] === 'attempt.started' && (line['payload'] as { kind?: string }).kind === 'agent';

/** The last line of a run is the result and nothing but; every line before is an event. */
function expectDocument(one: World, ended: Ended, status: string, exitCode: number): void {
  const lines = ended.stdout.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
  const last = lines.at(-1) ?? {};
  expect(Object.keys(last)).toEqual(['type', 'goal_id', 'status', 'reasons', 'proof_path', 'exit_code']);
  expect(last, ended.stderr).toMatchObject({ type: 'result', status, exit_code: exitCode });
  expect(ended.code).toBe(exitCode);
  const reasons = last['reasons'] as { code: string; message: string; evidence?: string[] }[];
  expect(reasons.length).toBeGreaterThan(0);
  for (const reason of reasons) {
    expect(Object.keys(reason).filter((key) => !['code', 'message', 'evidence'].includes(key))).toEqual([]);
    expect(reason.code).toMatch(/^[a-z_]+\.[a-z_]+$/);
    for (const digest of reason.evidence ?? [])
      expect(existsSync(join(one.state, 'artifacts', digest.slice(0, 2), digest)), digest).toBe(true);
  }
  const events = lines.slice(0, -1);
  expect(events.map((event) => event['version'])).toEqual(
    events.map((_, index) => index + Number(events[0]?.['version'] ?? 1)),
  );
  const proofPath = ended.result?.proof_path ?? null;
  if (proofPath !== null) expect(existsSync(proofPath)).toBe(true);
}

describe('a run ends with the result document and the code of its status', () => {
  it('not_ready: 3, with evidence', async () => {
    const one = world();
    const ended = await one.omk(runArgs(one, 'readme-only', ...once1));
    expectDocument(one, ended, 'not_ready', 3);
    expect(ended.result?.reasons.some((reason) => 'evidence' in reason)).toBe(true);
  });

  it('failed_infra: 7, for an agent that speaks no protocol at all', async () => {
    const one = world();
    expectDocument(one, await one.omk(runArgs(one, 'garbage', ...once1)), 'failed_infra', 7);
  });

  it('cancelled: 8, when another process cancels it', async () => {
    const one = world();
    const cancels: Promise<Ended>[] = [];
    const ended = await one.start(runArgs(one, 'slow'), (line) => {
      if (beginsAgent(line)) cancels.push(one.omk(['goal', 'cancel', '--json']));
    });
    expectDocument(one, ended, 'cancelled', 8);
    const [cancelled] = await Promise.all(cancels);
    expect(cancelled?.code, cancelled?.stderr).toBe(0);
  });

  it('cancelled: 8, without waiting for an agent that does not answer its start', async () => {
    const one = world();
    const seconds = `9${process.pid}`;
    const silent = runArgs(one, 'slow').map((word) =>
      word.startsWith('wire:') ? `acp:/bin/sleep ${seconds}` : word,
    );
    const cancels: Promise<number>[] = [];
    const cancel = async (): Promise<number> => {
      await expect.poll(() => running(`sleep\0${seconds}`), { timeout: 15_000 }).not.toEqual([]);
      const since = performance.now();
      await one.omk(['goal', 'cancel', '--json']);
      return since;
    };
    const ended = await one.start(silent, (line) => {
      if (beginsAgent(line)) cancels.push(cancel());
    });
    const endedAt = performance.now();
    expectDocument(one, ended, 'cancelled', 8);
    expect(running(`sleep\0${seconds}`)).toEqual([]);
    // The handshake alone may take 20 s.
    expect(endedAt - ((await cancels[0]) ?? 0)).toBeLessThan(15_000);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'paused: 9, on %s, with everything done so far kept, and goes on from there',
    async (signal) => {
      const one = world();
      const ended = await one.start(runArgs(one, 'slow'), (line, child) => {
        if (beginsAgent(line)) child.kill(signal);
      });
      expectDocument(one, ended, 'paused', 9);
      expect(ended.stderr).toMatch(/Pausing; what was done so far is kept\./);
      expect((await one.omk(['goal', 'status'])).stdout).toMatch(/^Paused \(paused\)/);
      if (signal !== 'SIGINT') return;
      expectDocument(one, await resume(one), 'ready', 0);
    },
  );

  it('paused: 9, when nobody reads its output any more, without a word about it', async () => {
    const one = world();
    const child = spawn(process.execPath, [cli, ...runArgs(one, 'slow')], {
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: join(one.root, 'home'),
        OMK_HOME: one.state,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (beginsAgent(JSON.parse(line) as Record<string, unknown>)) child.stdout.destroy();
    });
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(9);
    expect(stderr).toBe('');
    expect((await one.omk(['goal', 'status'])).stdout).toMatch(/^Paused/);
  });

  it('the same again when a goal that has ended is resumed, as after a kill that came a moment too late', async () => {
    const one = world();
    const ended = await one.omk(runArgs(one, 'honest'));
    expect(ended.result).toMatchObject({ status: 'ready' });
    expect(await resume(one)).toMatchObject({ code: 0, result: ended.result });
    const refused = await one.omk(['goal', 'resume', 'latest']);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/This goal has ended/);
    expect((await one.omk(['goal', 'accept', 'latest', '--until-ready'])).code).toBe(1);
  });

  it('running: opened and not followed, with the code of having opened it', async () => {
    const one = world();
    const args = runArgs(one, 'honest').filter((arg) => arg !== '--until-ready');
    const ended = await one.omk(args);
    expectDocument(one, ended, 'running', 0);
    const shown = await one.omk(args.filter((arg) => arg !== '--json'));
    expect(shown.stdout).toMatch(/^Goal opened: goal-\S+\nNothing runs yet\. Go on with: omk goal resume /);
    expectDocument(
      one,
      await one.omk(['goal', 'execute', ended.result?.goal_id ?? '', '--json']),
      'ready',
      0,
    );
  });
});

describe('a goal whose log was changed outside omk', () => {
  it('is failed_infra everywhere, names the event, and is driven no further', async () => {
    const one = world();
    const ended = await one.omk(runArgs(one, 'honest'));
    expect(ended.result).toMatchObject({ status: 'ready' });
    const raw = new Database(join(one.state, 'goals.db'));
    raw.exec('DROP TRIGGER events_are_append_only; UPDATE events SET at = at + 1 WHERE version = 6');
    raw.close();
    const problem = /Event 6 does not match its hash/;
    const status = await one.omk(['goal', 'status', '--json']);
    expect(JSON.parse(status.stdout)).toMatchObject({
      status: 'failed_infra',
      line: expect.stringMatching(problem),
    });
    expect(JSON.parse((await one.omk(['goal', 'list', '--json'])).stdout)).toMatchObject([
      { status: 'failed_infra', readOnly: expect.stringMatching(problem) },
    ]);
    const verified = await one.omk(['goal', 'verify']);
    expect(verified.code).toBe(1);
    expect(verified.stdout).toMatch(problem);
    for (const act of [
      ['goal', 'resume', '--until-ready', '--json'],
      ['goal', 'cancel'],
      ['goal', 'proof'],
    ]) {
      const refused = await one.omk(act);
      expect(refused.code, refused.stdout).toBe(1);
      expect(refused.stderr).toMatch(problem);
    }
  });
});

it(
  'prints text of a goal, an agent and a path without letting it act, and the same as JSON',
  { timeout: 240_000 },
  async () => {
    const one = world();
    const hostile = `Fix src/money.js so that the tests pass \u001b[2J\u001b]0;owned\u0007\u202egnp.exe\u009b31m\r\nReady (ready)`;
    const args = runArgs(one, 'honest').map((arg) => (arg.startsWith('Fix src/money.js') ? hostile : arg));
    const ended = await one.omk(args.filter((arg) => arg !== '--json'));
    expect(ended.code, ended.stderr).toBe(0);
    const acting = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/; // eslint-disable-line no-control-regex
    expect(ended.stdout).not.toMatch(acting);
    expect(ended.stderr).not.toMatch(acting);
    const views = [
      'status',
      'show',
      'events',
      'budget',
      'diff',
      'proof',
      'questions',
      'list',
      'verify',
      'replay',
    ];
    for (const view of views) {
      const [text, json] = await Promise.all([one.omk(['goal', view]), one.omk(['goal', view, '--json'])]);
      expect(text.code, `${view}: ${text.stderr}`).toBe(0);
      expect(text.stdout, view).not.toMatch(acting);
      expect(text.stderr, view).toBe('');
      expect(text.stdout.length, view).toBeGreaterThan(5);
      expect(json.stdout, view).not.toMatch(acting);
      expect(() => JSON.parse(json.stdout) as unknown, view).not.toThrow();
      expect(json.stderr, view).toBe('');
    }
    const events = JSON.parse((await one.omk(['goal', 'events', '--json'])).stdout) as {
      payload: { text?: string };
    }[];
    expect(events[0]?.payload.text).toBe(hostile);
  },
);
