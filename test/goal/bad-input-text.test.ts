import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runArgs } from './omk.ts';
import type { World } from './omk.ts';
import { answer, changed, expectRefused, expectStopped, openQuestions, worlds } from './bad-input.ts';

const world = worlds();
const cli = join(import.meta.dirname, '..', '..', 'src', 'main', 'cli', 'main.ts');

/** Runs with the goal's text on the standard input: an argument of a megabyte never reaches a program. */
function typed(one: World, text: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const args = changed(runArgs(one, 'honest'), 'run', '-');
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: one.root,
    env: { PATH: process.env['PATH'] ?? '', HOME: join(one.root, 'home'), OMK_HOME: one.state },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  // It may have seen enough before all is written.
  child.stdin.on('error', () => {});
  child.stdin.end(text);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

it('refuses a goal without text, or in loose words, before anything is made', async () => {
  const one = world();
  for (const empty of ['', ' \n\t']) {
    expectRefused(await one.omk(changed(runArgs(one, 'honest'), 'run', empty)), 2, /Say what the goal is/);
  }
  expectRefused(await one.omk(['goal', 'run', 'Fix', 'the', 'tests']), 2, /in quotes/);
  expect(JSON.parse((await one.omk(['goal', 'list', '--json'])).stdout)).toEqual([]);
});

it('asks how anybody would see that a vague goal is done, and goes on with the answer', async () => {
  const one = world();
  const ended = await one.omk(changed(runArgs(one, 'honest'), 'run', 'make it better'));
  expectStopped(ended, 'blocked_on_human', /How would anybody see/);
  expect(ended.events.some((event) => event.type === 'attempt.started')).toBe(false);
  expect(await openQuestions(one)).toMatchObject([
    { question: { kind: 'goal.vague', subject: 'make it better' } },
  ]);
  const again = await answer(one, '--text', 'All tests in test/money.test.js pass.');
  expect(again.result, again.stderr).toMatchObject({ status: 'ready' });
});

it('takes a goal of one megabyte from the standard input, whole, and refuses a longer one', async () => {
  const one = world();
  const line = 'Fix src/money.js so that the tests pass; 工程 counts three bytes each.\n';
  const text = line.repeat(Math.floor(1_048_576 / Buffer.byteLength(line)));
  const ended = await typed(one, text);
  expect(ended.code, ended.stderr).toBe(0);
  const opened = JSON.parse(ended.stdout.split('\n')[0] ?? '') as {
    payload: { text: string; title: string };
  };
  expect(opened.payload.text).toBe(text);
  expect(opened.payload.title.length).toBeLessThanOrEqual(200);

  const refused = await typed(one, `${text}${line.repeat(20)}`);
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toMatch(/longer than 1 MiB.*file of the repository/);
  expect(JSON.parse((await one.omk(['goal', 'list', '--json'])).stdout)).toHaveLength(1);
});
