import { expect, test } from 'vitest';
import { mapEvent, newBook } from './map.ts';

/** One life of a sub-agent within a turn of ours: one model call, reported without an id of its own. */
const run = (agentId: string) =>
  [
    { type: 'TurnBegin', payload: { user_input: 'do it' } },
    { type: 'StepBegin', payload: { n: 1 } },
    {
      type: 'StatusUpdate',
      payload: { token_usage: { input_other: 300, output: 30 }, message_id: null },
    },
    { type: 'TurnEnd', payload: {} },
  ].map((event) => ({ type: 'SubagentEvent', payload: { agent_id: agentId, event } }));

test('a sub-agent that is asked again is counted again, and a report that is repeated is not', () => {
  const book = newBook();
  const [begin, step, usage, end] = run('af1d580b6');
  const counted = [
    { type: 'TurnBegin', payload: {} },
    { type: 'StepBegin', payload: { n: 1 } },
    ...[begin, step, usage, usage, end],
    ...run('af1d580b6'),
    ...run('other'),
  ].flatMap((event) => mapEvent(event, book).usage ?? []);
  expect(counted.map(({ delta }) => delta.input)).toEqual([300, 300, 300]);
  expect(new Set(counted.map(({ id }) => id)).size).toBe(3);
});
