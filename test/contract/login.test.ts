import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AgentSpec } from '../../src/shared/goal/vocabulary.ts';
import { namespaces, never } from './agent-rig.ts';
import { makeRooms, openReal } from './real-agent.ts';
import type { RealAgent } from './real-agent.ts';

const fake = join(import.meta.dirname, '../fakes/acp-agent.ts');
/** Programs as they are called, and the file each keeps its login in. */
const programs = [
  ['qwen', '.qwen/oauth_creds.json'],
  ['gemini', '.gemini/oauth_creds.json'],
  ['claude-agent-acp', '.claude/.credentials.json'],
  ['codex-acp', '.codex/auth.json'],
] as const;

let dir: string;
let agent: RealAgent | null = null;
beforeEach(() => {
  dir = makeRooms();
});
afterEach(async () => {
  await agent?.session.stop();
  agent = null;
  rmSync(dir, { recursive: true, force: true });
});

const theirs = (path: string): string => join(dir, 'user', path);
const token = (path: string): unknown => (JSON.parse(readFileSync(path, 'utf8')) as { token: unknown }).token;

function signIn(path: string, number = 1): void {
  mkdirSync(dirname(theirs(path)), { recursive: true });
  writeFileSync(theirs(path), JSON.stringify({ token: number }), { mode: 0o600 });
}

/** Starts the fake under the name of a real program. */
async function open(
  program: string,
  file: string,
  scenario: 'renews-by-rename' | 'renews-in-place',
  use: 'namespaces' | 'none',
  more: Partial<AgentSpec> = {},
): Promise<RealAgent> {
  const path = join(dir, program);
  const script = `FAKE_LOGIN_FILE=${file} exec '${process.execPath}' '${fake}' ${scenario}`;
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const spec: AgentSpec = {
    name: 'fake',
    protocol: 'acp',
    argv: [path, '--acp'],
    envNames: [],
    quirks: 'generic',
    ...more,
  };
  const writable = ['work', 'home', 'tmp'].map((name) => join(dir, name));
  agent = await openReal(dir, { argv: spec.argv, env: {} }, { spec, sandbox: { use, hide: [], writable } });
  return agent;
}

for (const use of ['none', 'namespaces'] as const) {
  describe.skipIf(use === 'namespaces' && !namespaces)(`a login, isolated by ${use}`, () => {
    for (const scenario of ['renews-by-rename', 'renews-in-place'] as const)
      it.each(programs)(`of %s reaches it, and comes back when it ${scenario}`, async (program, file) => {
        signIn(file);
        const { session } = await open(program, file, scenario, use);
        expect(await session.prompt('one', never())).toMatchObject({
          outcome: 'completed',
          finalText: '1 2',
        });
        // Not only when it ends: the person may work with the same login meanwhile.
        await vi.waitFor(() => expect(token(theirs(file))).toBe(2), { timeout: 10_000 });
        await vi.waitFor(() => expect(lstatSync(join(dir, 'home', file)).isSymbolicLink()).toBe(true));
        expect(await session.prompt('two', never())).toMatchObject({ finalText: '2 3' });
        await session.stop();
        expect(token(theirs(file))).toBe(3);
        expect(lstatSync(theirs(file)).mode & 0o777).toBe(0o600);
        expect(readdirSync(dirname(theirs(file)))).toEqual([file.split('/')[1]]);
      });

    it('that the person renewed meanwhile is what the agent reads next', async () => {
      const [program, file] = programs[2];
      signIn(file);
      const { session } = await open(program, file, 'renews-by-rename', use);
      await session.prompt('one', never());
      await vi.waitFor(() => expect(lstatSync(join(dir, 'home', file)).isSymbolicLink()).toBe(true));
      signIn('.claude/new', 10);
      renameSync(theirs('.claude/new'), theirs(file));
      expect(await session.prompt('two', never())).toMatchObject({ finalText: '10 11' });
      await session.stop();
      expect(token(theirs(file))).toBe(11);
    });

    it('in a file the person named is brought like any other', async () => {
      signIn('.mine/token.json');
      const named = { loginFiles: ['.mine/token.json'] };
      const { session } = await open('mine', '.mine/token.json', 'renews-by-rename', use, named);
      expect(await session.prompt('one', never())).toMatchObject({ finalText: '1 2' });
      await session.stop();
      expect(token(theirs('.mine/token.json'))).toBe(2);
    });

    it('is simply there for an agent that uses the home, in which nothing is generated', async () => {
      signIn('.mine/token.json');
      mkdirSync(theirs('.local/state/omk'), { recursive: true });
      const { session } = await open('mine', '.mine/token.json', 'renews-by-rename', use, { home: 'user' });
      expect(await session.prompt('one', never())).toMatchObject({ finalText: '1 2' });
      await session.stop();
      expect(token(theirs('.mine/token.json'))).toBe(2);
      expect(readdirSync(join(dir, 'user')).toSorted()).toEqual(['.kimi-code', '.local', '.mine']);
      expect(readdirSync(join(dir, 'home'))).toEqual([]);
    });

    it('of which omk knows nothing does not reach the agent', async () => {
      signIn('.mine/token.json');
      const { session } = await open('mine', '.mine/token.json', 'renews-by-rename', use);
      expect(await session.prompt('one', never())).toMatchObject({ error: { code: 'auth_required' } });
      expect(existsSync(join(dir, 'home/.mine'))).toBe(false);
    });
  });
}
