import { afterEach, describe, expect, it } from 'vitest';
import { leftovers, makeWorld, runArgs } from './omk.ts';
import type { World } from './omk.ts';

const worlds: World[] = [];
function world(env?: Record<string, string>): World {
  const one = makeWorld(env);
  worlds.push(one);
  return one;
}
afterEach(() => {
  for (const one of worlds.splice(0)) {
    expect(leftovers(one)).toEqual([]);
    one.cleanup();
  }
});

for (const isolation of ['namespaces', 'none'] as const) {
  describe(`omk goal run, isolation ${isolation} wanted`, () => {
    it('ends ready for an honest agent, and the branch holds what was verified', async () => {
      const one = world();
      const ended = await one.omk(runArgs(one, 'honest', '--isolation', isolation));
      expect(ended.result, ended.stderr).toMatchObject({ status: 'ready', exit_code: 0 });
      expect(ended.code).toBe(0);
      const branch = `goal/${ended.result?.goal_id}/result`;
      const verified = ended.events.find((event) => event.type === 'candidate.verified')?.payload;
      expect(one.git('rev-parse', branch)).toBe(verified?.['commit']);
      expect(one.git('rev-parse', `${branch}^`)).toBe(one.git('rev-parse', 'main'));
      expect(one.git('status', '--porcelain')).toBe('');
      console.info(`isolation reached: ${String(verified?.['isolation'])}`);
    });

    for (const script of [
      'nothing',
      'readme-only',
      'edits-tests',
      'skips-tests',
      'rewrites-script',
      'patches-assert',
      'fakes-output',
    ]) {
      it(`never ends ready for an agent that ${script}`, async () => {
        const one = world();
        const ended = await one.omk(runArgs(one, script, '--max-attempts', '1', '--isolation', isolation));
        expect(ended.result, ended.stderr).toMatchObject({ status: 'not_ready', exit_code: 3 });
        expect(one.git('branch', '--list', 'goal/*')).toBe('');
      });
    }

    it('never ends ready for an agent that dies', async () => {
      const one = world();
      const ended = await one.omk(runArgs(one, 'dies', '--max-attempts', '1', '--isolation', isolation));
      expect(ended.result, ended.stderr).toMatchObject({ status: 'not_ready', exit_code: 3 });
    });

    it('ends needs_more_budget for an agent that hangs, and goes on after an extension', async () => {
      const one = world();
      const ended = await one.omk(runArgs(one, 'hangs', '--budget-time', '2s', '--isolation', isolation));
      expect(ended.result, ended.stderr).toMatchObject({ status: 'needs_more_budget', exit_code: 6 });
      const added = await one.omk(['goal', 'budget-add', '--time', '1s', '--json']);
      expect(added.code, added.stderr).toBe(0);
      const again = await one.omk(['goal', 'resume', '--until-ready', '--json']);
      expect(again.result, again.stderr).toMatchObject({ status: 'needs_more_budget', exit_code: 6 });
    });
  });
}

it('stops with the question when an agent asks, takes the answer from another process, and refuses it twice', async () => {
  const one = world();
  const ended = await one.omk(runArgs(one, 'asks'));
  expect(ended.result, ended.stderr).toMatchObject({ status: 'blocked_on_human', exit_code: 4 });
  const questions = JSON.parse((await one.omk(['goal', 'questions', '--json'])).stdout) as {
    questionId: string;
  }[];
  expect(questions).toHaveLength(1);
  const id = questions[0]?.questionId ?? '';
  expect((await one.omk(['goal', 'answer', 'latest', id, '--choice', '1'])).code).toBe(0);
  const second = await one.omk(['goal', 'answer', 'latest', id, '--choice', '2']);
  expect(second.code).toBe(1);
  expect(second.stderr).toMatch(/already/i);
});

it('waits for the person with --accept manual, and lands on accept', async () => {
  const one = world();
  const args = runArgs(one, 'honest').map((arg) => (arg === 'auto' ? 'manual' : arg));
  const ended = await one.omk(args);
  expect(ended.result, ended.stderr).toMatchObject({ status: 'blocked_on_human', exit_code: 4 });
  const accepted = await one.omk(['goal', 'accept', '--until-ready', '--json']);
  expect(accepted.result, accepted.stderr).toMatchObject({ status: 'ready', exit_code: 0 });
  const checked = await one.omk(['proof', 'verify', accepted.result?.proof_path ?? '']);
  expect(checked.code, checked.stdout).toBe(0);
});
