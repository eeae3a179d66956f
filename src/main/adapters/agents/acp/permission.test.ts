import { expect, it } from 'vitest';
import { answerForm, readForm } from './elicitation.ts';
import {
  answerToOption,
  approvalRequest,
  chooseOption,
  diffText,
  fullerOf,
  readPermission,
  wholeContent,
} from './permission.ts';

const option = (id: string, kind: string) => ({ id, kind, label: id });
const selected = (optionId: string) => ({ outcome: { outcome: 'selected', optionId } });
const cancelled = { outcome: { outcome: 'cancelled' } };

it('chooses by kind and never something wider than what was decided', () => {
  const all = [
    option('a', 'allow_always'),
    option('b', 'allow_once'),
    option('c', 'reject_always'),
    option('d', 'reject_once'),
  ];
  expect(chooseOption(all, 'allow_once')).toEqual(selected('b'));
  expect(chooseOption(all, 'allow_always')).toEqual(selected('a'));
  expect(chooseOption(all, 'reject')).toEqual(selected('d'));
  expect(chooseOption([option('a', 'allow_always')], 'allow_once')).toEqual(cancelled);
  expect(chooseOption([option('b', 'allow_once')], 'allow_always')).toEqual(selected('b'));
  expect(chooseOption([option('b', 'allow_once')], 'reject')).toEqual(cancelled);
  expect(chooseOption([option('x', 'whatever')], 'allow_once')).toEqual(cancelled);
});

it.each([
  [null],
  [undefined],
  ['text'],
  [{}],
  [{ toolCall: 7, options: 'no' }],
  [{ options: [null, {}, { optionId: 5 }] }],
])('reads %j as a request without options', (params) => {
  const permission = readPermission(params);
  expect(permission.options).toEqual([]);
  expect(approvalRequest(permission, null, null)).toMatchObject({ command: null, paths: [], diff: null });
});

it('tells long diffs apart also where they differ in what is not shown', () => {
  const diff = (middle: string) =>
    diffText([
      { type: 'diff', path: '/a', newText: `${'x\n'.repeat(9_000)}${middle}${'y\n'.repeat(9_000)}` },
    ]);
  const [one, other] = [diff('harmless\n'), diff('anything\n')];
  expect(one).not.toContain('harmless');
  expect(one?.length).toBeLessThanOrEqual(20_000);
  expect(one).not.toBe(other);
  expect(one).toBe(diff('harmless\n'));
});

it('knows what a file would hold only from a call that says all of it', () => {
  const content = (rawInput: unknown) => wholeContent(readPermission({ toolCall: { rawInput } }), null);
  expect(content({ path: 'a', content: 'x' })).toBe('x');
  expect(content({ path: 'a', content: 'x', mode: 'overwrite' })).toBe('x');
  for (const input of [
    { path: 'a', content: 'x', mode: 'append' },
    { path: 'a', new_string: 'x' },
    'x',
    null,
  ])
    expect(content(input)).toBeNull();
});

const request = (text: string) =>
  readPermission({
    toolCall: { toolCallId: '0:x', title: 'Bash', content: [{ content: { text } }] },
    options: [],
  });
const cut = request(`Requesting approval to Running: rm -rf ${'a'.repeat(43)}…`);
const from = (agent: string, command: string) => ({ id: `${agent}/x`, agent, command, paths: [] });

it('shows what is cut as cut, unless a file tells a whole that begins so', () => {
  expect(approvalRequest(cut, null, null)).toMatchObject({
    command: `rm -rf ${'a'.repeat(43)}…`,
    commandComplete: false,
  });
  const whole = `rm -rf ${'a'.repeat(80)}`;
  expect(approvalRequest(cut, null, from('agent-0', whole))).toMatchObject({
    command: whole,
    commandComplete: true,
    subagent: 'agent-0',
  });
  expect(approvalRequest(cut, null, from('agent-0', 'echo harmless'))).toMatchObject({
    commandComplete: false,
  });
});

it('does not guess between sub-agents that use the same id', () => {
  const one = from('agent-0', `rm -rf ${'a'.repeat(43)} one`);
  const two = from('agent-1', `rm -rf ${'a'.repeat(43)} two`);
  expect(fullerOf(cut, [one])).toBe(one);
  expect(fullerOf(cut, [from('agent-1', 'echo harmless'), one])).toBe(one);
  expect(fullerOf(cut, [one, two])).toBeNull();
  expect(fullerOf(cut, [])).toBeNull();
});

it('answers a question by label, and has no option for words of their own', () => {
  const asked = readPermission({
    toolCall: { title: 'AskUserQuestion' },
    options: [
      { optionId: 'q0_opt_0', name: 'A', kind: 'allow_once' },
      { optionId: 'q0_skip', name: 'Skip', kind: 'reject_once' },
    ],
  });
  expect(answerToOption(asked, { q: ['A'] })).toEqual(selected('q0_opt_0'));
  expect(answerToOption(asked, { q: ['Skip'] })).toEqual(selected('q0_skip'));
  for (const answers of [{}, { q: ['B'] }, { q: ['A', 'but later'] }])
    expect(answerToOption(asked, answers)).toBeNull();
});

const form = (properties: object, required: string[] = [], message = 'Q?') =>
  readForm({ mode: 'form', message, requestedSchema: { type: 'object', properties, required } }, 'id');

it('fills a form with values of the options that were answered', () => {
  const read = form(
    {
      one: { type: 'string', title: 'One', oneOf: [{ const: 'a', title: 'Alpha' }] },
      many: {
        type: 'array',
        title: 'Many',
        items: {
          anyOf: [
            { const: 'x', title: 'X' },
            { const: 'y', title: 'Y' },
          ],
        },
      },
      free: { type: 'string', title: 'Free' },
      sure: { type: 'boolean', title: 'Sure' },
    },
    ['one'],
    'First?\nSecond?\nThird?\nFourth?',
  );
  if (read === null) throw new Error('not read');
  expect(
    answerForm(read, {
      'First?': ['Alpha'],
      'Second?': ['Y', 'X'],
      'Third?': ['words'],
      'Fourth?': ['No'],
    }),
  ).toEqual({ action: 'accept', content: { one: 'a', many: ['y', 'x'], free: 'words', sure: false } });
  expect(answerForm(read, { 'First?': ['Alpha'] })).toEqual({ action: 'accept', content: { one: 'a' } });
  for (const nothing of [null, {}, { 'First?': [] }])
    expect(answerForm(read, nothing)).toEqual({ action: 'decline' });
  // Sent like this, the form would lose some of it.
  for (const answers of [
    { 'Second?': ['X'] },
    { 'First?': ['words'], 'Second?': ['X'] },
    { 'First?': ['Alpha', 'but later'] },
    { 'First?': ['Alpha'], 'Second?': ['X', 'words'] },
    { 'First?': ['Alpha'], 'Fourth?': ['words'] },
  ])
    expect(answerForm(read, answers)).toBeNull();
});

it('puts words of their own into a form that has a place for them', () => {
  const read = form({
    q: { type: 'string', anyOf: [{ const: 'a', title: 'Alpha' }, { type: 'string' }] },
  });
  if (read === null) throw new Error('not read');
  expect(answerForm(read, { 'Q?': ['Beta'] })).toEqual({ action: 'accept', content: { q: 'Beta' } });
  expect(answerForm(read, { 'Q?': ['Alpha'] })).toEqual({ action: 'accept', content: { q: 'a' } });
});

it('does not pretend to understand other forms', () => {
  expect(form({})).toBeNull();
  expect(form({ n: { type: 'number' } })).toBeNull();
  expect(readForm({ mode: 'url', url: 'https://example.org' }, 'id')).toBeNull();
  expect(readForm(null, 'id')).toBeNull();
});
