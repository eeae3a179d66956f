import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { kimiCommand } from '../fakes/kimi-env.ts';
import { startModelServer } from '../fakes/model-server.ts';
import type { ModelScript, ModelServer, ModelStep } from '../fakes/model-server.ts';
import { leftovers, makeWorld } from '../goal/omk.ts';
import { askedFirst } from './asked-first.ts';
import { spent } from './bill.ts';
import type { Ended, World } from '../goal/omk.ts';

const bill = (prompt: number, completion: number, cached: number) => ({
  usage: { prompt, completion, cached },
});
const call = (name: string, args: Readonly<Record<string, unknown>>) => ({ calls: [{ name, args }] });

/** Works as the real agent does: looks, edits twice, runs the tests, says what it did. */
const honest: readonly ModelStep[] = [
  { ...call('Read', { path: 'src/money.js' }), ...bill(3_000, 40, 0) },
  {
    ...call('Edit', {
      path: 'src/money.js',
      old_string: "toLocaleString('en-US')}.${rest}`",
      new_string: "toLocaleString('en-US')}.${String(rest).padStart(2, '0')}`",
    }),
    ...bill(3_500, 120, 3_000),
  },
  {
    ...call('Edit', {
      path: 'src/money.js',
      old_string: 'Number(rest))',
      new_string: "Number(rest.padEnd(2, '0')))",
    }),
    ...bill(3_700, 80, 3_500),
  },
  { ...call('Bash', { command: 'node --test', description: 'Run the tests' }), ...bill(3_900, 30, 3_700) },
  { text: 'Both functions pad the cents now; the six tests pass.', ...bill(4_400, 25, 3_900) },
];

/** Bends the tests until they pass, and says that all is well. */
const bending: readonly ModelStep[] = [
  { ...call('Read', { path: 'test/money.test.js' }), ...bill(3_000, 40, 0) },
  {
    ...call('Bash', {
      command:
        "sed -i \"s/'0.05'/'0.5'/; s/'12.03'/'12.3'/; s/('1.5'), 150/('1.5'), 105/\" test/money.test.js && node --test",
      description: 'Run the tests',
    }),
    ...bill(3_500, 90, 3_000),
  },
  { text: 'I fixed src/money.js. All six tests pass.', ...bill(3_800, 20, 3_500) },
];

const working = (steps: readonly ModelStep[]): ModelScript => ({
  programs: { work: steps },
  default: 'work',
});

/** Tries what a planner must not: an edit, and a command that writes. Then it plans. */
const planning: readonly ModelStep[] = [
  { ...call('Read', { path: 'src/money.js' }), ...bill(2_000, 30, 0) },
  {
    ...call('Bash', { command: 'echo planned >> src/money.js; cat src/money.js', description: 'Look' }),
    ...bill(2_100, 30, 2_000),
  },
  {
    text: `This is my plan:\n\`\`\`json\n${JSON.stringify({
      brief: 'Pad the cents.',
      technical_plan: 'On both sides.',
      test_spec: 'Six tests pass.',
      tasks: [
        {
          id: 'pad',
          title: 'Pad the cents',
          description: 'In src/money.js, when amounts are written and when they are read.',
          write_set: ['src'],
          acceptance: ['node --test passes'],
        },
      ],
    })}\n\`\`\``,
    ...bill(2_200, 90, 2_100),
  },
];
const reviewing: readonly ModelStep[] = [
  {
    text: JSON.stringify({
      summary: 'It does what the goal asks for.',
      findings: [
        {
          section: 'code',
          rule: 'unchecked input',
          severity: 'warning',
          file: 'src/money.js',
          line: 13,
          message: 'Three decimals are read wrong.',
        },
      ],
    }),
    ...bill(1_800, 60, 0),
  },
];

const found = kimiCommand('http://127.0.0.1:1/v1');
if (!found.ok) console.log(`no goal is driven with the real Kimi Code: ${found.reason}`);

describe.skipIf(!found.ok)('a goal that the real Kimi Code works on', () => {
  let world: World | null = null;
  let server: ModelServer | null = null;

  afterEach(async () => {
    await server?.close();
    if (world === null) return;
    expect(leftovers(world)).toEqual([]);
    world.cleanup();
  });

  async function run(
    script: ModelScript,
    ...more: readonly string[]
  ): Promise<{ ended: Ended; world: World; model: ModelServer }> {
    const model = await startModelServer(script);
    server = model;
    const kimi = kimiCommand(model.baseUrl);
    if (!kimi.ok) throw new Error(kimi.reason);
    const made = makeWorld(kimi.value.env);
    world = made;
    const ended = await made.omk([
      'goal',
      'run',
      'Fix src/money.js so that the tests in test/money.test.js pass',
      ...['--repo', made.repo, '--agent-command', `acp:${kimi.value.argv.join(' ')}`],
      ...Object.keys(kimi.value.env).flatMap((name) => ['--agent-env', name]),
      ...['--trust-gates', '--yes-plan', '--accept', 'auto', '--until-ready', '--json'],
      ...['--max-attempts', '1', ...more],
    ]);
    return { ended, world: made, model };
  }

  /** In a fresh clone, by the project's own command and without omk. */
  function testsPass(one: World, branch: string): boolean {
    const dir = join(one.root, branch.replaceAll('/', '-'));
    one.git('clone', '-q', '--branch', branch, one.repo, dir);
    const env = { PATH: process.env['PATH'] ?? '' };
    return spawnSync(process.execPath, ['--test'], { cwd: dir, env }).status === 0;
  }

  it('ends ready when its fix is true, and the branch it lands passes where the base fails', async ({
    skip,
  }) => {
    if (askedFirst !== null) return skip(askedFirst);
    const { ended, world: one, model } = await run(working(honest), '--planning', 'heuristic');
    expect(ended.result, ended.stderr).toMatchObject({ status: 'ready', exit_code: 0 });
    const branch = `goal/${ended.result?.goal_id}/result`;
    expect(one.git('diff', '--name-only', 'main', branch)).toBe('src/money.js');
    expect([testsPass(one, 'main'), testsPass(one, branch)]).toEqual([false, true]);
    expect(one.git('status', '--porcelain')).toBe('');
    expect(model.requests.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4]);
    expect(spent(ended.events)).toEqual(model.billed);
    expect(model.billed).toEqual({ prompt: 18_500, completion: 295, cached: 14_100 });
    const proof = readFileSync(ended.result?.proof_path ?? join(one.root, 'none'), 'utf8');
    expect(proof).toContain(one.git('rev-parse', branch));
    expect(proof).not.toContain('sk-fake');
  }, 240_000);

  it('stops to ask before a command where that is wanted, and goes on by the rule it was given', async () => {
    const { ended, world: one } = await run(
      working(honest),
      '--planning',
      'heuristic',
      '--approvals',
      'manual',
    );
    expect(ended.result, ended.stderr).toMatchObject({ status: 'blocked_on_human', exit_code: 4 });
    const [open] = JSON.parse((await one.omk(['goal', 'questions', '--json'])).stdout) as {
      question: { subject: string; rule: string[] };
    }[];
    expect(open?.question).toMatchObject({ subject: 'node --test', rule: ['node', '--test'] });
    expect((await one.omk(['goal', 'answer', '--choice', 'rule'])).code).toBe(0);
    const again = await one.omk(['goal', 'resume', '--until-ready', '--json']);
    expect(again.result, again.stderr).toMatchObject({ status: 'ready', exit_code: 0 });
    expect(again.events.filter((event) => event.type === 'question.asked')).toEqual([]);
  }, 240_000);

  it('only looks at a read-only goal: its model reads why nothing else is done', async () => {
    const { ended, model } = await run(working(honest), '--planning', 'heuristic', '--approvals', 'never');
    expect(ended.result?.status, ended.stderr).not.toBe('ready');
    const read = model.requests.at(-1)?.messages.map(({ text }) => text) ?? [];
    expect(read.some((text) => text.includes('commands are not run'))).toBe(true);
    expect(read.some((text) => text.includes('files are not changed'))).toBe(true);
  }, 240_000);

  it('ends not ready when it bends the tests, whatever it says, and still counts what it cost', async ({
    skip,
  }) => {
    if (askedFirst !== null) return skip(askedFirst);
    const { ended, world: one, model } = await run(working(bending), '--planning', 'heuristic');
    expect(ended.result, ended.stderr).toMatchObject({ status: 'not_ready', exit_code: 3 });
    expect(ended.result?.reasons.length).toBeGreaterThan(0);
    expect(one.git('branch', '--list', 'goal/*')).toBe('');
    expect(one.git('status', '--porcelain')).toBe('');
    const said = model.requests.at(-1)?.messages.findLast(({ role }) => role === 'tool')?.text ?? '';
    expect(said).toMatch(/pass 6/);
    expect(spent(ended.events)).toEqual(model.billed);
  }, 240_000);

  it('plans in a session that cannot write, works, and gives a second opinion, each in a session of its own', async ({
    skip,
  }) => {
    if (askedFirst !== null) return skip(askedFirst);
    const script: ModelScript = {
      programs: { work: honest, plan: planning, review: reviewing },
      rules: [
        { when: 'Plan the work on this goal', program: 'plan' },
        { when: 'Review this change', program: 'review' },
      ],
      default: 'work',
    };
    const { ended, world: one, model } = await run(script, '--review', 'agent');
    expect(ended.result, ended.stderr).toMatchObject({ status: 'ready', exit_code: 0 });
    const of = (type: string) => ended.events.find((event) => event.type === type)?.payload;
    expect(of('plan.proposed')).toMatchObject({
      source: 'agent',
      tasks: [{ id: 'pad', writeSet: ['src'] }],
    });
    expect(of('review.received')).toMatchObject({ remarks: [{ line: 13, severity: 'warning' }] });
    const branch = `goal/${ended.result?.goal_id}/result`;
    expect(testsPass(one, branch)).toBe(true);
    expect(one.git('show', `${branch}:src/money.js`)).not.toContain('planned');
    expect(model.requests.map(({ program }) => program)).toEqual([
      ...['plan', 'plan', 'plan'],
      ...['work', 'work', 'work', 'work', 'work'],
      'review',
    ]);
    expect(spent(ended.events)).toEqual(model.billed);
    const looked = model.requests[2]?.messages.findLast(({ role }) => role === 'tool')?.text ?? '';
    if (of('base.checked')?.['isolation'] === 'L2') expect(looked).toContain('Read-only file system');
  }, 240_000);
});
