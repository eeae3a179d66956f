import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sampleFiles } from '../../src/main/demo-agent/sample.ts';
import { runArgs } from './omk.ts';
import {
  answer,
  commitAll,
  expectRefused,
  expectSentence,
  expectStopped,
  openQuestions,
  put,
  resume,
  worlds,
} from './bad-input.ts';

const world = worlds();
const once = ['--max-attempts', '1'];

it('asks for a command where no gate is found, and goes on with the one that is typed', async () => {
  const one = world();
  put(one, 'package.json', '{ "name": "ledger", "type": "module", "private": true }\n');
  commitAll(one);
  const ended = await one.omk(runArgs(one, 'honest'));
  expectStopped(ended, 'blocked_on_human', /Which command/);
  expect(await openQuestions(one)).toMatchObject([{ question: { kind: 'gates.missing' } }]);
  const empty = await one.omk(['goal', 'answer', '--text', '  ']);
  expect(empty.code).toBe(1);
  expectSentence(empty.stderr);
  const again = await answer(one, '--text', 'node --test');
  expect(again.result, again.stderr).toMatchObject({ status: 'ready' });
});

it('is never ready when the tool of a gate is missing, and names it', async () => {
  const one = world();
  const ended = await one.omk(runArgs(one, 'honest', ...once, '--gate', 'x=nosuchtool'));
  expect(ended.result?.status).not.toBe('ready');
  expectStopped(ended, ended.result?.status ?? '', /nosuchtool/);
  expect(one.git('branch', '--list', 'goal/*')).toBe('');
});

it('ends ready when the product does not compile on base and the agent repairs it', async () => {
  const one = world();
  put(one, 'src/money.js', `%%% not JavaScript\n${sampleFiles['src/money.js'] ?? ''}`);
  commitAll(one);
  const ended = await one.omk(runArgs(one, 'repairs'));
  expect(ended.result, ended.stderr).toMatchObject({ status: 'ready' });
});

it('is never ready by itself when the test file does not compile on base, and says why', async () => {
  const one = world();
  put(one, 'test/money.test.js', `%%% not JavaScript\n${sampleFiles['test/money.test.js'] ?? ''}`);
  commitAll(one);
  const left = await one.omk(runArgs(one, 'honest', ...once));
  expect(left.result?.status, left.stderr).not.toBe('ready');
  expectStopped(left, 'not_ready', /money\.test\.js/);
  const repaired = await one.omk(runArgs(one, 'repairs-tests', ...once));
  expect(repaired.result?.status, repaired.stderr).not.toBe('ready');
  expectStopped(repaired, repaired.result?.status ?? '', /money\.test\.js|locked/);
});

it('stops on dependencies that cannot be had, shows the output, and goes on when they can', async () => {
  const one = world();
  const dependency = { left: '1.0.0' };
  const root = { name: 'ledger', version: '1.0.0', type: 'module', scripts: { test: 'node --test' } };
  put(one, 'package.json', JSON.stringify({ ...root, dependencies: dependency }));
  put(
    one,
    'package-lock.json',
    JSON.stringify({
      name: 'ledger',
      version: '1.0.0',
      lockfileVersion: 3,
      requires: true,
      packages: {
        '': { name: 'ledger', version: '1.0.0', dependencies: dependency },
        'node_modules/left': { version: '1.0.0', resolved: 'http://127.0.0.1:9/left-1.0.0.tgz' },
      },
    }),
  );
  // npm tries again for more than a minute otherwise.
  put(one, '.npmrc', 'fetch-retries=0\n');
  commitAll(one);
  const ended = await one.omk(runArgs(one, 'honest'));
  expectStopped(ended, 'blocked_on_external', /dependencies failed.*npm ci.*output/);
  const failed = ended.events.find((event) => event.type === 'attempt.failed')?.payload;
  expect(JSON.stringify(failed)).toMatch(/127\.0\.0\.1|ECONNREFUSED/);
  expect(failed?.['evidence']).toHaveLength(1);
});

it('asks about gates it cannot read, never guesses others, and goes on once they are put right', async () => {
  const one = world();
  put(one, '.omk/gates.toml', '[[gates]\nname = "tests"\n');
  commitAll(one);
  const ended = await one.omk(runArgs(one, 'honest'));
  expectStopped(ended, 'blocked_on_human', /Read the gates again/);
  const [asked] = await openQuestions(one);
  expect(asked?.question).toMatchObject({ kind: 'gates.unreadable' });
  expect(asked?.question.context).toMatch(/\.omk\/gates\.toml, line 1/);
  const still = await answer(one, '--choice', 'retry');
  expectStopped(still, 'blocked_on_human', /Read the gates again/);
  put(one, '.omk/gates.toml', '[[gates]]\nname = "tests"\ncommand = "node"\nargs = ["--test"]\n');
  commitAll(one);
  const again = await answer(one, '--choice', 'retry');
  expect(again.result, again.stderr).toMatchObject({ status: 'ready' });
  const found = again.events.find((event) => event.type === 'oracle.defined')?.payload;
  expect(found?.['source']).toBe('gates.toml');
});

it('refuses a probe, a gate and a flag that it cannot read, before anything is made', async () => {
  const one = world();
  const probe = join(one.root, 'probe.json');
  const withProbe = runArgs(one, 'honest', '--probe', probe);
  expectRefused(await one.omk(withProbe), 2, /probe\.json cannot be read/);
  writeFileSync(probe, '{ "name": "x" ');
  expectRefused(await one.omk(withProbe), 2, /probe\.json cannot be read/);
  writeFileSync(probe, '{ "name": "x", "command": "echo", "expect": {} }');
  expectRefused(await one.omk(withProbe), 2, /probe\.json is not valid: command:/);
  expectRefused(await one.omk(runArgs(one, 'honest', '--gate', 'tests')), 2, /NAME=COMMAND/);
  expectRefused(await one.omk(runArgs(one, 'honest', '--budget-time', 'soon')), 2, /budget-time/);
  expectRefused(await one.omk(runArgs(one, 'honest', '--acept', 'auto')), 2, /--accept/);
});

it('honours probes: an agent that hard-codes what the tests ask passes them and not the probe', async () => {
  const one = world();
  const probe = join(one.root, 'probe.json');
  const code = "import('./src/money.js').then((m) => console.log(m.formatCents(7)))";
  writeFileSync(
    probe,
    JSON.stringify({ name: 'seven', command: ['node', '-e', code], expect: { stdout: '0.07\n', exit: 0 } }),
  );
  const passes = await one.omk(runArgs(one, 'hard-codes', ...once));
  expect(passes.result, passes.stderr).toMatchObject({ status: 'ready' });
  const ended = await one.omk(runArgs(one, 'hard-codes', ...once, '--probe', probe));
  expectStopped(ended, 'not_ready', /seven/);
  const honest = await one.omk(runArgs(one, 'honest', ...once, '--probe', probe));
  expect(honest.result, honest.stderr).toMatchObject({ status: 'ready' });
  expect((await resume(one)).result).toEqual(honest.result);
});
