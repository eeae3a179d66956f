import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Approvals } from '../../shared/goal/vocabulary.ts';
import type { ApprovalRequest } from './agent-backend.ts';
import { judge } from './approval-policy.ts';
import type { Boundary } from './approval-policy.ts';

const boundary = (confined: boolean, writeSet: readonly string[] = ['project files']): Boundary => ({
  workDir: '/w/slice',
  privateDirs: ['/w/home', '/w/tmp'],
  confined,
  writeSet,
});
const request = (o: Partial<ApprovalRequest>): ApprovalRequest => ({
  id: '1',
  tool: 'tool',
  summary: '',
  command: null,
  commandComplete: true,
  paths: [],
  diff: null,
  subagent: null,
  ...o,
});
const command = request({ command: 'make' });
const write = (path: string, byHost = false) =>
  request({ paths: [path], ...(byHost ? { byHost: true as const } : {}) });
const short = (one: ApprovalRequest, confined: boolean, approvals: Approvals): string => {
  const judged = judge(one, boundary(confined), approvals);
  return judged.type === 'ask' ? `ask ${judged.why}` : judged.type;
};

describe('what an agent wants, and what becomes of it', () => {
  const other = request({ tool: 'FetchURL' });
  // [the act, unconfined: manual auto never, confined: manual auto never]
  const table: readonly (readonly [string, ApprovalRequest, readonly string[]])[] = [
    [
      'a command',
      command,
      ['ask unconfined', 'ask unconfined', 'refuse', 'ask every_command', 'allow', 'refuse'],
    ],
    [
      'a command that was cut',
      request({ command: 'make…', commandComplete: false }),
      ['ask unconfined', 'ask unconfined', 'refuse', 'ask every_command', 'allow', 'refuse'],
    ],
    [
      'a file of the worktree',
      write('/w/slice/a/b.ts'),
      ['allow', 'allow', 'refuse', 'allow', 'allow', 'refuse'],
    ],
    [
      'the same, by omk',
      write('/w/slice/a.ts', true),
      ['allow', 'allow', 'refuse', 'allow', 'allow', 'refuse'],
    ],
    ['a relative path', write('src/a.ts'), ['allow', 'allow', 'refuse', 'allow', 'allow', 'refuse']],
    ['scratch paper', write('/w/tmp/x'), ['ask outside', 'allow', 'allow', 'ask outside', 'allow', 'allow']],
    [
      'a file elsewhere',
      write('/etc/hosts'),
      ['ask outside', 'ask outside', 'refuse', 'ask outside', 'allow', 'refuse'],
    ],
    [
      'a file elsewhere, by omk',
      write('/etc/hosts', true),
      ['ask outside', 'ask outside', 'refuse', 'ask outside', 'ask outside', 'refuse'],
    ],
    [
      'a path that climbs',
      write('/w/slice/../other/x', true),
      ['ask outside', 'ask outside', 'refuse', 'ask outside', 'ask outside', 'refuse'],
    ],
    [
      'a neighbour by name',
      write('/w/slice-2/x', true),
      ['ask outside', 'ask outside', 'refuse', 'ask outside', 'ask outside', 'refuse'],
    ],
    ['git’s own files', write('/w/slice/.git/hooks/pre-commit'), Array(6).fill('refuse') as string[]],
    ['git’s own files by another name', write('sub/.GIT/config', true), Array(6).fill('refuse') as string[]],
    [
      'a tool nobody knows',
      other,
      ['ask unknown_tool', 'ask unknown_tool', 'refuse', 'ask unknown_tool', 'allow', 'refuse'],
    ],
    [
      'several files of which one is elsewhere',
      request({ paths: ['/w/slice/a', '/etc/hosts', '/w/tmp/x'] }),
      ['ask outside', 'ask outside', 'refuse', 'ask outside', 'allow', 'refuse'],
    ],
  ];
  for (const [what, act, expected] of table) {
    test(`is judged by its arguments: ${what}`, () => {
      const judged = [false, true].flatMap((confined) =>
        (['manual', 'auto', 'never'] as const).map((approvals) => short(act, confined, approvals)),
      );
      expect(judged).toEqual(expected);
    });
  }
});

const anyRequest = fc.record({
  command: fc.option(fc.string()),
  commandComplete: fc.boolean(),
  byHost: fc.boolean(),
  paths: fc.array(
    fc
      .array(fc.constantFrom('w', 'slice', 'home', 'tmp', '..', '.', '.git', '', 'etc', 'a'), {
        maxLength: 6,
      })
      .map((parts) => parts.join('/')),
    { maxLength: 3 },
  ),
});
const anyAct = anyRequest.map(({ byHost, ...o }) =>
  request({ ...o, ...(byHost ? { byHost: true as const } : {}) }),
);

test('read-only never asks, and never lets anything through but scratch paper', () => {
  fc.assert(
    fc.property(anyAct, fc.boolean(), (act, confined) => {
      const judged = judge(act, boundary(confined), 'never');
      expect(judged.type).not.toBe('ask');
      if (judged.type !== 'allow') return;
      expect(act.command).toBe(null);
      expect(act.paths.some((path) => /^\/w\/(?:home|tmp)(?:\/|$)/.test(path))).toBe(true);
    }),
  );
});

test('without a boundary no command and no path outside is ever let through unasked', () => {
  fc.assert(
    fc.property(anyAct, fc.constantFrom('manual' as const, 'auto' as const), (act, approvals) => {
      if (judge(act, boundary(false), approvals).type !== 'allow') return;
      expect(act.command).toBe(null);
      expect(act.paths.length).toBeGreaterThan(0);
      for (const path of act.paths) {
        expect(path.split('/')).not.toContain('..');
        if (path.startsWith('/')) expect(path).toMatch(/^\/w\/(?:slice|home|tmp)(?:\/|$)/);
      }
    }),
  );
});

test('what manual lets through, auto lets through as well', () => {
  fc.assert(
    fc.property(anyAct, fc.boolean(), (act, confined) => {
      if (judge(act, boundary(confined), 'manual').type !== 'allow') return;
      expect(judge(act, boundary(confined), 'auto').type).toBe('allow');
    }),
  );
});

describe('files of the worktree that are not for the agent', () => {
  const said = (path: string, writeSet?: readonly string[], approvals: Approvals = 'auto') => {
    const judged = judge(write(path, true), boundary(true, writeSet), approvals);
    return judged.type === 'allow' || judged.type === 'ask'
      ? judged.type
      : `${judged.type}: ${judged.reason}`;
  };

  test.each(['.omk/gates.toml', '/w/slice/.omk/gates.toml', './.OMK/x', '.omk'])(
    '%s says how its work is judged, and is never written',
    (path) => {
      for (const approvals of ['auto', 'manual'] as const)
        expect(said(path, undefined, approvals)).toMatch(/^refuse: .*says how your work is judged/);
    },
  );

  test('what the task may not change is refused with what it may', () => {
    expect(said('/w/slice/src/a.ts', ['src'])).toBe('allow');
    expect(said('/w/slice/lib/a.ts', ['src', 'docs'])).toMatch(
      /^refuse: lib\/a\.ts is outside what this task may change \(src, docs\)/,
    );
    expect(said('/w/tmp/a.ts', ['src'])).toBe('allow');
  });

  test('what programs obey is warned of, with what it could do', () => {
    expect(said('/w/slice/.claude/settings.json')).toMatch(
      /^warn: \.claude\/settings\.json is protected\. .*agents/,
    );
    expect(said('.npmrc')).toMatch(/^warn: /);
    expect(said('.npmrc', undefined, 'never')).toMatch(/^refuse: This goal is read-only/);
    expect(said('src/claude.ts')).toBe('allow');
  });
});
