import { expect, it } from 'vitest';
import type { ApprovalRequest } from '../../../runtime/agent-backend.ts';
import { createGrants } from './grants.ts';

const request = (o: Partial<ApprovalRequest>): ApprovalRequest => ({
  id: '1',
  tool: 'Bash',
  summary: '',
  command: null,
  commandComplete: true,
  paths: [],
  diff: null,
  subagent: null,
  ...o,
});
const make = request({ command: 'make' });
const grants = () => createGrants((path) => path.replace(/^\.\//, '/w/'));

it('what was allowed is done once, and exactly that', () => {
  const known = grants();
  known.allow(make);
  for (const other of ['make install', 'Make', 'make '])
    expect(known.take(request({ command: other }))).toBe(null);
  expect(known.take(request({ command: 'make', cwd: '/etc' }))).toBe(null);
  expect(known.take(make)).toEqual({ allowed: true });
  expect(known.take(make)).toBe(null);
});

it('twice allowed is twice done, and a turn that ends ends both', () => {
  const known = grants();
  known.allow(make);
  known.allow(make);
  expect([known.take(make), known.take(make), known.take(make)].map((one) => one?.allowed)).toEqual([
    true,
    true,
    undefined,
  ]);
  known.allow(make);
  known.clear();
  expect(known.take(make)).toBe(null);
});

it('a command that was not told whole is recognised by nothing', () => {
  const known = grants();
  const cut = request({ command: 'make', commandComplete: false });
  known.allow(cut);
  expect(known.take(make)).toBe(null);
  expect(known.refuse(cut, 'no')).toBe(false);
});

it('a refusal is given with its reason, before anything that was allowed', () => {
  const known = grants();
  known.allow(make);
  expect(known.refuse(make, 'not now')).toBe(true);
  expect(known.take(make)).toEqual({ allowed: false, reason: 'not now' });
});

it('a file is known by where it really is and by what is written to it', () => {
  const known = grants();
  const write = (...paths: string[]) => request({ paths, diff: '+x', byHost: true });
  known.allow(write('./a'));
  expect(known.take(write('/w/b'))).toBe(null);
  expect(known.take(write('/w/a', '/w/b'))).toBe(null);
  expect(known.take({ ...write('/w/a'), diff: '+y' })).toBe(null);
  expect(known.take(write('/w/a'))).toEqual({ allowed: true });
});

it('a path that was allowed without what would be written, or only to the agent itself, allows omk nothing', () => {
  const known = grants();
  const write = request({ paths: ['/w/a'], diff: '+x', byHost: true });
  known.allow({ ...write, diff: null });
  const { byHost: _, ...own } = write;
  known.allow(own);
  expect(known.take({ ...write, diff: null })).toBe(null);
  expect(known.take(write)).toBe(null);
});
