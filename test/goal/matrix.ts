import { expect, it } from 'vitest';
import { inWorld } from './in-world.ts';
import { runArgsOver } from './omk.ts';
import type { Protocol, World } from './omk.ts';

/** Over what the demonstration agent is driven, and what isolation is asked for; `null` asks for nothing. */
export type Setting = { readonly protocol: Protocol; readonly isolation: 'namespaces' | 'none' | null };

/** Generous: two goals at a time on two cores that others use too. */
const unhurried = { timeout: 90_000 };

const argsFor =
  ({ protocol, isolation }: Setting) =>
  (world: World, script: string, ...more: string[]): string[] =>
    runArgsOver(protocol, world, script, ...more, ...(isolation === null ? [] : ['--isolation', isolation]));

export function honestGoal(setting: Setting): void {
  const args = argsFor(setting);
  it.concurrent(
    'ends ready for an honest agent, and the branch holds what was verified',
    unhurried,
    inWorld(async (world) => {
      const ended = await world.omk(args(world, 'honest'));
      expect(ended.result, ended.stderr).toMatchObject({ status: 'ready', exit_code: 0 });
      expect(ended.code).toBe(0);
      const branch = `goal/${ended.result?.goal_id}/result`;
      const verified = ended.events.find((event) => event.type === 'candidate.verified')?.payload;
      expect(world.git('rev-parse', branch)).toBe(verified?.['commit']);
      expect(world.git('rev-parse', `${branch}^`)).toBe(world.git('rev-parse', 'main'));
      expect(world.git('status', '--porcelain')).toBe('');
      // Only Wire tells how many tokens were spent; elsewhere omk estimates, and says so.
      const estimated = ended.events.filter((event) => Number(event.payload['meteredTokens'] ?? 0) > 0);
      expect(estimated.length > 0).toBe(setting.protocol === 'acp');
      console.info(`isolation reached: ${String(verified?.['isolation'])}`);
    }),
  );
}

/** Agents that claim success without it, and such that do not come to an end by themselves. */
export function dishonestGoals(setting: Setting): void {
  const args = argsFor(setting);
  for (const script of [
    'nothing',
    'readme-only',
    'edits-tests',
    'skips-tests',
    'rewrites-script',
    'patches-assert',
    'fakes-output',
    'dies',
  ]) {
    it.concurrent(
      `never ends ready for an agent that ${script}`,
      unhurried,
      inWorld(async (world) => {
        const ended = await world.omk(args(world, script, '--max-attempts', '1'));
        expect(ended.result, ended.stderr).toMatchObject({ status: 'not_ready', exit_code: 3 });
        expect(world.git('branch', '--list', 'goal/*')).toBe('');
      }),
    );
  }

  it.concurrent(
    'ends needs_more_budget for an agent that hangs, and goes on after an extension',
    unhurried,
    inWorld(async (world) => {
      const ended = await world.omk(args(world, 'hangs', '--budget-time', '2s'));
      expect(ended.result, ended.stderr).toMatchObject({ status: 'needs_more_budget', exit_code: 6 });
      const added = await world.omk(['goal', 'budget-add', '--time', '1s', '--json']);
      expect(added.code, added.stderr).toBe(0);
      const again = await world.omk(['goal', 'resume', '--until-ready', '--json']);
      expect(again.result, again.stderr).toMatchObject({ status: 'needs_more_budget', exit_code: 6 });
    }),
  );
}

/** Goals that stop for a person. */
export function askingGoals(setting: Setting): void {
  const args = argsFor(setting);
  it.concurrent(
    'stops with the question when an agent asks, takes the answer from another process, and refuses it twice',
    unhurried,
    inWorld(async (world) => {
      const ended = await world.omk(args(world, 'asks'));
      expect(ended.result, ended.stderr).toMatchObject({ status: 'blocked_on_human', exit_code: 4 });
      const questions = JSON.parse((await world.omk(['goal', 'questions', '--json'])).stdout) as {
        questionId: string;
      }[];
      expect(questions).toHaveLength(1);
      const id = questions[0]?.questionId ?? '';
      expect((await world.omk(['goal', 'answer', 'latest', id, '--choice', '1'])).code).toBe(0);
      const second = await world.omk(['goal', 'answer', 'latest', id, '--choice', '2']);
      expect(second.code).toBe(1);
      expect(second.stderr).toMatch(/already/i);
    }),
  );

  it.concurrent(
    'waits for the person with --accept manual, and lands on accept',
    unhurried,
    inWorld(async (world) => {
      const ended = await world.omk(args(world, 'honest').map((arg) => (arg === 'auto' ? 'manual' : arg)));
      expect(ended.result, ended.stderr).toMatchObject({ status: 'blocked_on_human', exit_code: 4 });
      const accepted = await world.omk(['goal', 'accept', '--until-ready', '--json']);
      expect(accepted.result, accepted.stderr).toMatchObject({ status: 'ready', exit_code: 0 });
      const checked = await world.omk(['proof', 'verify', accepted.result?.proof_path ?? '']);
      expect(checked.code, checked.stdout).toBe(0);
    }),
  );
}

/** What an agent says to omk with omk's own tools. */
export function speakingGoals(setting: Setting): void {
  const args = argsFor(setting);
  it.concurrent(
    'asks the person when the agent says that it cannot be done, and ends ready once it did it after all',
    unhurried,
    inWorld(async (world) => {
      const stopped = await world.omk(args(world, 'gives-up'));
      expect(stopped.result, stopped.stderr).toMatchObject({ status: 'blocked_on_human', exit_code: 4 });
      const asked = stopped.events.find((event) => event.type === 'question.asked')?.payload['question'];
      expect(asked).toMatchObject({
        kind: 'goal.impossible',
        quote: 'Cents cannot be both padded and not padded.',
      });
      expect(stopped.events.filter((event) => event.type === 'slice.committed')).toEqual([]);
      expect((await world.omk(['goal', 'answer', '--choice', 'proceed'])).code).toBe(0);
      const ended = await world.omk(['goal', 'resume', '--until-ready', '--json']);
      expect(ended.result, ended.stderr).toMatchObject({ status: 'ready', exit_code: 0 });
    }),
  );

  it.concurrent(
    'shows what the agent reported beside what was found, and what it proposed without starting it',
    unhurried,
    inWorld(async (world) => {
      const ended = await world.omk(args(world, 'reports'));
      expect(ended.result, ended.stderr).toMatchObject({ status: 'ready', exit_code: 0 });
      const proposed = ended.events.filter((event) => event.type === 'task.proposed');
      expect(proposed.map((event) => (event.payload['task'] as { id: string }).id)).toEqual([
        'say-in-readme-md-how-amounts-are-rounded',
        'read-negative-zero',
      ]);
      const proof = JSON.parse((await world.omk(['goal', 'proof', '--json'])).stdout) as {
        claims: readonly { said: string; verdict: string }[];
      };
      expect(proof.claims).toContainEqual(
        expect.objectContaining({ said: 'All tests pass.', verdict: 'supported' }),
      );
      expect(proof.claims).toContainEqual(
        expect.objectContaining({ said: 'I changed the tests too.', verdict: 'contradicted' }),
      );
      expect(
        ended.events.filter((event) => event.type === 'attempt.started' && event.payload['kind'] === 'agent'),
      ).toHaveLength(1);
    }),
  );
}
