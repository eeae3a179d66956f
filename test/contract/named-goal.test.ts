import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { kimiCommand } from '../fakes/kimi-env.ts';
import { startModelServer } from '../fakes/model-server.ts';
import type { ModelServer, ModelStep } from '../fakes/model-server.ts';
import { leftovers, makeWorld } from '../goal/omk.ts';
import type { World } from '../goal/omk.ts';
import { askedFirst } from './asked-first.ts';
import { spent } from './bill.ts';
import { putKimi, runNamed, shownBudget } from './named-goal.ts';

const call = (name: string, args: Readonly<Record<string, unknown>>): ModelStep => ({
  calls: [{ name, args }],
});
const edit = (from: string, to: string): ModelStep =>
  call('Edit', { path: 'src/money.js', old_string: from, new_string: to });
const fix: readonly ModelStep[] = [
  call('Read', { path: 'src/money.js' }),
  edit("toLocaleString('en-US')}.${rest}`", "toLocaleString('en-US')}.${String(rest).padStart(2, '0')}`"),
  edit('Number(rest))', "Number(rest.padEnd(2, '0')))"),
];

let world: World | null = null;
let server: ModelServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
  if (world === null) return;
  expect(leftovers(world)).toEqual([]);
  world.cleanup();
  world = null;
});

const found = kimiCommand('http://127.0.0.1:1/v1');
if (!found.ok) console.log(`no real Kimi Code is found by name: ${found.reason}`);

describe.skipIf(!found.ok)('a goal for the real Kimi Code, by its name', () => {
  async function run(
    programs: Readonly<Record<string, readonly ModelStep[]>>,
    put: (world: World, main: string) => string,
  ) {
    const model = await startModelServer({
      programs,
      rules: [{ when: 'Look at the tests only', program: 'child' }],
      default: 'work',
    });
    server = model;
    const kimi = kimiCommand(model.baseUrl);
    if (!kimi.ok) throw new Error(kimi.reason);
    const env: Record<string, string> = { ...kimi.value.env };
    const made = makeWorld(env);
    world = made;
    env['PATH'] = put(made, kimi.value.argv[1]);
    const named = Object.keys(kimi.value.env).flatMap((name) => ['--agent-env', name]);
    return { ended: await runNamed(made, 'kimi', ...named), world: made, model };
  }

  it('is found on the PATH, reads why it may not write everything, and is ready at the price of its model', async () => {
    const work: readonly ModelStep[] = [
      call('Write', { path: '.omk/gates.toml', content: '[gates]\n' }),
      call('Write', { path: '.claude/settings.json', content: '{}\n' }),
      ...fix,
      { text: 'Both functions pad the cents now.' },
    ];
    const {
      ended,
      world: one,
      model,
    } = await run({ work }, (made, main) =>
      putKimi(made, [
        '[ "$1" = --version ] && { echo 2.1.0; exit; }',
        `exec '${process.execPath}' '${main}' "$@"`,
      ]),
    );
    expect(ended.result, ended.stderr).toMatchObject({ status: 'ready', exit_code: 0 });
    const opened = ended.events.find(({ type }) => type === 'goal.opened')?.payload;
    expect(opened?.['agent']).toMatchObject({
      name: 'kimi',
      argv: [join(one.root, 'bin/kimi'), 'acp'],
      quirks: 'kimi-code',
    });
    const branch = `goal/${ended.result?.goal_id}/result`;
    expect(one.git('diff', '--name-only', 'main', branch)).toBe('src/money.js');
    const read = model.requests.at(-1)?.messages.filter(({ role }) => role === 'tool') ?? [];
    expect(read[0]?.text).toContain('says how your work is judged');
    expect(read[1]?.text).toContain('.claude/settings.json is protected.');
    expect(spent(ended.events)).toEqual(model.billed);
  }, 240_000);

  it('shows in its budget what the model was paid, that of the sub-agent included', async () => {
    const bill = (prompt: number, completion: number, cached: number) => ({
      usage: { prompt, completion, cached },
    });
    const work: readonly ModelStep[] = [
      { ...call('Agent', { prompt: 'Look at the tests only', description: 'look' }), ...bill(3_000, 70, 0) },
      ...fix.map((one, index) => ({ ...one, ...bill(3_500 + index, 50, 3_000) })),
      { text: 'Both functions pad the cents now.', ...bill(4_000, 30, 3_500) },
    ];
    const child: readonly ModelStep[] = [
      { ...call('Read', { path: 'test/money.test.js' }), ...bill(1_100, 20, 0) },
      { text: 'Two of six tests fail. '.repeat(30), ...bill(1_700, 400, 1_000) },
    ];
    // As npm installs it: a link to its script.
    const {
      ended,
      world: one,
      model,
    } = await run({ work, child }, (made, main) => {
      const bin = join(made.root, 'npm');
      mkdirSync(bin);
      symlinkSync(main, join(bin, 'kimi'));
      return `${bin}:${process.env['PATH'] ?? ''}`;
    });
    expect(ended.result, ended.stderr).toMatchObject({ status: 'ready', exit_code: 0 });
    expect(model.requests.map(({ program }) => program).toSorted()).toEqual([
      ...['child', 'child'],
      ...['work', 'work', 'work', 'work', 'work'],
    ]);
    expect(spent(ended.events)).toEqual(model.billed);
    const shown = await shownBudget(one, ended.result?.goal_id ?? '');
    const tokens = shown.bars.find(({ limit }) => limit === 'tokens');
    expect(tokens?.used).toBe(model.billed.prompt + model.billed.completion);
    expect(shown.unmetered).toBe(false);
  }, 240_000);
});

describe('a goal for kimi-cli, by its name', () => {
  const script = join(import.meta.dirname, '../fakes/wire-server.ts');
  async function run(scenario: string) {
    const env: Record<string, string> = {};
    const made = makeWorld(env);
    world = made;
    env['PATH'] = putKimi(made, [
      '[ "$1" = --version ] && { echo "kimi, version 1.49.0"; exit; }',
      `exec '${process.execPath}' '${script}' ${scenario} "$@"`,
    ]);
    return { ended: await runNamed(made, 'kimi'), world: made };
  }
  const priceOf = async (one: World, goalId: string | undefined) =>
    (await shownBudget(one, goalId ?? '')).bars.find(({ limit }) => limit === 'tokens')?.used;

  it('is done over Wire: ready, landed, and at the price it reported', async ({ skip }) => {
    if (askedFirst !== null) return skip(askedFirst);
    const { ended, world: one } = await run('goal-honest');
    expect(ended.result, ended.stderr).toMatchObject({ status: 'ready', exit_code: 0 });
    expect(ended.events.find(({ type }) => type === 'goal.opened')?.payload['agent']).toMatchObject({
      name: 'kimi',
      protocol: 'wire',
      quirks: 'kimi-cli',
    });
    expect(one.git('diff', '--name-only', 'main', `goal/${ended.result?.goal_id}/result`)).toBe(
      'src/money.js',
    );
    expect(await priceOf(one, ended.result?.goal_id)).toBe(5_300);
    expect(readFileSync(ended.result?.proof_path ?? '', 'utf8')).toContain('src/money.js');
  }, 240_000);

  it('goes on in its conversation after the agent was killed, and both processes are paid', async ({
    skip,
  }) => {
    if (askedFirst !== null) return skip(askedFirst);
    const { ended, world: one } = await run('goal-killed');
    expect(ended.result, ended.stderr).toMatchObject({ status: 'ready', exit_code: 0 });
    const opened = ended.events.filter(({ type }) => type === 'conversation.opened');
    expect(opened.map(({ payload }) => payload['prompt'])).toEqual([1, 2]);
    expect(new Set(opened.map(({ payload }) => payload['conversationId'])).size).toBe(1);
    expect(ended.events.filter(({ type }) => type === 'slice.kept')).toHaveLength(1);
    expect(await priceOf(one, ended.result?.goal_id)).toBe(5_850);
  }, 240_000);
});
