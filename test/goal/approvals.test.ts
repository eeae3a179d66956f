import { describe, expect, it } from 'vitest';
import { inWorld } from './in-world.ts';
import { runArgsOver } from './omk.ts';
import type { Ended, Protocol, World } from './omk.ts';

const unhurried = { timeout: 90_000 };

const of = (ended: Ended, type: string) => ended.events.filter((event) => event.type === type);
const questions = async (world: World) =>
  JSON.parse((await world.omk(['goal', 'questions', '--json'])).stdout) as {
    questionId: string;
    question: { title: string; acts: { times: number }[] };
  }[];

for (const protocol of ['wire', 'acp'] as Protocol[]) {
  describe(`approvals over ${protocol}`, () => {
    for (const choice of ['goal', 'once']) {
      it.concurrent(
        `two hundred requests at once are one question, and blocked_on_human once; answered with ${choice}, they are allowed`,
        unhurried,
        inWorld(async (world) => {
          const ended = await world.omk(runArgsOver(protocol, world, 'asks-often', '--approvals', 'manual'));
          expect(ended.result, ended.stderr).toMatchObject({ status: 'blocked_on_human', exit_code: 4 });
          expect(of(ended, 'question.asked')).toHaveLength(1);
          expect(of(ended, 'goal.stopped')).toHaveLength(1);
          const [open, ...more] = await questions(world);
          expect(more).toEqual([]);
          expect(open?.question.title).toMatch(/^Let .* run 200 commands\?$/);
          expect(open?.question.acts).toHaveLength(50);
          const answered = await world.omk(['goal', 'answer', '--choice', choice]);
          expect(answered.code, answered.stderr).toBe(0);
          const again = await world.omk(['goal', 'resume', '--until-ready', '--json']);
          expect(again.result, again.stderr).toMatchObject({ status: 'ready', exit_code: 0 });
          expect(of(again, 'question.asked')).toEqual([]);
          expect(of(again, 'slice.committed').at(-1)?.payload['summary']).toContain(
            '200 of 200 were allowed',
          );
        }),
      );
    }

    it.concurrent(
      'a read-only goal refuses every command with a reason, and asks nobody',
      unhurried,
      inWorld(async (world) => {
        const ended = await world.omk(runArgsOver(protocol, world, 'asks-often', '--approvals', 'never'));
        expect(of(ended, 'question.asked').map((event) => event.payload)).not.toContainEqual(
          expect.objectContaining({ question: expect.objectContaining({ kind: 'approval' }) }),
        );
        const slices = of(ended, 'slice.committed').map((event) => event.payload);
        for (const slice of slices) expect(slice['summary']).not.toContain('200 of 200');
        // Where the system has namespaces nothing can be written at all.
        const isolation = of(ended, 'base.checked')[0]?.payload['isolation'];
        if (isolation === 'L2') expect(slices.filter((slice) => slice['files'] !== 0)).toEqual([]);
      }),
    );
  });
}

it(
  'an answer that comes after the goal was cancelled changes nothing and says so',
  unhurried,
  inWorld(async (world) => {
    const ended = await world.omk(runArgsOver('acp', world, 'asks-often', '--approvals', 'manual'));
    expect(ended.result?.status, ended.stderr).toBe('blocked_on_human');
    const [open] = await questions(world);
    expect((await world.omk(['goal', 'cancel', '--until-ready', '--json'])).result?.status).toBe('cancelled');
    const late = await world.omk(['goal', 'answer', 'latest', open?.questionId ?? '', '--choice', 'goal']);
    expect(late.code).toBe(1);
    expect(late.stderr).toMatch(/has ended/);
  }),
);
