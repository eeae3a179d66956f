import type { TaskSpec } from './vocabulary.ts';

/** Every problem of a task graph, one sentence each; empty when it may be used. Order: per task, then the cycle. */
export function graphProblems(tasks: readonly TaskSpec[]): readonly string[] {
  if (tasks.length === 0) return ['The plan has no tasks.'];
  const problems: string[] = [];
  const seen = new Set<string>();
  const ids = new Set(tasks.map((task) => task.id));
  for (const task of tasks) {
    const name = task.id.trim() === '' ? 'A task' : `Task ${task.id}`;
    if (task.id.trim() === '') problems.push('A task has no id.');
    else if (seen.has(task.id)) problems.push(`${name} is there twice.`);
    seen.add(task.id);
    if (task.title.trim() === '') problems.push(`${name} has no title.`);
    if (task.description.trim() === '') problems.push(`${name} has no description.`);
    if (!task.acceptance.some((line) => line.trim() !== ''))
      problems.push(`${name} has nothing to be accepted by.`);
    for (const needed of task.dependencies) {
      if (needed === task.id) problems.push(`${name} depends on itself.`);
      else if (!ids.has(needed)) problems.push(`${name} depends on ${needed}, which does not exist.`);
    }
  }
  const ordered = new Set(byDependency(tasks).map((task) => task.id));
  const cyclic = [...ids].filter((id) => !ordered.has(id) && tasks.some((task) => task.id === id));
  const selfish = tasks.some((task) => task.dependencies.includes(task.id));
  const unknown = tasks.some((task) => task.dependencies.some((id) => !ids.has(id)));
  if (cyclic.length > 0 && !selfish && !unknown) {
    problems.push(`These tasks wait for each other in a circle: ${cyclic.join(', ')}.`);
  }
  return problems;
}

/** Dependencies before what needs them, otherwise in the given order. Tasks of a cycle, or behind one, are left out. */
export function byDependency(tasks: readonly TaskSpec[]): readonly TaskSpec[] {
  const ordered: TaskSpec[] = [];
  const placed = new Set<string>();
  for (;;) {
    const next = tasks.find(
      (task) => !placed.has(task.id) && task.dependencies.every((id) => placed.has(id)),
    );
    if (!next) return ordered;
    placed.add(next.id);
    ordered.push(next);
  }
}
