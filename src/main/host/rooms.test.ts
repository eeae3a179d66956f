import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openGoal } from '../runtime/testing/world.ts';
import { goalId } from '../runtime/testing/results.ts';
import { GateSpec } from '../../shared/goal/vocabulary.ts';
import { pathsUnder, preparePaths } from './paths.ts';
import type { Paths } from './paths.ts';
import { makeRooms } from './rooms.ts';

const dirs: string[] = [];
afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

function place(): { root: string; paths: Paths } {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'omk-rooms-')));
  dirs.push(root);
  const paths = pathsUnder(join(root, 'state'));
  expect(preparePaths(paths)).toEqual({ ok: true });
  return { root, paths };
}

const goal = (project: string, argv: string[] = ['agent']) =>
  openGoal(
    {},
    {
      project: { path: project, name: 'p', subfolder: '' },
      agent: { name: 'a', protocol: 'wire', argv, envNames: [], quirks: 'generic' },
    },
  ).goal;

it('hides everything of omk’s and every other goal, but nothing the goal’s own slices are made of', () => {
  const { root, paths } = place();
  const project = join(root, 'project');
  const other = 'goal-20260101-120000-000-ffffffff';
  for (const dir of [
    project,
    join(paths.slices, goalId, 'workspace'),
    join(paths.slices, goalId, 'slices', 'slice-1'),
    join(paths.slices, other, 'slices'),
    join(paths.work, other, 'rooms', 'home'),
  ])
    mkdirSync(dir, { recursive: true });
  writeFileSync(paths.database, '');
  const { hide, home, tmpDir } = makeRooms(paths, goal(project), 'attempt-1');
  const hidden = (path: string): boolean => hide.some((one) => path === one || path.startsWith(`${one}/`));
  for (const path of [
    paths.database,
    paths.vaults,
    paths.artifacts,
    paths.transcripts,
    paths.challenges,
    paths.goals,
    paths.verify,
    paths.cache,
    join(paths.slices, other),
    join(paths.work, other),
    project,
  ])
    expect(hidden(path), path).toBe(true);
  for (const path of [join(paths.slices, goalId, 'workspace'), home, tmpDir])
    expect(hidden(path), path).toBe(false);
});

it('leaves the project visible only where the agent or the state directory lives in it', () => {
  const { root, paths } = place();
  const project = join(root, 'project');
  mkdirSync(project);
  expect(makeRooms(paths, goal(project), 'attempt-1').hide).toContain(project);
  const inside = goal(project, ['node', join(project, 'agent.js')]);
  expect(makeRooms(paths, inside, 'attempt-1').hide).not.toContain(project);
  expect(makeRooms(paths, goal(root), 'attempt-1').hide).not.toContain(root);
  expect(makeRooms(paths, goal(`${project}-that-is-gone`), 'attempt-1').hide).not.toContain(
    `${project}-that-is-gone`,
  );
});

it('hides the files that probes came from', () => {
  const { root, paths } = place();
  const file = join(root, 'probe.json');
  writeFileSync(file, '{}');
  const probe = GateSpec.parse({ name: 'p', kind: 'probe', argv: ['true'], source: 'probe', file });
  const asked = openGoal({}, { probes: [probe, { ...probe, file: join(root, 'gone.json') }] }).goal;
  const { hide } = makeRooms(paths, asked, 'attempt-1');
  expect(hide).toContain(file);
  expect(hide).not.toContain(join(root, 'gone.json'));
});

it('gives every attempt of a goal the same home and a temporary folder of its own, entered by nobody else', () => {
  const { root, paths } = place();
  const first = makeRooms(paths, goal(root), 'attempt-1');
  const second = makeRooms(paths, goal(root), 'attempt-2');
  expect(first.home).toBe(second.home);
  expect(first.tmpDir).not.toBe(second.tmpDir);
  expect(first.transcriptPath).not.toBe(second.transcriptPath);
  for (const dir of [first.home, first.tmpDir, second.tmpDir]) expect(statSync(dir).mode & 0o777).toBe(0o700);
});
