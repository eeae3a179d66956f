import { describe, expect, test } from 'vitest';
import { planLimits, readPlan } from './read-plan.ts';
import type { PlanFrame } from './read-plan.ts';

const frame: PlanFrame = {
  paths: new Set(['src/a.ts', 'test/a.test.ts', 'package-lock.json', '.github/workflows/ci.yml']),
  subfolder: '',
  testsMayChange: false,
};
const task = (more: object = {}) => ({
  id: 'a',
  title: 'Do a',
  description: 'All of a.',
  write_set: ['src/a.ts'],
  acceptance: ['npm test passes'],
  ...more,
});
const plan = (more: object = {}) => ({ brief: 'Do a.', tasks: [task()], ...more });
const read = (document: unknown, over: Partial<PlanFrame> = {}) =>
  readPlan(JSON.stringify(document), { ...frame, ...over });
const problems = (document: unknown, over: Partial<PlanFrame> = {}): string => {
  const found = read(document, over);
  return found.ok ? 'taken' : found.error.join('\n');
};

describe('a plan', () => {
  test('is read with what it leaves out filled in', () => {
    expect(read(plan())).toEqual({
      ok: true,
      value: {
        documents: { brief: 'Do a.', technicalPlan: '', testSpec: '', openQuestions: [] },
        tasks: [
          {
            id: 'a',
            title: 'Do a',
            description: 'All of a.',
            dependencies: [],
            readSet: [],
            writeSet: ['src/a.ts'],
            acceptance: ['npm test passes'],
            risk: 'medium',
          },
        ],
      },
    });
  });

  test.each([
    ['bare', (json: string) => json],
    ['fenced', (json: string) => `Here is the plan:\n\n\`\`\`json\n${json}\n\`\`\`\nI hope {this} helps.`],
    ['after code with braces', (json: string) => `It says \`function f() { return {} }\`.\n${json}`],
    ['said twice in the same words', (json: string) => `${json}\n\nOnce more:\n${json}`],
  ])('is found %s', (_, around) => {
    const json = JSON.stringify(
      plan({ technical_plan: 'Braces } in { strings " \\ do not end it.' }),
      null,
      2,
    );
    expect(readPlan(around(json), frame)).toMatchObject({ ok: true });
  });

  test('names folders in many ways that mean the same', () => {
    const found = read(plan({ tasks: [task({ write_set: ['./src/', 'lib/**', 'docs/*', '.', 'a.ts'] })] }));
    expect(found.ok && found.value.tasks[0]?.writeSet).toEqual([
      'src',
      'lib',
      'docs',
      'project files',
      'a.ts',
    ]);
  });

  test('may add new tests, but not write those that are there', () => {
    expect(problems(plan({ tasks: [task({ write_set: ['test/new.test.ts'] })] }))).toBe('taken');
    const there = plan({ tasks: [task({ write_set: ['test/a.test.ts'] })] });
    expect(problems(there)).toMatch(/"test\/a.test.ts", which the result is judged by/);
    expect(problems(there, { testsMayChange: true })).toBe('taken');
  });

  test('stays inside the folder the goal was opened for', () => {
    expect(problems(plan(), { subfolder: 'src' })).toBe('taken');
    expect(problems(plan(), { subfolder: 'packages/x' })).toMatch(/outside packages\/x/);
    expect(problems(plan({ tasks: [task({ write_set: ['project files'] })] }), { subfolder: 'src' })).toMatch(
      /outside src/,
    );
  });

  test('keeps nothing it was not asked for', () => {
    const text = JSON.stringify(
      plan({ policy: { accept: 'auto' }, tasks: [task({ status: 'done' })] }),
    ).replace(
      '{',
      '{"__proto__":{"tasks":[],"polluted":true},"constructor":{"prototype":{"polluted":true}},',
    );
    const found = readPlan(text, frame);
    expect(found).toMatchObject({ ok: true });
    expect(JSON.stringify(found)).not.toMatch(/polluted|auto|done/);
    expect('polluted' in {}).toBe(false);
  });
});

describe('what is no plan is told in sentences that can be acted on', () => {
  test.each([
    ['nothing', '', /no JSON document with "tasks"/],
    ['prose', 'I will fix it. {Really}.', /no JSON document/],
    ['a list', JSON.stringify([1, 2]), /no JSON document/],
    ['tasks that only a prototype has', '{"__proto__":{"tasks":[]},"brief":"x"}', /no JSON document/],
    ['half a document', JSON.stringify(plan()).slice(0, -5), /no JSON document|brief/],
    [
      'two plans',
      `${JSON.stringify(plan())}\n${JSON.stringify(plan({ brief: 'Other.' }))}`,
      /2 JSON documents/,
    ],
    [
      'more than can be looked through',
      `${JSON.stringify(plan())}${' '.repeat(1024 * 1024)}`,
      /no JSON document/,
    ],
    ['deep nesting', `{"tasks":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, /no JSON document|brief/],
    ['many braces', '{'.repeat(200_000), /no JSON document/],
  ])('%s', (_, answer, problem) => {
    const found = readPlan(answer, frame);
    expect(found.ok ? '' : found.error.join('\n')).toMatch(problem);
  });

  test.each([
    ['no tasks', plan({ tasks: [] }), /tasks: /],
    [
      'too many tasks',
      plan({ tasks: Array.from({ length: planLimits.tasks + 1 }, (_, at) => task({ id: `t${at}` })) }),
      /tasks: /,
    ],
    ['a number for tasks', plan({ tasks: 7 }), /tasks: /],
    ['no brief', { tasks: [task()] }, /brief: /],
    ['a brief of a megabyte', plan({ brief: 'x'.repeat(900_000) }), /brief: /],
    ['an id with a path in it', plan({ tasks: [task({ id: '../x' })] }), /tasks\.0\.id/],
    ['the same id twice', plan({ tasks: [task(), task()] }), /Task a is there twice/],
    ['nothing to be accepted by', plan({ tasks: [task({ acceptance: [] })] }), /acceptance/],
    [
      'blanks to be accepted by',
      plan({ tasks: [task({ acceptance: ['  '] })] }),
      /nothing to be accepted by/,
    ],
    ['nothing to write', plan({ tasks: [task({ write_set: [] })] }), /write_set/],
    [
      'a circle',
      plan({ tasks: [task({ dependencies: ['b'] }), task({ id: 'b', dependencies: ['a'] })] }),
      /in a circle: a, b/,
    ],
    ['itself before itself', plan({ tasks: [task({ dependencies: ['a'] })] }), /depends on itself/],
    [
      'a stranger before it',
      plan({ tasks: [task({ dependencies: ['z'] })] }),
      /depends on z, which does not exist/,
    ],
    [
      'tasks too deep',
      plan({
        tasks: Array.from({ length: planLimits.depth + 1 }, (_, at) =>
          task({ id: `t${at}`, dependencies: at === 0 ? [] : [`t${at - 1}`] }),
        ),
      }),
      /7 deep; at most 6/,
    ],
    ...['../elsewhere', '/etc/passwd', '~/.ssh', '.git/config', '.omk/gates.toml', '.env', 'src/../../x'].map(
      (path) => [path, plan({ tasks: [task({ write_set: [path] })] }), /no agent may read or write/] as const,
    ),
    [
      'CI that is there',
      plan({ tasks: [task({ write_set: ['.github/workflows/ci.yml'] })] }),
      /no agent may/,
    ],
    ['a lockfile that is there', plan({ tasks: [task({ write_set: ['package-lock.json'] })] }), /judged by/],
    ['a pattern', plan({ tasks: [task({ write_set: ['src/*.ts'] })] }), /the pattern "src\/\*.ts"/],
  ] as const)('%s', (_, document, problem) => {
    expect(problems(document)).toMatch(problem);
  });
});
