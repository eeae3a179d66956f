import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../src/main/demo-agent/scripts.ts';
import { answer, commitAll, put, worlds } from './bad-input.ts';
import { runArgs } from './omk.ts';
import type { World } from './omk.ts';

const world = worlds();

/** Everything under the state directory but the repositories and worktrees of agents, which are theirs. */
function kept(one: World): string[] {
  return readdirSync(one.state, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/^(?:work\/goals|vaults\/goals)\//.test(relative(one.state, path)));
}

function found(one: World, secrets: readonly string[]): string[] {
  return kept(one).flatMap((path) => {
    if (!statSync(path).isFile()) return [];
    const bytes = readFileSync(path);
    return secrets.flatMap((secret) =>
      bytes.includes(secret) ? [`${relative(one.state, path)}: ${secret}`] : [],
    );
  });
}

describe('what omk keeps', () => {
  it('holds no secret that an agent or a gate printed, before and after it was answered', async () => {
    const one = world();
    // In the repository, where it is none of omk's business; a gate prints it on every run.
    put(one, 'deploy.key', `${seeded.key}\n${seeded.token}\n`);
    commitAll(one);
    const lines = seeded.key.split('\n');
    const secrets = [
      seeded.token,
      lines[1] ?? '',
      seeded.bearer.replace(/.* /, ''),
      seeded.token.slice(4, 24),
    ];
    const print = `prints=node -e "console.log(require('fs').readFileSync('deploy.key','utf8'))"`;
    const ended = await one.omk(runArgs(one, 'leaks', '--gate', print, '--isolation', 'none'));
    expect(ended.result, ended.stderr).toMatchObject({ status: 'blocked_on_human' });
    expect(found(one, secrets)).toEqual([]);
    const done = await answer(one, '--choice', '1');
    expect(done.result, done.stderr).toMatchObject({ status: 'ready' });
    expect(found(one, secrets)).toEqual([]);
    for (const secret of secrets)
      for (const said of [ended, done]) {
        expect(said.stdout).not.toContain(secret);
        expect(said.stderr).not.toContain(secret);
      }
    // They were there to be found: the agent said them, and omk kept what was around them.
    const marks = kept(one).filter(
      (path) => statSync(path).isFile() && readFileSync(path).includes('[REDACTED]'),
    );
    expect(marks.map((path) => relative(one.state, path).split('/')[0])).toEqual(
      expect.arrayContaining(['artifacts', 'transcripts', 'goals.db', 'goals']),
    );
  });

  it('is entered and read by its owner only', async () => {
    const one = world();
    const ended = await one.omk(runArgs(one, 'honest'));
    expect(ended.result, ended.stderr).toMatchObject({ status: 'ready' });
    await one.omk(['goal', 'export', '--to', join(one.root, 'exported')]);
    const exported = readdirSync(join(one.root, 'exported'), { recursive: true, withFileTypes: true }).map(
      (entry) => join(entry.parentPath, entry.name),
    );
    const wrong = [one.state, join(one.root, 'exported'), ...kept(one), ...exported].filter((path) => {
      const stat = statSync(path);
      return (stat.mode & 0o777) !== (stat.isDirectory() ? 0o700 : 0o600);
    });
    expect(wrong).toEqual([]);
    // What agents and git make has the modes they give it, in folders nobody else may enter.
    for (const place of ['work/goals', 'vaults/goals'])
      for (const goal of readdirSync(join(one.state, place)))
        expect(statSync(join(one.state, place, goal)).mode & 0o777).toBe(0o700);
  });

  it('can be exported, and is then verified on another machine without omk’s state', async () => {
    const one = world();
    const ended = await one.omk(runArgs(one, 'honest'));
    expect(ended.result, ended.stderr).toMatchObject({ status: 'ready' });
    const first = await one.omk(['goal', 'export', '--to', 'out/first', '--json']);
    expect(first.code, first.stderr).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({ path: join(one.root, 'out/first') });
    // Onto nothing, into an empty folder, and never over something.
    mkdirSync(join(one.root, 'empty'));
    expect((await one.omk(['goal', 'export', '--to', 'empty'])).code).toBe(0);
    for (const taken of ['out/first', 'repo']) {
      const again = await one.omk(['goal', 'export', 'latest', '--to', taken]);
      expect(again.code).toBe(1);
      expect(again.stderr).toMatch(/exists and is not an empty folder/);
    }
    const elsewhere = join(one.root, 'elsewhere');
    cpSync(join(one.root, 'out/first'), elsewhere, { recursive: true });
    rmSync(join(one.root, 'out'), { recursive: true });
    const state = join(one.root, 'state-away');
    execFileSync('mv', [one.state, state]);
    const verified = await one.omk(['proof', 'verify', join(elsewhere, 'proof.json'), '--json']);
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, problems: [], notes: [] });
    expect(readdirSync(one.root)).not.toContain('state');
    const evidence = readdirSync(join(elsewhere, 'evidence'));
    expect(evidence.length).toBeGreaterThan(5);
    for (const name of evidence) {
      const path = join(elsewhere, 'evidence', name);
      const bytes = readFileSync(path);
      writeFileSync(path, Buffer.concat([bytes, Buffer.from('\n')]));
      const broken = await one.omk(['proof', 'verify', join(elsewhere, 'proof.json')]);
      expect(broken.code).toBe(1);
      expect(broken.stdout).toBe(`Evidence ${name} was changed.`);
      writeFileSync(path, bytes);
      break;
    }
    execFileSync('mv', [state, one.state]);
  });

  it('gives back the disk of a goal that is over, and nothing that a retry needs', async () => {
    const one = world();
    const over = await one.omk(runArgs(one, 'honest'));
    expect(over.result, over.stderr).toMatchObject({ status: 'ready' });
    // What the first run did not come to is done at the start of the next.
    const failed = await one.omk(runArgs(one, 'nothing'));
    expect(failed.result, failed.stderr).toMatchObject({ status: 'not_ready' });
    const [first = '', second = ''] = [over.result?.goal_id, failed.result?.goal_id];
    const there = (...parts: string[]) => existsSync(join(one.state, 'work', ...parts));
    expect([there('goals', first), there(first, 'rooms')]).toEqual([false, false]);
    expect([there('goals', second, 'slices'), there(second, 'rooms')]).toEqual([true, true]);
    const vault = join(one.state, 'vaults/goals', first);
    const custody = one.git('--git-dir', vault, 'for-each-ref', '--format=%(refname)', 'refs/omk/custody');
    expect(custody).toMatch(/\/left$/m);
    const shown = await one.omk(['goal', 'diff', first]);
    expect(shown.code, shown.stderr).toBe(0);
    expect(shown.stdout).toContain('src/money.js');
    const again = await one.omk(['proof', 'verify', over.result?.proof_path ?? '', '--json']);
    expect(JSON.parse(again.stdout)).toMatchObject({ ok: true });
  });
});
