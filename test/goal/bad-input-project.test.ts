import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isolationAvailable } from '../../src/main/adapters/process/isolation.ts';
import { runArgs } from './omk.ts';
import type { Ended } from './omk.ts';
import { answer, changed, expectStopped, openQuestions, put, resume, worlds } from './bad-input.ts';

const world = worlds();
const addedTest = `
test('writes nothing as zero', () => {
  assert.equal(formatCents(0), '0.00');
});
`;

it('starts from the last commit and says what it leaves out', async () => {
  const one = world();
  put(one, 'README.md', 'not committed\n');
  const ended = await one.omk(runArgs(one, 'honest'));
  expect(ended.result, ended.stderr).toMatchObject({ status: 'ready' });
  expect(JSON.stringify(ended.events)).toContain('1 uncommitted change is not part of the base.');
  expect(one.git('status', '--porcelain')).toBe('M README.md');
  expect(one.git('show', `goal/${ended.result?.goal_id}/result:README.md`)).not.toContain('not committed');
});

it('asks before it leaves out uncommitted tests, touches none of them, and goes on', async () => {
  const one = world();
  const path = join(one.repo, 'test/money.test.js');
  const text = `${readFileSync(path, 'utf8')}${addedTest}`;
  put(one, 'test/money.test.js', text);
  const ended = await one.omk(runArgs(one, 'honest'));
  expectStopped(ended, 'blocked_on_human', /without your uncommitted changes/);
  const [asked] = await openQuestions(one);
  expect(asked?.question).toMatchObject({ kind: 'base.dirty' });
  expect(asked?.question.subject).toContain('test/money.test.js');
  const again = await answer(one, '--choice', '1');
  expect(again.result, again.stderr).toMatchObject({ status: 'ready' });
  expect(readFileSync(path, 'utf8')).toBe(text);
});

it('starts from a snapshot of uncommitted work, which becomes the first commit of the branch', async () => {
  const one = world();
  const path = join(one.repo, 'test/money.test.js');
  put(one, 'test/money.test.js', `${readFileSync(path, 'utf8')}${addedTest}`);
  put(one, 'new file.txt', 'untracked\n');
  const before = one.git('status', '--porcelain');
  const ended = await one.omk(runArgs(one, 'honest', '--from', 'snapshot'));
  expect(ended.result, ended.stderr).toMatchObject({ status: 'ready' });
  const branch = `goal/${ended.result?.goal_id}/result`;
  expect(one.git('rev-parse', `${branch}~2`)).toBe(one.git('rev-parse', 'main'));
  expect(one.git('diff', '--name-only', 'main', `${branch}~1`).split('\n')).toEqual([
    'new file.txt',
    'test/money.test.js',
  ]);
  expect(one.git('diff', '--name-only', `${branch}~1`, branch)).toBe('src/money.js');
  expect(one.git('status', '--porcelain')).toBe(before);
});

it('keeps the proof when the project is gone at landing, and lands once it is back', async () => {
  const one = world();
  const away = join(one.root, 'elsewhere');
  const ended = await one.start(runArgs(one, 'honest'), (line) => {
    const payload = line['payload'] as { kind?: string } | undefined;
    if (line['type'] === 'attempt.started' && payload?.kind === 'agent') renameSync(one.repo, away);
  });
  if ((await isolationAvailable()).use === 'none') {
    // An agent that nothing confines could have done this itself.
    expectStopped(ended, 'not_ready', /project/);
    return;
  }
  expectStopped(ended, 'blocked_on_human', /land the result again/);
  const [asked] = await openQuestions(one);
  expect(asked?.question).toMatchObject({ kind: 'landing.refused' });
  expect(asked?.question.context).toMatch(/project is not where it was.*proof is kept/);
  const proof = await one.omk(['proof', 'verify', ended.result?.proof_path ?? '']);
  expect(proof.code, proof.stdout + proof.stderr).toBe(0);
  const still = await answer(one, '--choice', '1');
  expectStopped(still, 'blocked_on_human', /land the result again/);
  renameSync(away, one.repo);
  const again = await answer(one, '--choice', '1');
  expect(again.result, again.stderr).toMatchObject({ status: 'ready' });
  expect(one.git('branch', '--list', 'goal/*')).toContain(ended.result?.goal_id);
});

it('says that the project vanished before its copy was made, and goes on once it is back', async () => {
  const one = world();
  const later = runArgs(one, 'honest').filter((arg) => arg !== '--until-ready');
  expect((await one.omk(later)).code).toBe(0);
  renameSync(one.repo, join(one.root, 'elsewhere'));
  const ended = await resume(one);
  expectStopped(ended, 'blocked_on_external', /project is not where it was. Put it back/);
  renameSync(join(one.root, 'elsewhere'), one.repo);
  const again = await resume(one);
  expect(again.result, again.stderr).toMatchObject({ status: 'ready' });
});

it('takes only what an agent changed inside the subfolder that was named', async () => {
  const one = world();
  const args = changed(runArgs(one, 'honest', '--max-attempts', '1'), '--repo', join(one.repo, 'test'));
  const ended = await one.omk(args);
  expectStopped(ended, 'not_ready', /src\/money\.js|without changing any file/);
  expect(one.git('branch', '--list', 'goal/*')).toBe('');
});

it('works on two goals of one repository at once, from two commands on one state directory', async () => {
  const one = world();
  const both = await Promise.all([one.omk(runArgs(one, 'slow')), one.omk(runArgs(one, 'honest'))]);
  for (const ended of both) expect(ended.result, ended.stderr).toMatchObject({ status: 'ready' });
  const branches = one.git('branch', '--list', 'goal/*').split('\n');
  expect(branches).toHaveLength(2);
  for (const ended of both) {
    const events = await one.omk(['goal', 'events', ended.result?.goal_id ?? '', '--json']);
    expect(events.stdout.match(/"goal.concluded"/g)).toHaveLength(1);
  }
});

it('lets the second command go on by itself when the first, which was the host, ends', async () => {
  const one = world();
  const second: Promise<Ended>[] = [];
  const first = await one.start(runArgs(one, 'honest'), (line) => {
    if (line['type'] === 'goal.opened') second.push(one.omk(runArgs(one, 'slow')));
  });
  expect(first.result, first.stderr).toMatchObject({ status: 'ready' });
  const [ended] = await Promise.all(second);
  expect(ended?.result, ended?.stderr).toMatchObject({ status: 'ready' });
});
