import { readFileSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { kimiCommand } from '../fakes/kimi-env.ts';
import { startModelServer } from '../fakes/model-server.ts';
import type { ModelServer, ModelStep } from '../fakes/model-server.ts';
import { leftovers, makeWorld } from '../goal/omk.ts';
import { spent } from './bill.ts';
import type { Ended, World } from '../goal/omk.ts';

const edit = (from: string, to: string): ModelStep => ({
  calls: [{ name: 'Edit', args: { path: 'src/money.js', old_string: from, new_string: to } }],
  usage: { prompt: 3_000, completion: 100, cached: 2_000 },
});

/** Half of the work, then a step that never ends. */
const work: readonly ModelStep[] = [
  { calls: [{ name: 'Read', args: { path: 'src/money.js' } }] },
  edit("toLocaleString('en-US')}.${rest}`", "toLocaleString('en-US')}.${String(rest).padStart(2, '0')}`"),
  { text: 'Now the other', hang: 'mid' },
];

/** The other half, which finds the first one done. */
const rest: readonly ModelStep[] = [
  { calls: [{ name: 'Read', args: { path: 'src/money.js' } }] },
  edit('Number(rest))', "Number(rest.padEnd(2, '0')))"),
  { text: 'Both functions pad the cents now.' },
];

const found = kimiCommand('http://127.0.0.1:1/v1');
if (!found.ok) console.log(`no real Kimi Code is killed in the middle of a goal: ${found.reason}`);

describe.skipIf(!found.ok)('a goal whose real Kimi Code is in the middle of a turn', () => {
  let world: World | null = null;
  let server: ModelServer | null = null;

  afterEach(async () => {
    await server?.close();
    if (world === null) return;
    expect(leftovers(world)).toEqual([]);
    world.cleanup();
  });

  /** Runs the goal and, once the step that never ends has begun, does `harm`. */
  async function run(
    isolation: 'namespaces' | 'none',
    harm: (omk: number, agent: number) => void,
  ): Promise<{ readonly ended: Ended; readonly world: World; readonly model: ModelServer }> {
    const model = await startModelServer({
      programs: { work, rest },
      rules: [{ when: 'cut short', program: 'rest' }],
      default: 'work',
    });
    server = model;
    const kimi = kimiCommand(model.baseUrl);
    if (!kimi.ok) throw new Error(kimi.reason);
    const made = makeWorld(kimi.value.env);
    world = made;
    let omk = 0;
    const watching = setInterval(() => {
      const agent = agentOf(made);
      if (model.requests.at(-1)?.step !== 2 || agent === null) return;
      clearInterval(watching);
      // The words before the silence are on their way.
      setTimeout(() => harm(omk, agent), 300);
    }, 50);
    const ended = await made.start(
      [
        'goal',
        'run',
        'Fix src/money.js so that the tests in test/money.test.js pass',
        ...['--repo', made.repo, '--agent-command', `acp:${kimi.value.argv.join(' ')}`],
        ...Object.keys(kimi.value.env).flatMap((name) => ['--agent-env', name]),
        ...['--trust-gates', '--yes-plan', '--accept', 'auto', '--until-ready', '--json'],
        ...['--planning', 'heuristic', '--isolation', isolation],
      ],
      (_, child) => (omk = child.pid ?? 0),
    );
    clearInterval(watching);
    return { ended, world: made, model };
  }

  async function wentOn(one: World, model: ModelServer, last: Ended): Promise<void> {
    expect(last.result, last.stderr).toMatchObject({ status: 'ready', exit_code: 0 });
    const log = JSON.parse((await one.omk(['goal', 'events', '--json'])).stdout) as {
      readonly type: string;
      readonly payload: Record<string, unknown>;
    }[];
    const opened = log.filter(({ type }) => type === 'conversation.opened').map(({ payload }) => payload);
    expect(opened.map(({ prompt }) => prompt)).toEqual([1, 2]);
    expect(new Set(opened.map(({ conversationId }) => conversationId)).size).toBe(1);
    // The half that was written before the death is where the second attempt began.
    expect(log.filter(({ type }) => type === 'slice.kept')).toHaveLength(1);
    // It remembers: what the model is sent contains what it did before, and each call is made once.
    expect(model.requests.map(({ program, step }) => `${program} ${step}`)).toEqual([
      'work 0',
      'work 1',
      'work 2',
      'rest 0',
      'rest 1',
      'rest 2',
    ]);
    const told = model.requests.at(-1)?.messages ?? [];
    expect(told.filter(({ role }) => role === 'tool')).toHaveLength(4);
    const { prompt, completion } = model.billed;
    expect(spent(log)).toMatchObject({ prompt, completion });
  }

  for (const isolation of ['namespaces', 'none'] as const) {
    it(`goes on with it after the agent was killed, isolation ${isolation} wanted`, async () => {
      const { ended, world: one, model } = await run(isolation, (_, agent) => process.kill(agent, 'SIGKILL'));
      await wentOn(one, model, ended);
    }, 240_000);

    it(`goes on with it after omk was killed, isolation ${isolation} wanted`, async () => {
      const { ended, world: one, model } = await run(isolation, (omk) => process.kill(omk, 'SIGKILL'));
      expect(ended.signal).toBe('SIGKILL');
      const last = await one.omk(['goal', 'resume', 'latest', '--until-ready', '--json']);
      await wentOn(one, model, last);
    }, 240_000);
  }
});

/** The agent itself, not the sandbox around it; it gives itself a title, so its command line says nothing. */
function agentOf(one: World): number | null {
  const pid = readdirSync('/proc').find((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const environment = readFileSync(join('/proc', name, 'environ'), 'utf8');
      return (
        environment.includes(`KIMI_CODE_HOME=${one.root}/`) &&
        readlinkSync(join('/proc', name, 'exe')) === realpathSync(process.execPath)
      );
    } catch {
      return false; // ended meanwhile
    }
  });
  return pid === undefined ? null : Number(pid);
}
