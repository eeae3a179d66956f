import { describe, expect, test } from 'vitest';
import { ok } from '../../../shared/kernel/result.ts';
import type { IsolationLevel } from '../../../shared/goal/vocabulary.ts';
import type { PerformContext } from '../performer.ts';
import type { Fingerprint } from '../ports.ts';
import { digestOf } from '../testing/results.ts';
import { openGoal } from '../testing/world.ts';
import { watchProject } from './watch-project.ts';

type Seen = { readonly git?: Record<string, string>; readonly files?: Record<string, string> };
type Change = Parameters<PerformContext['projectChanged']>[0];

const print = ({ git = {}, files = {} }: Seen): Fingerprint => ({
  digest: digestOf(JSON.stringify([git, files])),
  git: { HEAD: 'ref: refs/heads/main', hooks: 'none', ...git },
  checkout: new Map(Object.entries({ 'README.md': '1', ...files })),
});

/** Plays one step during which the project becomes `after`, and says what was recorded before its outcome was. */
async function during(
  after: Seen,
  o: {
    level?: IsolationLevel;
    kind?: 'agent' | 'verify';
    home?: 'user';
    dotfile?: string;
  } = {},
): Promise<Change | null> {
  const world = openGoal().driveTo(o.kind ?? 'agent');
  const { opened } = world.goal;
  const agent = o.home === undefined ? opened.agent : { ...opened.agent, home: o.home };
  let done = false;
  let change: Change | null = null;
  const context: PerformContext = {
    goal: { ...world.goal, opened: { ...opened, agent } },
    attempt: world.begin(),
    signal: new AbortController().signal,
    progress: () => {},
    emit: () => {},
    spend: () => {},
    remember: () => {},
    note: () => ok(null),
    notes: { now: () => [], told: () => {}, onWritten: () => () => {} },
    ask: async () => null,
    projectChanged: async (seen) => void (change = seen),
  };
  const deps = {
    projects: { fingerprint: async () => print(done ? after : {}) },
    gates: { isolation: async () => ({ level: o.level ?? 'L0', note: '' }) },
    watchedFiles: () => (done && o.dotfile !== undefined ? { [o.dotfile]: 'made' } : {}),
  };
  await watchProject(deps, async () => {
    done = true;
    return { type: 'interrupted' };
  })(context);
  return change;
}

describe('around a step', () => {
  test('nothing that changed is nothing to say', async () => {
    expect(await during({})).toBeNull();
    expect(await during({}, { level: 'L2' })).toBeNull();
  });

  test('files and branches that an unconfined agent could have changed are named', async () => {
    const after = { files: { 'src/a.ts': '1', 'README.md': '2' }, git: { 'refs/heads/x': 'a' } };
    const what = ['git: refs/heads/x', 'README.md', 'src/a.ts'];
    expect(await during(after)).toEqual({ what, breach: [], byOperator: false });
  });

  test('so are files of the home that others obey, also where they are new', async () => {
    const change = { what: ['~/.bashrc'], breach: [], byOperator: false };
    expect(await during({}, { dotfile: '~/.bashrc' })).toEqual(change);
    expect(await during({}, { dotfile: '~/.bashrc', home: 'user', level: 'L2' })).toEqual(change);
    expect(await during({}, { dotfile: '~/.bashrc', level: 'L2' })).toBeNull();
  });

  test('in namespaces it was the person, whatever it is', async () => {
    const after = { files: { 'README.md': '2' }, git: { hooks: 'one' } };
    const what = ['git: hooks', 'README.md'];
    expect(await during(after, { level: 'L2' })).toEqual({ what, breach: [], byOperator: true });
    const gates = { level: 'L2', kind: 'verify', home: 'user' } as const;
    expect(await during(after, gates)).toEqual({ what, breach: [], byOperator: true });
  });

  test('what makes git run something is a breach where an agent could have done it', async () => {
    const after = { git: { hooks: 'one', config: 'other', info: 'x' } };
    const breach = ['config', 'hooks', 'info'];
    expect(await during(after)).toEqual({ what: [], breach, byOperator: false });
    expect(await during(after, { kind: 'verify' })).toEqual({ what: [], breach, byOperator: false });
  });

  test('of many files the first are named and the rest are counted', async () => {
    const files = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`src/${at}.ts`, '1']));
    const change = await during({ files });
    expect(change?.what).toHaveLength(20);
    expect(change?.what.at(-1)).toBe('and 31 more');
  });
});
