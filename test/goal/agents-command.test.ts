import { existsSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { worlds } from './bad-input.ts';
import type { World } from './omk.ts';

const world = worlds();
const demo = join(import.meta.dirname, '../../src/main/demo-agent/main.ts');
const command = `wire:${process.execPath} ${demo}`;
const configOf = (one: World): string => join(one.root, 'home/.config/omk/config.toml');

describe('omk agents', () => {
  it('adds an agent after a trial, names it in the list, drives a goal with it, and removes it', async () => {
    const one = world();
    mkdirSync(join(one.root, 'home/.config/omk'), { recursive: true });
    writeFileSync(configOf(one), '# mine\n[goal]\nmax_attempts = 2\n');
    const added = await one.omk(['agents', 'add', 'mine', command]);
    expect(added.code, added.stderr).toBe(0);
    expect(added.stdout).toContain('It answered “ready”.');
    expect(readFileSync(configOf(one), 'utf8')).toContain(
      '# mine\n[goal]\nmax_attempts = 2\n\n[agents.mine]',
    );
    const listed = JSON.parse((await one.omk(['agents', '--json'])).stdout) as { name: string }[];
    expect(listed.map(({ name }) => name)).toContain('mine');
    const ended = await one.omk([
      ...['goal', 'run', 'Fix src/money.js so that the tests in test/money.test.js pass', '--repo', one.repo],
      ...['--agent', 'mine', '--yes-plan', '--trust-gates', '--accept', 'auto', '--until-ready', '--json'],
    ]);
    expect(ended.result, ended.stderr).toMatchObject({ status: 'ready' });
    expect((await one.omk(['agents', 'remove', 'mine'])).code).toBe(0);
    expect(readFileSync(configOf(one), 'utf8')).toBe('# mine\n[goal]\nmax_attempts = 2\n');
  });

  it('does not add what fails its trial, unless it is told to', async () => {
    const one = world();
    const refused = await one.omk(['agents', 'add', 'mine', 'acp:no-such-agent']);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('There is no program “no-such-agent” on your PATH.');
    expect(existsSync(configOf(one))).toBe(false);
    expect((await one.omk(['agents', 'add', 'mine', 'acp:no-such-agent', '--force'])).code).toBe(0);
    const again = await one.omk(['agents', 'add', 'mine', 'acp:other', '--force']);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('already') as string });
  });

  it('refuses names and variables that would mean something else', async () => {
    const one = world();
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['demo', command], /means something else/],
      [['a\u0007b', command], /at most 40/],
      [['mine', 'acp:a | b'], /shell/i],
      [['mine', command, '--env', 'HOME'], /omk sets HOME/],
    ];
    for (const [args, words] of cases) {
      const ended = await one.omk(['agents', 'add', ...args, '--force']);
      expect(ended.code).toBe(1);
      expect(ended.stderr).toMatch(words);
      expect(ended.stderr).not.toContain('\u0007');
    }
    expect(existsSync(configOf(one))).toBe(false);
  });

  it('says of a trial as JSON Lines how it went, and ends with 1 when it failed', async () => {
    const one = world();
    const ended = await one.omk(['agents', 'try', 'wire:/bin/false', '--json']);
    expect(ended.code).toBe(1);
    const items = ended.stdout.split('\n').map((line) => JSON.parse(line) as { type: string });
    expect(items.at(-1)).toMatchObject({ type: 'ended', ok: false });
  });
});

describe('omk doctor', () => {
  it('explains every lack with its fix and is healthy where omk works', async () => {
    const one = world();
    const ended = await one.omk(['doctor', '--json']);
    expect(ended.code, ended.stderr).toBe(0);
    const { healthy, checks } = JSON.parse(ended.stdout) as {
      healthy: boolean;
      checks: { id: string; state: string; fix: string | null }[];
    };
    expect(healthy).toBe(true);
    expect(checks.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['git', 'node', 'isolation', 'disk', 'state', 'config', 'electron', 'agents']),
    );
    for (const { state, fix } of checks) if (state === 'failed') expect(fix).not.toBeNull();
  });

  it('ends with 1 without Git', async () => {
    const one = world({ PATH: '/nonexistent' });
    const ended = await one.omk(['doctor']);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/FAILED +Git/);
    expect(ended.stdout).toContain('Install Git');
  });
});
