import { expect, test } from 'vitest';
import { byDependency, graphProblems } from './graph.ts';
import type { TaskSpec } from './vocabulary.ts';

const task = (id: string, dependencies: string[] = [], more: Partial<TaskSpec> = {}): TaskSpec => ({
  id,
  title: `Do ${id}`,
  description: 'What it is about.',
  dependencies,
  readSet: [],
  writeSet: ['project files'],
  acceptance: ['npm test passes'],
  risk: 'low',
  ...more,
});

test('a plan whose tasks can be done one after the other has no problems', () => {
  expect(graphProblems([task('a'), task('b', ['a']), task('c', ['a', 'b'])])).toEqual([]);
});

test('a plan without tasks is none', () => {
  expect(graphProblems([])).toEqual(['The plan has no tasks.']);
});

test('every problem is named, not only the first', () => {
  const problems = graphProblems([
    task('a', ['a']),
    task('a', ['nowhere'], { title: ' ' }),
    task('', [], { description: '', acceptance: [''] }),
  ]);
  expect(problems).toEqual([
    'Task a depends on itself.',
    'Task a is there twice.',
    'Task a has no title.',
    'Task a depends on nowhere, which does not exist.',
    'A task has no id.',
    'A task has no description.',
    'A task has nothing to be accepted by.',
  ]);
});

test('tasks that wait for each other are named', () => {
  expect(graphProblems([task('a', ['c']), task('b', ['a']), task('c', ['b']), task('d')])).toEqual([
    'These tasks wait for each other in a circle: a, b, c.',
  ]);
});

test('dependencies come before what needs them, otherwise the order stays', () => {
  const ordered = byDependency([
    task('c', ['b']),
    task('a'),
    task('b', ['a']),
    task('x', ['y']),
    task('y', ['x']),
  ]);
  expect(ordered.map((one) => one.id)).toEqual(['a', 'b', 'c']);
});
