import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runArgs } from './omk.ts';
import type { Ended, World } from './omk.ts';
import {
  answer,
  changed,
  expectRefused,
  expectStopped,
  leftAlone,
  openQuestions,
  worlds,
} from './bad-input.ts';

const world = worlds();
const once = ['--max-attempts', '1'];

const withAgent = (one: World, command: string, ...more: string[]): string[] =>
  changed(runArgs(one, 'honest', ...more), '--agent-command', command);

/** The person's own configuration file of this world. */
function configure(one: World, text: string): void {
  const dir = join(one.root, 'home', '.config', 'omk');
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'config.toml'), text);
}

describe('an agent that cannot even be started', () => {
  it('is refused by name, or by protocol, before anything is made', async () => {
    const one = world();
    const byName = runArgs(one, 'honest').map((arg) => (arg === '--agent-command' ? '--agent' : arg));
    expectRefused(await one.omk(changed(byName, '--agent', 'nobody')), 1, /nobody/);
    expectRefused(await one.omk(withAgent(one, 'telnet:x')), 2, /"wire:CMD" or "acp:CMD"/);
    expectRefused(await one.omk(withAgent(one, 'wire:')), 1, /command|program/i);
    expect(JSON.parse((await one.omk(['goal', 'list', '--json'])).stdout)).toEqual([]);
  });

  it('stops the goal when its program is not there, and names it', async () => {
    const one = world();
    const ended = await one.omk(withAgent(one, 'wire:no-such-agent --acp'));
    expectStopped(ended, 'blocked_on_external', /no-such-agent/);
  });

  for (const [what, command] of [
    ['ends at once', 'wire:/bin/false'],
    ['says something else', 'wire:/bin/echo hello'],
    ['never answers', 'wire:/bin/sleep 1000'],
    ['never answers', 'acp:/bin/sleep 1000'],
  ] as const) {
    it(`is tried three times and no more when it ${what} (${command})`, async () => {
      const one = world();
      configure(one, '[timeouts]\nhandshake = "1s"\n');
      const ended = await one.omk(withAgent(one, command));
      expectStopped(ended, 'failed_infra', /agent|handshake/i);
      expect(ended.code).toBe(7);
      const tries = ended.events.filter(
        (event) => event.type === 'attempt.started' && event.payload['kind'] === 'agent',
      );
      expect(tries).toHaveLength(3);
      expect(leftAlone(one)).toBe(true);
    });
  }
});

describe('an agent that goes wrong in its turn', () => {
  it('is not ready when it dies, says so, and its next try may still end ready', async () => {
    const one = world();
    const ended = await one.omk(runArgs(one, 'dies', ...once));
    expectStopped(ended, 'not_ready', /ended in the middle|exited|ended/);
    expect(leftAlone(one)).toBe(true);
  });

  it('stops the goal for garbage beyond the limit, with the log intact', async () => {
    const one = world();
    const ended = await one.omk(runArgs(one, 'garbage', ...once));
    expectStopped(ended, 'failed_infra', /agent/i);
    const events = await one.omk(['goal', 'events', '--json']);
    expect(events.stdout.length).toBeLessThan(1_000_000);
    expect(leftAlone(one)).toBe(true);
  });

  it('ends by what the gates say when it floods 64 MB of text', async () => {
    const one = world();
    const flood = ['--budget-tokens', '100000000'];
    const ended = await one.omk(runArgs(one, 'floods', ...once, ...flood));
    expect(ended.result, ended.stderr).toMatchObject({ status: 'ready' });
    expect(ended.stdout.length).toBeLessThan(1_000_000);
  });

  it('loses nothing when it commits and switches branches by itself', async () => {
    const one = world();
    const ended = await one.omk(runArgs(one, 'commits'));
    expect(ended.result, ended.stderr).toMatchObject({ status: 'ready' });
    const branch = `goal/${ended.result?.goal_id}/result`;
    expect(one.git('rev-parse', `${branch}^`)).toBe(one.git('rev-parse', 'main'));
    expect(one.git('branch', '--list', 'my-own-branch')).toBe('');
  });

  it('is stopped within the turn when its goal is rejected for good', async () => {
    const one = world();
    const rejecting: Promise<Ended>[] = [];
    const ended = await one.start(runArgs(one, 'hangs', '--planning', 'heuristic'), (line) => {
      const payload = line['payload'] as { kind?: string } | undefined;
      if (line['type'] === 'attempt.started' && payload?.kind === 'agent')
        rejecting.push(one.omk(['goal', 'reject', '--reason', 'no longer needed', '--conclude']));
    });
    expect(await Promise.all(rejecting)).toMatchObject([{ code: 0 }]);
    expect(ended.result?.status, ended.stderr).not.toBe('ready');
    expect(ended.events.filter((event) => event.type === 'goal.concluded')).toHaveLength(1);
  });

  it('waits for the person when its login is missing, and goes on with the answer', async () => {
    const one = world();
    const fake = join(import.meta.dirname, '..', 'fakes', 'wire-server.ts');
    const ended = await one.omk(withAgent(one, `wire:${process.execPath} ${fake} signed-out`));
    expectStopped(ended, 'blocked_on_human', /Try again now/);
    const [asked] = await openQuestions(one);
    expect(asked?.question).toMatchObject({ kind: 'person.needed' });
    expect(asked?.question.context).toMatch(/not signed in.*sign in/);
    const again = await answer(one, '--choice', 'retry');
    expectStopped(again, 'blocked_on_human', /Try again now/);
  });
});
