import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { defaultBudget, defaultPolicy } from '../../shared/goal/vocabulary.ts';
import { parseFlags } from './args.ts';
import { CommandFailed } from './io.ts';
import { agentText, envNames, maxGoalBytes, runOptions, runRequest } from './run-options.ts';

const dirs: string[] = [];
afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});
function place(): string {
  const dir = mkdtempSync(join(tmpdir(), 'omk-cli-'));
  dirs.push(dir);
  return dir;
}

async function request(args: readonly string[], cwd = '/somewhere') {
  const flags = parseFlags(args, runOptions, { positionals: Number.POSITIVE_INFINITY });
  const agent = agentText(flags, null);
  const names = envNames(flags);
  const made = await runRequest(flags, cwd, { budget: defaultBudget, policy: defaultPolicy }, 'command-1234');
  return { ...made, agent, names };
}
async function refusal(args: readonly string[], cwd?: string): Promise<string> {
  try {
    await request(args, cwd);
  } catch (cause) {
    if (!(cause instanceof CommandFailed)) throw cause;
    expect(cause.exitCode).toBe(2);
    return cause.message;
  }
  throw new Error(`${args.join(' ')} was taken.`);
}
const goal = 'Fix the retry';

describe('the flags of a run', () => {
  it('leave every default alone that is not named', async () => {
    expect(await request([goal])).toMatchObject({
      text: goal,
      path: '/somewhere',
      budget: defaultBudget,
      policy: defaultPolicy,
      gates: { added: [], selection: {} },
      probes: [],
      agent: 'kimi',
      names: [],
    });
  });

  it.each([
    [['--budget-time', '90m'], { budget: { timeMs: 5_400_000 } }],
    [['--budget-tokens', '5000'], { budget: { tokens: 5000 } }],
    [['--budget-usd', '12.50'], { budget: { usd: 12.5 } }],
    [['--max-agents', '16'], { policy: { maxAgents: 16 } }],
    [['--max-attempts', '20'], { policy: { maxAttempts: 20 } }],
    [['--from', 'snapshot'], { policy: { from: 'snapshot' } }],
    [['--kind', 'docs'], { policy: { kind: 'docs' } }],
    [['--tests-may-change'], { policy: { testsMayChange: true } }],
    [['--policy', 'draft-pr'], { policy: { delivery: 'draft-pr' } }],
    [['--merge-policy', 'gated'], { policy: { merge: 'gated' } }],
    [['--accept', 'auto'], { policy: { accept: 'auto' } }],
    [['--approvals', 'manual'], { policy: { approvals: 'manual' } }],
    [['--isolation', 'none'], { policy: { isolation: 'none' } }],
    [['--min-isolation', 'L2'], { policy: { minIsolation: 'L2' } }],
    [['--planning', 'heuristic'], { policy: { planning: 'heuristic' } }],
    [['--review', 'agent'], { policy: { review: 'agent' } }],
    [['--yes-plan'], { policy: { yesPlan: true } }],
    [['--trust-gates'], { policy: { trustGates: true } }],
    [['--agent', 'qwen'], { agent: 'qwen' }],
    [['--agent-command', 'acp:my agent'], { agent: 'acp:my agent' }],
    [['--agent-env', 'A', '--agent-env', 'B_2'], { names: ['A', 'B_2'] }],
    [['--repo', 'sub/dir'], { path: '/somewhere/sub/dir' }],
    [
      ['--gate', `unit=npm test -- --grep "a b"`],
      {
        gates: { added: [{ name: 'unit', argv: ['npm', 'test', '--', '--grep', 'a b'], source: '--gate' }] },
      },
    ],
  ] as const)('%j has its effect', async (flags, effect) => {
    expect(await request([goal, ...flags])).toMatchObject(effect);
  });

  it.each([
    [[''], /Say what the goal is/],
    [[' \n\t '], /Say what the goal is/],
    [[], /Say what the goal is/],
    [['Fix', 'the', 'tests'], /Put the goal in quotes: "the" stands alone/],
    [[goal, '--budget-tim', '2h'], /There is no option --budget-tim here\. Did you mean --budget-time\?/],
    [[goal, '--zzz'], /There is no option --zzz here/],
    [[goal, '-x'], /There is no option --x here/],
    [[goal, '--repo'], /repo.*argument missing/i],
    [[goal, '--repo', ''], /--repo is empty/],
    [[goal, '--json=yes'], /json.*does not take an argument/i],
    [[goal, '--budget-time', '2 weeks'], /--budget-time: /],
    [[goal, '--budget-time=-5m'], /--budget-time: /],
    [[goal, '--budget-tokens', '0'], /whole number of at least 1; not "0"/],
    [[goal, '--budget-tokens', '1e6'], /not "1e6"/],
    [[goal, '--budget-tokens', '99999999999999999999'], /whole number/],
    [[goal, '--budget-usd', '0'], /amount above 0/],
    [[goal, '--budget-usd', '1,50'], /amount above 0/],
    [[goal, '--max-agents', '17'], /whole number from 1 to 16; not "17"/],
    [[goal, '--max-attempts', '21'], /whole number from 1 to 20; not "21"/],
    [[goal, '--max-agents', '0x2'], /not "0x2"/],
    [[goal, '--accept', 'yes'], /--accept takes manual, auto; not "yes"/],
    [[goal, '--planning', 'llm'], /--planning takes agent, heuristic; not "llm"/],
    [[goal, '--review', 'yes'], /--review takes agent, none; not "yes"/],
    [[goal, '--from', 'main'], /--from takes head, snapshot/],
    [[goal, '--kind', 'bugfix'], /--kind takes change, refactor, docs/],
    [[goal, '--policy', 'pr'], /--policy takes local, draft-pr, auto-pr/],
    [[goal, '--merge-policy', 'on'], /--merge-policy takes/],
    [[goal, '--approvals', 'ask'], /--approvals takes manual, auto, never/],
    [[goal, '--isolation', 'docker'], /--isolation takes namespaces, none/],
    [[goal, '--min-isolation', '2'], /--min-isolation takes L0, L1, L2, L3/],
    [[goal, '--agent', 'a', '--agent-command', 'wire:b'], /not both/],
    [[goal, '--agent-command', 'my-agent'], /starts with the protocol/],
    [[goal, '--agent-env', 'A=1'], /takes the name of a variable, such as API_KEY; not "A"/],
    [[goal, '--agent-env', ''], /takes the name of a variable/],
    [[goal, '--gate', 'npm test'], /NAME=COMMAND/],
    [[goal, '--gate', '=npm test'], /NAME=COMMAND/],
    [[goal, '--gate', 'unit='], /NAME=COMMAND/],
    [[goal, '--gate', 'unit=npm "test'], /NAME=COMMAND/],
    [[goal, '--gate', `${'n'.repeat(101)}=npm test`], /too long/],
    [[goal, '--gate', `unit=x ${'y '.repeat(300)}`], /too long/],
    [[goal, '--probe', 'nowhere.json'], /The probe \/somewhere\/nowhere\.json cannot be read/],
  ] as const)('%j is a usage error', async (args, sentence) => {
    const said = await refusal(args);
    expect(said).toMatch(sentence);
    expect(said).toMatch(/^[^\n]*[.?]$/);
  });

  it('takes exactly one megabyte of goal, counted in bytes', async () => {
    expect((await request(['é'.repeat(maxGoalBytes / 2)])).text).toHaveLength(maxGoalBytes / 2);
    expect(await refusal([`${'é'.repeat(maxGoalBytes / 2)}.`])).toMatch(/longer than 1 MiB/);
  });

  it('takes text that looks like an option after --', async () => {
    expect((await request(['--accept', 'auto', '--', '--fix the tests'])).text).toBe('--fix the tests');
  });

  it('refuses a key in a command that the log would not keep, without saying it again', async () => {
    const key = `ghp_${'a1B2'.repeat(9)}`;
    for (const flags of [
      ['--agent-command', `wire:agent --key ${key}`],
      ['--gate', `unit=curl -H "Authorization: Bearer ${key}"`],
    ]) {
      const said = await refusal([goal, ...flags]);
      expect(said).toMatch(/holds what looks like a key/);
      expect(said).not.toContain(key);
    }
  });
});

describe('a probe', () => {
  const probe = (text: string): { dir: string } => {
    const dir = place();
    writeFileSync(join(dir, 'probe.json'), text);
    return { dir };
  };

  it('is read whole, with its time-out in seconds', async () => {
    const { dir } = probe(
      JSON.stringify({
        name: 'seven',
        command: ['node', '-e', '1'],
        stdin: 'in',
        timeout_secs: 7,
        expect: { stdout: 'out\n', exit: 3 },
      }),
    );
    expect((await request([goal, '--probe', 'probe.json'], dir)).probes).toMatchObject([
      {
        name: 'seven',
        kind: 'probe',
        argv: ['node', '-e', '1'],
        stdin: 'in',
        timeoutMs: 7_000,
        expect: { stdout: 'out\n', exit: 3 },
        source: 'probe probe.json',
        file: join(dir, 'probe.json'),
      },
    ]);
  });

  it.each([
    ['', /cannot be read/],
    ['{', /cannot be read/],
    ['[]', /is not valid/],
    ['{"name":"x","command":[],"expect":{}}', /is not valid: command/],
    ['{"name":"","command":["a"],"expect":{}}', /is not valid: name/],
    ['{"name":"x","command":["a"]}', /is not valid: expect/],
    ['{"name":"x","command":["a"],"expect":{},"comand":1}', /is not valid/],
    ['{"name":"x","command":["a"],"expect":{},"timeout_secs":0}', /is not valid: timeout_secs/],
    [`{"name":"x","command":${JSON.stringify(Array(201).fill('a'))},"expect":{}}`, /is not valid: command/],
    [`{"name":"x","command":["a"],"expect":{"stdout":"ghp_${'a1B2'.repeat(9)}"}}`, /looks like a key/],
  ])('that is wrong is a usage error: %j', async (text, sentence) => {
    const { dir } = probe(text);
    expect(await refusal([goal, '--probe', 'probe.json'], dir)).toMatch(sentence);
  });

  it('is never read from a folder, a pipe or a file without end', async () => {
    const dir = place();
    mkdirSync(join(dir, 'folder'));
    execFileSync('mkfifo', [join(dir, 'pipe')]);
    writeFileSync(join(dir, 'big'), Buffer.alloc(4 * 1024 * 1024 + 1, ' '));
    for (const name of ['folder', 'pipe', '/dev/zero', 'big'])
      expect(await refusal([goal, '--probe', name], dir)).toMatch(/cannot be read: it is /);
  });
});
