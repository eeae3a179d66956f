import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AgentEntry } from '../../shared/agent-entry.ts';
import { addAgent, removeAgent } from './agent-config.ts';
import { createConfiguredAgents } from './configured-agents.ts';
import { readConfig } from './config.ts';

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'omk-config-'));
  file = join(dir, 'omk/config.toml');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const entry = (o: Partial<AgentEntry> = {}): AgentEntry => ({
  name: 'mine',
  protocol: 'acp',
  command: `node "/a b/x.mjs" --say 'it''s'`,
  env: ['API_KEY'],
  ...o,
});
const read = () => readFileSync(file, 'utf8');
const config = () => {
  const parsed = readConfig({ XDG_CONFIG_HOME: dir, HOME: dir, OMK_HOME: join(dir, 'state') });
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
};

test('an agent keeps its login files and the home it uses, and what is no file in a home is refused', () => {
  addAgent(file, entry({ name: 'files', env: [], loginFiles: ['.mine/token.json'] }));
  addAgent(file, entry({ name: 'open', env: [], home: 'user' }));
  const { command } = entry();
  expect(config().agents).toEqual({
    files: { command: `acp:${command}`, env: [], loginFiles: ['.mine/token.json'] },
    open: { command: `acp:${command}`, env: [], home: 'user' },
  });
  expect(read()).toContain('login_files = [ ".mine/token.json" ]');
  writeFileSync(file, '[agents.x]\ncommand = "acp:x"\nlogin_files = ["../other"]\n');
  expect(readConfig({ XDG_CONFIG_HOME: dir, HOME: dir })).toMatchObject({
    ok: false,
    error: { message: expect.stringMatching(/no file in your home folder/) as string },
  });
});

const mine = '# how I like it\n[goal] # all goals\nmax_attempts = 4\n';

test('an agent is added to a file that is not there yet, for its owner alone', () => {
  expect(addAgent(file, entry())).toMatchObject({ ok: true });
  expect(config().agents).toEqual({
    mine: { command: `acp:node "/a b/x.mjs" --say 'it''s'`, env: ['API_KEY'] },
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(dir, 'omk'))).toEqual(['config.toml']);
});

test('adding and removing leave everything else as it was, to the byte', () => {
  addAgent(file, entry({ name: 'first' }));
  writeFileSync(file, `${mine}\n${read()}\n# about the budget\n[budget]\ntokens = 5\n`);
  chmodSync(file, 0o640);
  const before = read();
  addAgent(file, entry());
  addAgent(file, entry({ name: 'my.other', env: [] }));
  expect(read().startsWith(before)).toBe(true);
  expect(Object.keys(config().agents)).toEqual(['first', 'mine', 'my.other']);
  expect(removeAgent(file, 'my.other')).toMatchObject({ ok: true });
  expect(removeAgent(file, 'mine')).toMatchObject({ ok: true });
  expect(read().trimEnd()).toBe(before.trimEnd());
  expect(removeAgent(file, 'first')).toMatchObject({ ok: true });
  expect(read()).toContain('# about the budget\n[budget]\ntokens = 5');
  expect(read()).toContain(mine);
  expect(config().defaults.budget.tokens).toBe(5);
  expect(statSync(file).mode & 0o777).toBe(0o640);
});

test('what is written in another way is not touched', () => {
  addAgent(file, entry());
  const inline = 'agents = { mine = { command = "acp:x" } }\n';
  writeFileSync(file, inline);
  expect(removeAgent(file, 'mine')).toMatchObject({ ok: false, error: { code: 'config.unusual' } });
  expect(addAgent(file, entry({ name: 'more' }))).toMatchObject({ ok: false });
  const hidden = 'note = """\n[agents.mine]\ncommand = "acp:x"\n"""\n';
  writeFileSync(file, hidden);
  expect(removeAgent(file, 'mine')).toMatchObject({ ok: false });
  expect(read()).toBe(hidden);
});

test('a file that is no TOML stays as it is', () => {
  addAgent(file, entry());
  writeFileSync(file, '[goal\n');
  expect(addAgent(file, entry())).toMatchObject({ ok: false, error: { code: 'config.unreadable' } });
  expect(read()).toBe('[goal\n');
});

test('a linked configuration stays a link', () => {
  writeFileSync(join(dir, 'dotfiles.toml'), mine);
  addAgent(file, entry());
  rmSync(file);
  symlinkSync(join(dir, 'dotfiles.toml'), file);
  expect(addAgent(file, entry())).toMatchObject({ ok: true });
  expect(lstatSync(file).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(dir, 'dotfiles.toml'), 'utf8')).toContain('[agents.mine]');
});

test('a folder that cannot be written gets its sentence, and nothing is left in it', () => {
  writeFileSync(join(dir, 'omk'), 'a file where the folder should be');
  const added = addAgent(file, entry());
  expect(added).toMatchObject({ ok: false, error: { code: expect.stringMatching(/^config\./) as string } });
  expect(existsSync(file)).toBe(false);
});

test('a host knows at once what it wrote, and takes the same agent twice for once', () => {
  const agents = createConfiguredAgents(config());
  expect(agents.add(entry())).toMatchObject({ ok: true });
  expect(agents.has(entry())).toBe(true);
  expect(agents.has(entry({ command: 'other' }))).toBe(false);
  expect(Object.keys(agents.current())).toEqual(['mine']);
  expect(agents.remove('toString')).toMatchObject({ ok: false, error: { code: 'agent.unknown' } });
  expect(agents.remove('mine')).toMatchObject({ ok: true });
  expect(agents.current()).toEqual({});
  writeFileSync(file, 'nonsense = 1\n');
  expect(agents.add(entry())).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining('nonsense') as string },
  });
});
