import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inWorld } from './in-world.ts';
import { makeWorld, runArgsOver } from './omk.ts';
import type { Ended, Protocol, World } from './omk.ts';

/** Generous: two goals at a time on cores that others use too. */
const unhurried = { timeout: 120_000 };

const planOf = (ended: Ended) => ended.events.find((one) => one.type === 'plan.proposed')?.payload ?? {};
const kinds = (ended: Ended) =>
  ended.events.filter((one) => one.type === 'attempt.started').map((one) => one.payload['kind']);
const exported = (ended: Ended, name: string): string =>
  readFileSync(join(dirname(ended.result?.proof_path ?? ''), name), 'utf8');
const branchOf = (ended: Ended): string => `goal/${ended.result?.goal_id}/result`;

for (const protocol of ['wire', 'acp'] as const) {
  const args = (world: World, script: string, ...more: string[]) =>
    runArgsOver(protocol, world, script, ...more, '--max-attempts', '1');
  describe(`a goal planned by its agent over ${protocol}`, () => {
    it.concurrent(
      'is done task after task, each on what the one before left, and verified as a whole',
      unhurried,
      inWorld(async (world) => {
        const ended = await world.omk(args(world, 'plans-two'));
        expect(ended.result, ended.stderr).toMatchObject({ status: 'ready', exit_code: 0 });
        expect(kinds(ended)).toEqual(['prepare', 'base', 'plan', 'agent', 'agent', 'verify', 'land']);
        expect(world.git('diff', '--name-only', 'main', branchOf(ended)).split('\n')).toEqual([
          'README.md',
          'src/money.js',
        ]);
        expect(world.git('rev-list', '--count', `main..${branchOf(ended)}`)).toBe('2');
        expect(exported(ended, 'technical-plan.md')).toContain('First the code, then the README.');
        expect(exported(ended, 'prd.md')).toContain('Amounts lose a zero');
        expect(exported(ended, 'test-spec.md')).toContain('All six tests pass.');
        expect(exported(ended, 'task-graph.json')).toContain('"say-so"');
      }),
    );

    it.concurrent(
      'goes on after a kill in its second part with what both parts had left',
      unhurried,
      inWorld(async (world) => {
        const killed = await world.start(args(world, 'plans-two-killed'), (line, child) => {
          if (line['type'] === 'claim.made') child.kill('SIGKILL');
        });
        expect(killed.signal, killed.stderr).toBe('SIGKILL');
        const ended = await world.omk(['goal', 'resume', 'latest', '--until-ready', '--json']);
        expect(ended.events.find((one) => one.type === 'attempt.lost')?.payload).toMatchObject({
          reason: 'host_restarted',
        });
        expect(ended.result, ended.stderr).toMatchObject({ status: 'ready', exit_code: 0 });
        expect(world.git('show', `${branchOf(ended)}:README.md`)).toContain('Half.\nThe code is padded.');
        expect(world.git('show', `${branchOf(ended)}:src/money.js`)).toContain('padStart');
      }),
    );

    it.concurrent(
      'is mended anywhere when its parts do not pass together',
      unhurried,
      inWorld(async (world) => {
        const ended = await world.omk([...args(world, 'plans-two-mends'), '--max-attempts', '2']);
        expect(ended.result, ended.stderr).toMatchObject({ status: 'ready', exit_code: 0 });
        expect(kinds(ended)).toEqual([
          ...['prepare', 'base', 'plan', 'agent', 'agent', 'verify'],
          ...['agent', 'verify', 'land'],
        ]);
        const text = world.git('show', `${branchOf(ended)}:src/money.js`);
        expect(text).toContain('padStart');
        expect(text).toContain('// padded');
      }),
    );

    it.concurrent(
      'is planned once more in the same session when the first answer was no plan',
      unhurried,
      inWorld(async (world) => {
        const ended = await world.omk(args(world, 'plans-on-second-try'));
        expect(ended.result, ended.stderr).toMatchObject({ status: 'ready' });
        expect(planOf(ended)).toMatchObject({ source: 'agent', tasks: [{ id: 'pad-cents' }] });
        expect(kinds(ended).filter((kind) => kind === 'plan')).toHaveLength(1);
      }),
    );

    it.concurrent.each([
      ['plans-garbage', /answered twice without a plan that can be used/],
      ['plans-outside', /"\.\.\/x", which no agent may read or write/],
    ])('is one slice of omk’s when it %s, and still ends ready', unhurried, async (script, note) => {
      await inWorld(async (world) => {
        const ended = await world.omk(args(world, script));
        expect(ended.result, ended.stderr).toMatchObject({ status: 'ready' });
        expect(planOf(ended)).toMatchObject({ source: 'heuristic', note: expect.stringMatching(note) });
        expect(kinds(ended).filter((kind) => kind === 'agent')).toHaveLength(1);
      })();
    });

    for (const isolation of ['namespaces', 'none'])
      it.concurrent(
        `has nothing in it of what a planner edits, isolation ${isolation} wanted`,
        unhurried,
        inWorld(async (world) => {
          const ended = await world.omk(args(world, 'plans-and-edits', '--isolation', isolation));
          expect(ended.result, ended.stderr).toMatchObject({ status: 'not_ready' });
          expect(planOf(ended)).toMatchObject({ source: 'agent' });
          const slices = ended.events.filter((one) => one.type === 'slice.committed');
          expect(slices.map((one) => one.payload['files'])).toEqual([0]);
          expect(world.git('status', '--porcelain')).toBe('');
          const rooms = join(world.state, 'work', ended.result?.goal_id ?? '', 'rooms');
          expect(existsSync(join(rooms, 'home', 'planned.txt'))).toBe(false);
        }),
      );

    it.concurrent(
      'goes on without the plan of an agent that hangs, with most of its budget left',
      unhurried,
      inWorld(async (world) => {
        const ended = await world.omk(args(world, 'plans-forever', '--budget-time', '20s'));
        expect(ended.result, ended.stderr).toMatchObject({ status: 'ready' });
        expect(planOf(ended)).toMatchObject({
          source: 'heuristic',
          note: expect.stringMatching(/used up the time/),
        });
      }),
    );
  });

  describe(`a second opinion over ${protocol}`, () => {
    const opinion = (ended: Ended) => ended.events.find((one) => one.type === 'review.received')?.payload;

    it.concurrent.each(['honest', 'reviews-and-edits'])(
      'of an agent that is %s is recorded with its lines, and changes nothing',
      unhurried,
      async (script) => {
        await inWorld(async (world) => {
          const ended = await world.omk(args(world, script, '--review', 'agent'));
          expect(ended.result, ended.stderr).toMatchObject({ status: 'ready' });
          expect(opinion(ended)).toMatchObject({
            remarks: [{ file: 'src/money.js', line: 13, severity: 'note' }],
          });
          expect(opinion(ended)?.['commit']).toBe(world.git('rev-parse', branchOf(ended)));
          expect(world.git('show', `${branchOf(ended)}:src/money.js`)).not.toContain('reviewed');
          expect(exported(ended, 'proof.md')).toContain('Three decimals');
        })();
      },
    );

    it.concurrent(
      'that is none is not assessed, and the proof says so',
      unhurried,
      inWorld(async (world) => {
        const ended = await world.omk(args(world, 'reviews-garbage', '--review', 'agent'));
        expect(ended.result, ended.stderr).toMatchObject({ status: 'ready' });
        expect(opinion(ended)).toBeUndefined();
        expect(exported(ended, 'proof.md')).toMatch(
          /Second opinion: not assessed\. The answer of the agent was no review/,
        );
        const checked = await world.omk(['proof', 'verify', ended.result?.proof_path ?? '']);
        expect(checked.code, checked.stdout).toBe(0);
      }),
    );
  });
}

describe('omk goal plan', () => {
  const planArgs = (world: World, protocol: Protocol, script: string): string[] =>
    runArgsOver(protocol, world, script)
      .map((arg) => (arg === 'run' ? 'plan' : arg))
      .filter((arg) => arg !== '--yes-plan' && arg !== '--until-ready');

  it(
    'stops where the plan waits for the person, plans again with their words, and starts with their answer',
    unhurried,
    async () => {
      await inWorld(async (world) => {
        const ended = await world.omk(planArgs(world, 'wire', 'plans-two'));
        expect(ended.result, ended.stderr).toMatchObject({ status: 'blocked_on_human', exit_code: 4 });
        expect(kinds(ended)).toEqual(['prepare', 'base', 'plan']);
        const shown = await world.omk(['goal', 'questions']);
        expect(shown.stdout).toContain('custom proposes 2 tasks. It leaves 1 question to you.');
        expect(shown.stdout).toContain('Should the README name the functions?');
        expect((await world.omk(['goal', 'answer', '--text', 'Keep it to one sentence'])).code).toBe(0);
        const again = await world.omk(['goal', 'resume', '--until-ready', '--json']);
        expect(again.result, again.stderr).toMatchObject({ status: 'blocked_on_human' });
        expect(kinds(again)).toEqual(['plan']);
        const answer = ['goal', 'answer', '--choice', 'approve', '--text', 'No names'];
        expect((await world.omk(answer)).code).toBe(0);
        const done = await world.omk(['goal', 'resume', '--until-ready', '--json']);
        expect(done.result, done.stderr).toMatchObject({ status: 'ready' });
      })();
    },
  );

  it('refuses to accept the plan it is there to show', async () => {
    const world = makeWorld();
    const ended = await world.omk([...planArgs(world, 'wire', 'honest'), '--yes-plan']);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/stops before the plan is accepted/);
    world.cleanup();
  });
});
