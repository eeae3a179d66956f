import { describe, expect, test } from 'vitest';
import { err, ok } from '../../../shared/kernel/result.ts';
import type { AgentNote } from '../performer.ts';
import { createRuntimeTools } from './agent-tools.ts';
import { proposalsInText, readProposal } from './proposal.ts';

const signal = new AbortController().signal;
const task = { title: 'Tidy', description: 'd', write_set: ['src'], acceptance: ['a'] };

function offered(o: { readonly answer?: readonly string[] | null; readonly refuse?: string } = {}) {
  const notes: AgentNote[] = [];
  const tools = createRuntimeTools({
    note(note) {
      notes.push(note);
      return o.refuse === undefined ? ok(null) : err({ message: o.refuse });
    },
    ask: async ({ questions }) => (o.answer ? { [questions[0]?.text ?? '']: o.answer } : null),
    taken: () => ['tidy'],
  });
  return { tools, notes, call: (name: string, args: unknown) => tools.call(name, args, signal) };
}

describe("omk's tools", () => {
  test('are described by a schema of plain JSON with a required part', () => {
    for (const { parameters, description } of offered().tools.list) {
      expect(parameters).toMatchObject({ type: 'object' });
      expect(JSON.parse(JSON.stringify(parameters))).toEqual(parameters);
      expect(description.length).toBeGreaterThan(40);
    }
    const propose = offered().tools.list.find(({ name }) => name === 'propose_task');
    expect(propose?.parameters['required']).toEqual(['title', 'description', 'acceptance']);
  });

  test('say what is wrong with arguments and record nothing', async () => {
    const { call, notes } = offered();
    for (const args of [
      null,
      'text',
      [],
      7,
      {},
      { claim: '' },
      { claim: 'x'.repeat(401) },
      { claim: 'a', secret: 1 },
    ]) {
      const { ok: went, output } = await call('report_evidence', args);
      expect(went).toBe(false);
      expect(output).not.toBe('');
      expect(output.length).toBeLessThan(1_100);
    }
    expect(notes).toEqual([]);
  });

  test('refuse what is too long before looking at it, and unknown names without repeating them whole', async () => {
    const { call } = offered();
    expect((await call('report_evidence', { claim: 'x'.repeat(1_000_000) })).output).toBe(
      'The arguments are too long; say it in fewer words.',
    );
    const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown;
    expect((await call('report_evidence', deep)).output).toBe(
      'The arguments are too long; say it in fewer words.',
    );
    expect((await call('n'.repeat(10_000), {})).output.length).toBeLessThan(300);
  });

  test('hand on the reason of a refusal', async () => {
    const { call } = offered({ refuse: 'This goal has 20 proposed tasks already; no more are taken.' });
    expect(await call('propose_task', task)).toEqual({
      ok: false,
      output: 'This goal has 20 proposed tasks already; no more are taken.',
    });
  });

  test('are used up after a hundred calls', async () => {
    const { call, notes } = offered();
    for (let at = 0; at < 100; at += 1) await call('report_evidence', { claim: `c${at}` });
    expect(await call('report_evidence', { claim: 'more' })).toMatchObject({ ok: false });
    expect(notes).toHaveLength(100);
  });

  test('tell the model when nobody answered', async () => {
    expect((await offered().call('ask_person', { question: 'Which?' })).output).toContain('Nobody answered');
    expect((await offered({ answer: ['Short'] }).call('ask_person', { question: 'Which?' })).output).toBe(
      'The person answered: Short',
    );
  });

  test('keep the first words on why it cannot be done', async () => {
    const { call, tools } = offered();
    await call('cannot_be_done', { reason: 'A excludes B.' });
    await call('cannot_be_done', { reason: 'Never mind.' });
    expect(tools.impossible()).toBe('A excludes B.');
  });
});

describe('a proposal', () => {
  test('gets a name from its title that is still free', () => {
    const read = (o: object) =>
      readProposal({ ...task, read_set: [], dependencies: [], risk: 'moderate', ...o }, ['tidy']).id;
    expect(read({})).toBe('tidy-2');
    expect(read({ id: 'My Own/Näme' })).toBe('my-own-na-me');
    expect(read({ title: '整理' })).toBe('task');
  });

  const text = (object: string): string => `Done. OMK_TASK_PROPOSAL: ${object} and more`;
  test('is read from text, with braces and quotes inside strings', () => {
    const odd = { ...task, description: 'a } "quoted" { and \\ back' };
    expect(proposalsInText(text(JSON.stringify(odd)))).toMatchObject([{ description: odd.description }]);
    expect(
      proposalsInText(`${text(JSON.stringify(task))}\n${text('{broken')}`).map(({ title }) => title),
    ).toEqual(['Tidy']);
    expect(proposalsInText(`${text('{"title": 1}')} ${text(JSON.stringify(task))}`)).toHaveLength(1);
  });

  test.each([[''], ['OMK_TASK_PROPOSAL:'], [text('no object')], [text('[1]')], [text('{'.repeat(50_000))]])(
    'is not found where there is none (%#)',
    (words) => expect(proposalsInText(words)).toEqual([]),
  );
});
