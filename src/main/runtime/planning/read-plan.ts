import { z } from 'zod';
import { byDependency, graphProblems } from '../../../shared/goal/graph.ts';
import { isSafeGoalAgentPath } from '../../../shared/goal/path-policy.ts';
import { PlanDocuments, TaskSpec } from '../../../shared/goal/vocabulary.ts';
import { jsonDocuments } from '../../../shared/kernel/json-documents.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { lockClass } from '../verification/locked.ts';

export const planLimits = { tasks: 12, depth: 6, paths: 60, acceptance: 12 } as const;

export type Plan = { readonly tasks: TaskSpec[]; readonly documents: PlanDocuments };

/** What a plan is held against besides its own form. */
export type PlanFrame = {
  /** Files of base; a locked one that is there may not be planned to be written. */
  readonly paths: ReadonlySet<string>;
  /** Folder that the goal was opened for; '' is the whole project. */
  readonly subfolder: string;
  readonly testsMayChange: boolean;
};

const paths = z.array(z.string().min(1).max(1_000)).max(planLimits.paths);

/** As the planner is asked to write it. Unknown keys are left out, never carried along. */
const Answer = z.object({
  brief: PlanDocuments.shape.brief.min(1),
  technical_plan: PlanDocuments.shape.technicalPlan.default(''),
  test_spec: PlanDocuments.shape.testSpec.default(''),
  open_questions: PlanDocuments.shape.openQuestions.default([]),
  tasks: z
    .array(
      z.object({
        id: TaskSpec.shape.id,
        title: TaskSpec.shape.title,
        description: TaskSpec.shape.description,
        dependencies: z.array(z.string()).max(planLimits.tasks).default([]),
        read_set: paths.default([]),
        write_set: paths.min(1),
        acceptance: TaskSpec.shape.acceptance.max(planLimits.acceptance),
        risk: TaskSpec.shape.risk.default('medium'),
      }),
    )
    .min(1)
    .max(planLimits.tasks),
});

const mostProblems = 20;

/** The one plan in an answer, or everything that is wrong with it in sentences the planner can act on. */
export function readPlan(answer: string, frame: PlanFrame): Result<Plan, readonly string[]> {
  const documents = jsonDocuments(answer).filter((one) => Object.hasOwn(one, 'tasks'));
  const [document] = documents;
  if (document === undefined) return err(['There is no JSON document with "tasks" in the answer.']);
  if (documents.length > 1)
    return err([`There are ${documents.length} JSON documents with "tasks"; answer with exactly one.`]);
  const parsed = Answer.safeParse(document);
  if (!parsed.success) {
    return err(
      parsed.error.issues.slice(0, mostProblems).map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    );
  }
  const {
    brief,
    technical_plan: technicalPlan,
    test_spec: testSpec,
    open_questions: openQuestions,
  } = parsed.data;
  const tasks = parsed.data.tasks.map(({ read_set: readSet, write_set: writeSet, ...task }): TaskSpec => ({
    ...task,
    dependencies: [...new Set(task.dependencies)],
    readSet: readSet.map(plainPath),
    writeSet: writeSet.map(plainPath),
  }));
  const problems = [
    ...graphProblems(tasks),
    ...depthProblems(tasks),
    ...tasks.flatMap((task) => pathProblems(task, frame)),
  ];
  if (problems.length > 0) return err(problems.slice(0, mostProblems));
  return ok({ tasks, documents: { brief, technicalPlan, testSpec, openQuestions } });
}

/** `./src/`, `src/**` and `src/*` all mean the folder. */
function plainPath(path: string): string {
  const plain = path
    .trim()
    .replace(/^(?:\.\/)+/, '')
    .replace(/\/\*{1,2}$/, '/')
    .replace(/(?<=[^/])\/+$/, '');
  return ['', '.', '*', '**'].includes(plain) ? 'project files' : plain;
}

function depthProblems(tasks: readonly TaskSpec[]): readonly string[] {
  const depths = new Map<string, number>();
  for (const task of byDependency(tasks))
    depths.set(task.id, 1 + Math.max(0, ...task.dependencies.map((id) => depths.get(id) ?? 0)));
  const deep = Math.max(0, ...depths.values());
  return deep > planLimits.depth
    ? [`The tasks wait for each other ${deep} deep; at most ${planLimits.depth}.`]
    : [];
}

function pathProblems(task: TaskSpec, frame: PlanFrame): readonly string[] {
  const unsafe = [...task.readSet, ...task.writeSet].filter((path) => !isSafeGoalAgentPath(path));
  const patterns = task.writeSet.filter((path) => /[*?]/.test(path));
  const locked = frame.testsMayChange
    ? []
    : task.writeSet.filter((path) => frame.paths.has(path) && lockClass(path) !== null);
  const outside = task.writeSet.filter((path) => !isWithin(path, frame.subfolder));
  return [
    ...unsafe.map((path) => `Task ${task.id} names ${shown(path)}, which no agent may read or write.`),
    ...patterns.map((path) => `Task ${task.id} names the pattern ${shown(path)}; name files or folders.`),
    ...locked.map(
      (path) =>
        `Task ${task.id} would write ${shown(path)}, which the result is judged by and which stays as it is.`,
    ),
    ...outside.map((path) => `Task ${task.id} would write ${shown(path)}, outside ${frame.subfolder}.`),
  ];
}

const isWithin = (path: string, folder: string): boolean =>
  folder === '' || path === folder || path.startsWith(`${folder}/`);

const shown = (path: string): string => JSON.stringify(path.slice(0, 200));
