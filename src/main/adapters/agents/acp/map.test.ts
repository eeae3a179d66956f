import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mapUpdate } from './map.ts';
import type { ToolBook } from './map.ts';
import { quirksFor } from './quirks.ts';

const quirks = quirksFor({ name: 'k', protocol: 'acp', argv: ['k'], envNames: [], quirks: 'kimi-code' });
const map = (update: unknown, book: ToolBook = new Map()) => mapUpdate(update, book, quirks, () => null);
const content = (text: string) => [{ type: 'content', content: { type: 'text', text } }];

it('is total: whatever is sent is mapped or passed over, never thrown', () => {
  const kinds = [
    'agent_message_chunk',
    'agent_thought_chunk',
    'tool_call',
    'tool_call_update',
    'plan',
    'usage_update',
    'notice',
  ];
  const update = fc.record(
    {
      sessionUpdate: fc.oneof(fc.constantFrom(...kinds), fc.string()),
      toolCallId: fc.jsonValue(),
      title: fc.jsonValue(),
      kind: fc.jsonValue(),
      status: fc.jsonValue(),
      content: fc.jsonValue(),
      locations: fc.jsonValue(),
      rawInput: fc.jsonValue(),
      rawOutput: fc.jsonValue(),
      entries: fc.jsonValue(),
      used: fc.jsonValue(),
      size: fc.jsonValue(),
      _meta: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(update, fc.jsonValue()), { maxLength: 5 }), (updates) => {
      const book: ToolBook = new Map();
      for (const one of updates) expect(map(one, book).streamedBytes).toBeGreaterThanOrEqual(0);
    }),
  );
});

it.each([
  [{ sessionUpdate: 'hologram' }, 'session/update hologram'],
  [{}, 'session/update missing'],
  [null, 'session/update missing'],
  [{ sessionUpdate: 'tool_call' }, 'session/update tool_call'],
  [{ sessionUpdate: 'usage_update', used: -1, size: 'x' }, 'session/update usage_update'],
  [
    { sessionUpdate: 'agent_message_chunk', content: { type: 'image' } },
    'session/update agent_message_chunk image',
  ],
])('names %j as not understood', (update, name) => {
  expect(map(update)).toMatchObject({ events: [{ type: 'unmapped', name }], worked: false });
});

it('a call is put together from everything said about its id, and told only when something changes', () => {
  const book: ToolBook = new Map();
  const id = { toolCallId: '1' };
  const said = [
    {
      ...id,
      sessionUpdate: 'tool_call',
      title: 'Bash',
      kind: 'execute',
      status: 'pending',
      content: content(''),
    },
    { ...id, sessionUpdate: 'tool_call_update', status: 'in_progress', content: content('{"command":"ec') },
    {
      ...id,
      sessionUpdate: 'tool_call_update',
      status: 'in_progress',
      content: content('{"command":"echo {}"}'),
    },
    {
      ...id,
      sessionUpdate: 'tool_call_update',
      status: 'in_progress',
      title: 'Running: echo {}',
      content: content('{"command":"echo {}"}'),
    },
    {
      ...id,
      sessionUpdate: 'tool_call_update',
      status: 'failed',
      content: content('no\nCommand failed with exit code: 7.'),
    },
    { ...id, sessionUpdate: 'tool_call_update', status: 'in_progress' },
  ].map((update) => map(update, book));
  expect(said.map(({ events }) => events.length)).toEqual([1, 1, 1, 0, 1, 0]);
  expect(said.reduce((sum, { streamedBytes }) => sum + streamedBytes, 0)).toBe(
    '{"command":"echo {}"}'.length,
  );
  expect(book.get('1')).toMatchObject({
    name: 'Bash',
    kind: 'execute',
    state: 'failed',
    command: 'echo {}',
    exitCode: 7,
  });
});

it('notices that are sent as if the model had spoken them are not its words', () => {
  const chunk = (text: string) =>
    map({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } });
  expect(chunk('Compacting conversation context…')).toMatchObject({
    said: '',
    worked: false,
    events: [{ type: 'notice' }],
  });
  expect(chunk('Compaction is a word')).toMatchObject({ said: 'Compaction is a word', worked: true });
  expect(chunk('  \n')).toMatchObject({ said: '  \n', worked: false });
});

it('forgets the oldest calls rather than growing for ever, and keeps the ends of long output', () => {
  const book: ToolBook = new Map();
  for (let i = 0; i < 3_000; i += 1)
    map({ sessionUpdate: 'tool_call', toolCallId: String(i), title: 'x' }, book);
  expect(book.size).toBe(2_000);
  expect(book.has('0')).toBe(false);
  const long = `first ${'x'.repeat(1_000_000)} last`;
  map(
    { sessionUpdate: 'tool_call_update', toolCallId: 'long', status: 'completed', content: content(long) },
    book,
  );
  const output = book.get('long')?.output ?? '';
  expect(output.length).toBeLessThan(20_000);
  expect(output).toMatch(/^first [\s\S]* last$/);
});

it('arguments count once, whether they come in pieces, whole with the call, or whole later', () => {
  const rawInput = { path: 'a.txt', content: 'x'.repeat(1_000) };
  const size = JSON.stringify(rawInput).length;
  const begin = { sessionUpdate: 'tool_call', toolCallId: '1', title: 'Write', kind: 'edit' };
  const more = { sessionUpdate: 'tool_call_update', toolCallId: '1' };
  for (const updates of [
    [
      begin,
      { ...more, content: content('{"path"') },
      { ...more, content: content(JSON.stringify(rawInput)) },
    ],
    [
      { ...begin, rawInput },
      { ...more, status: 'in_progress', rawInput },
    ],
    [begin, { ...more, status: 'in_progress', rawInput }, { ...more, status: 'completed', rawInput }],
  ]) {
    const book: ToolBook = new Map();
    expect(updates.reduce((sum, update) => sum + map(update, book).streamedBytes, 0)).toBe(size);
  }
});
