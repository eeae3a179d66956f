import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectSentence } from './bad-input.ts';
import { cli, makeWorld } from './omk.ts';
import type { Ended, World } from './omk.ts';

let world: World;
beforeAll(() => (world = makeWorld()));
afterAll(() => world.cleanup());

const env = (): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: join(world.root, 'home'),
  OMK_HOME: world.state,
});

async function all<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  // Two at once: each is a process that reads all of omk.
  await Promise.all(
    [0, 1].map(async () => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await run(item);
    }),
  );
}

describe('a command that was used wrongly', () => {
  it(
    'exits with 2 and says in one sentence what is meant, and makes nothing',
    { timeout: 180_000 },
    async () => {
      const cases: readonly (readonly [readonly string[], RegExp])[] = [
        [['gaol'], /There is no command "omk gaol"\. Did you mean "goal"\?/],
        [['zzzzzz'], /`omk help` lists them/],
        [['goal'], /Say what to do/],
        [['goal', 'statsu'], /Did you mean "status"\?/],
        [['goal', 'constructor'], /There is no command "omk goal constructor"/],
        [['goal', '__proto__'], /There is no command/],
        [['goal', 'status', '--jsn'], /There is no option --jsn here\. Did you mean --json\?/],
        [['goal', 'status', '--to', 'x'], /There is no option --to here/],
        [['goal', 'status', 'latest', 'more'], /"more" is one argument too many/],
        [['goal', 'list', 'latest'], /one argument too many/],
        [['goal', 'export'], /--to DIR/],
        [['goal', 'pause', '--tokens', '3'], /There is no option --tokens here/],
        [['goal', 'accept', '--reason', 'x'], /There is no option --reason here/],
        [['goal', 'reject'], /--reason/],
        [['goal', 'budget-add'], /--time D, --tokens N or --usd X/],
        [['goal', 'budget-add', '--time', 'soon'], /--time: /],
        [['goal', 'answer', 'latest', 'question-1', 'more', '--choice', '1'], /one argument too many/],
        [['goal', 'note', 'latest', 'more', 'words'], /"words" is one argument too many/],
        [['goal', 'note', 'latest'], /omk goal note \[ID\]/],
        [['goal', 'run'], /Say what the goal is/],
        [['proof'], /omk proof verify FILE/],
        [['proof', 'verify'], /omk proof verify FILE/],
        [['proof', 'check', 'x'], /omk proof verify FILE/],
        [['serve', '--port', '80a'], /--port takes a whole number/],
        [['serve', '--prot', '80'], /Did you mean --port\?/],
        [['agents', 'ad'], /There is no command "omk agents ad"/],
        [['agents', 'try'], /Say which/],
        [['agents', 'add', 'mine'], /omk agents add NAME/],
        [['agents', 'add', 'mine', 'kimi acp'], /"wire:CMD" or "acp:CMD"/],
        [['agents', 'remove'], /Say which/],
        [['agents', '--jsn'], /There is no option --jsn/],
        [['doctor', '--fix'], /There is no option --fix here/],
        [['config', 'get'], /one argument too many/],
        [['demo', '--keep'], /keep/],
      ];
      await all(cases, async ([args, sentence]) => {
        // Some of these need a goal to say more; that there is none comes after the usage.
        const ended = await world.omk(args);
        const said = `${args.join(' ')}: ${ended.stderr}`;
        if (ended.code === 1 && /no goals yet/.test(ended.stderr)) return;
        expect(ended.code, said).toBe(2);
        expect(said).toMatch(sentence);
        expectSentence(ended.stderr);
        expect(ended.stderr.trim().split('\n'), said).toHaveLength(1);
        expect(ended.stdout, said).toBe('');
      });
      expect(readdirSync(world.repo)).not.toContain('goal');
    },
  );

  it('prints the whole usage when nothing was said, and on request', async () => {
    const nothing = await world.omk([]);
    expect(nothing.code).toBe(2);
    expect(nothing.stdout).toBe('');
    expect(nothing.stderr).toMatch(/Exit codes: 0 ready, 1 the command failed, 2 usage/);
    for (const args of [['help'], ['--help'], ['goal', 'run', '--help'], ['goal', 'accept', '-h']]) {
      const help = await world.omk(args);
      expect(help.code).toBe(0);
      expect(help.stdout).toBe(nothing.stderr.trimEnd());
    }
    const version = await world.omk(['version']);
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

describe('an id', () => {
  it('is read strictly: a path, an option or a control character is none', { timeout: 120_000 }, async () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      ['latest', /There are no goals yet/],
      ['../../etc/passwd', /"\.\.\/\.\.\/etc\/passwd" is not a goal id/],
      ['goal-20260101-120000-000-0a1b2c3d/..', /is not a goal id/],
      [' goal-20260101-120000-000-0a1b2c3d', /is not a goal id/],
      ['goal-20260101-120000-000-0a1b2c3d\n', /is not a goal id/],
      ['goal-\u001b[31m\u202e', /"goal-⟨U\+001B⟩\[31m⟨U\+202E⟩" is not a goal id/],
      ['goal-20260101-120000-000-0A1B2C3D', /is not a goal id/],
      ['x'.repeat(5_000), /is not a goal id/],
      ['goal-20260101-120000-000-0a1b2c3d', /There is no goal goal-20260101-120000-000-0a1b2c3d here/],
    ];
    await all(cases, async ([id, sentence]) => {
      for (const args of [
        ['goal', 'status', id],
        ['goal', 'cancel', id, '--json'],
      ]) {
        const ended: Ended = await world.omk(args);
        expect(ended.code, ended.stderr).toBe(1);
        expect(ended.stderr).toMatch(sentence);
        expectSentence(ended.stderr);
        expect(ended.stderr.length).toBeLessThan(400);
        expect(ended.stdout).toBe('');
      }
    });
  });
});

describe('a reader that goes away', () => {
  it.each(['help', 'goal list', 'config --json', 'goal status'])('ends %s quietly', (command) => {
    // The reader is gone before anything is written to it.
    const script = `{ '${process.execPath}' '${cli}' ${command}; echo "exit $?" >&2; } | :`;
    const piped = spawnSync('sh', ['-c', script], { encoding: 'utf8', env: env() });
    const lines = piped.stderr.trimEnd().split('\n');
    expect(lines.at(-1)).toMatch(/^exit [01]$/);
    expect(lines.slice(0, -1).join('\n')).not.toMatch(/EPIPE|Error|at /);
  });
});

it('says that the folder it runs in is gone', async () => {
  const gone = join(world.root, 'gone');
  mkdirSync(gone);
  const child = spawn(
    'sh',
    ['-c', `cd '${gone}' && rmdir '${gone}' && exec '${process.execPath}' '${cli}' goal list`],
    {
      env: env(),
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(stderr).toBe('The current folder does not exist any more. Change to another one.\n');
  expect(code).toBe(1);
  rmSync(gone, { recursive: true, force: true });
});

it('tells what holds now, from defaults and from the file, and nothing of the environment', async () => {
  const ended = await world.omk(['config', '--json']);
  expect(JSON.parse(ended.stdout)).toMatchObject({
    state_dir: world.state,
    defaults: { agent: null, budget: { tokens: 2_000_000 } },
    timeouts: { handshakeMs: 20_000 },
  });
  expect(ended.stdout).not.toContain('NODE_ENV');
  expect((await world.omk(['config'])).stdout).toMatch(/^budget\.tokens +2000000$/m);
});
