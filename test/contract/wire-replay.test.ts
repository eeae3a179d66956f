import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapEvent, newBook } from '../../src/main/adapters/agents/wire/map.ts';
import { said, tools } from './agent-rig.ts';
import { createRecordings, promptsOf, recordedFolder, recording } from './wire-recordings.ts';

const names = readdirSync(recordedFolder).map((file) => file.replace('.jsonl', ''));
const events = (name: string) =>
  recording(name).filter((frame) => frame.dir === 'A->C' && frame['method'] === 'event');

describe('what the real server sent', () => {
  it.each(names)('is understood to the last event (%s)', (name) => {
    const book = newBook();
    const mapped = events(name).map((frame) => mapEvent(frame['params'], book));
    const all = mapped.flatMap((one) => one.events);
    expect(all.filter((event) => event.type === 'unmapped')).toEqual([]);
    expect(said(all)).toBe(mapped.map((one) => one.said).join(''));
    for (const tool of tools(all)) expect(tool.name).not.toBe('tool');
    const usage = mapped.flatMap((one) => (one.usage === null ? [] : [one.usage.id]));
    expect(new Set(usage).size).toBe(usage.length);
  });

  it('becomes tools with paths, commands, exit codes and plans', () => {
    const book = newBook();
    const all = events('approvals').flatMap((frame) => mapEvent(frame['params'], book).events);
    const known = tools(all);
    expect(known.filter((tool) => tool.kind === 'edit').map((tool) => tool.paths.length)).not.toContain(0);
    expect(known.filter((tool) => tool.kind === 'execute').map((tool) => tool.command)).not.toContain(null);
    expect(all.some((event) => event.type === 'plan' && event.items.length > 0)).toBe(true);
  });
});

describe('any bytes that are events', () => {
  it('are read however deep they are nested', () => {
    let event: Readonly<Record<string, unknown>> = {
      type: 'ContentPart',
      payload: { type: 'text', text: 'x' },
    };
    for (let depth = 0; depth < 50_000; depth += 1)
      event = { type: 'SubagentEvent', payload: { agent_id: 'a', event } };
    expect(mapEvent(event, newBook()).events).toEqual([{ type: 'unmapped', name: 'SubagentEvent' }]);
  });

  const types = [
    'ContentPart',
    'ToolCall',
    'ToolCallPart',
    'ToolResult',
    'StatusUpdate',
    'StepRetry',
    'SubagentEvent',
    'StepBegin',
    'TurnBegin',
    'PlanDisplay',
    'x',
  ];
  it('never break the mapper', () => {
    const leaf = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.constant({ toString: 1, valueOf: 1 }),
    );
    const key = fc.constantFrom(
      'type',
      'payload',
      'text',
      'think',
      'id',
      'function',
      'name',
      'arguments',
      'arguments_part',
      'tool_call_id',
      'return_value',
      'output',
      'display',
      'items',
      'token_usage',
      'input_other',
      'n',
      'event',
      'agent_id',
      '__proto__',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 5 }),
      ),
    }));
    const book = newBook();
    fc.assert(
      fc.property(fc.constantFrom(...types), tree, (type, payload) => {
        const { events: mapped, usage, streamedBytes } = mapEvent({ type, payload }, book);
        for (const event of mapped) expect(typeof event.type).toBe('string');
        const counts = Object.values(usage?.delta ?? {});
        expect(counts.every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
        expect(streamedBytes).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a recorded conversation, played again', () => {
  const { replay } = createRecordings();

  it('gives the words, the tokens and the name of the agent', async () => {
    const { session, results, seen } = await replay('basic');
    expect(session.agent).toEqual({ name: 'Kimi Code CLI', version: '1.49.0', protocol: 'wire 1.10' });
    expect(results).toEqual([
      {
        outcome: 'completed',
        confirmed: true,
        error: null,
        usage: { input: 200, output: 12, cacheRead: 1000, cacheWrite: 0 },
        streamedBytes: 24,
        finalText: 'Hello there friend',
      },
    ]);
    expect(said(seen, 'thought')).toBe('hmm ok');
  });

  it('answers every approval and question as the person did', async () => {
    const { results, approvals } = await replay('approvals');
    expect(results.map(({ outcome }) => outcome)).toEqual(promptsOf('approvals').map(() => 'completed'));
    expect(approvals.every(({ commandComplete }) => commandComplete)).toBe(true);
    expect(approvals.some(({ command }) => command !== null)).toBe(true);
    expect(approvals.some(({ diff }) => diff?.includes('+one') === true)).toBe(true);
  });

  it('counts the sub-agent, and asks for it by name', async () => {
    const { results, seen, approvals } = await replay('subagent');
    expect(results[0]?.usage).toEqual({ input: 4020, output: 80, cacheRead: 0, cacheWrite: 0 });
    expect(approvals.map(({ subagent, command }) => [subagent, command])).toEqual([
      ['af1d580b6', 'echo sub'],
    ]);
    expect(tools(seen).map(({ name, subagent }) => [name, subagent])).toEqual([
      ['Agent', null],
      ['Shell', 'af1d580b6'],
    ]);
    expect(results[0]?.finalText).toBe('agent done');
  });

  it('names every failure of the model', async () => {
    const { results } = await replay('errors');
    expect(results.map(({ error }) => error?.code)).toEqual([
      'provider_error',
      'rate_limited',
      'auth_required',
      'connection_error',
    ]);
    expect((await replay('errors-nollm')).results[0]?.error?.code).toBe('model_not_configured');
  });

  it('knows the limit of steps', async () => {
    expect((await replay('errors-steps')).results[0]?.outcome).toBe('max_steps');
  });
});
