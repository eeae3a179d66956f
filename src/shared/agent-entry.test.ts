import { describe, expect, test } from 'vitest';
import { entryProblems, firstProblem, placesOf, splitNames } from './agent-entry.ts';
import type { AgentEntry } from './agent-entry.ts';

const good: AgentEntry = {
  name: 'mine',
  protocol: 'acp',
  command: "node '/a b/agent.mjs' acp",
  env: ['API_KEY'],
};
const problem = (o: Partial<AgentEntry>, taken: readonly string[] = ['kimi']) =>
  firstProblem(entryProblems({ ...good, ...o }, taken));

test('a name, a command and names of variables are an agent', () => {
  expect(problem({})).toBeNull();
  expect(problem({ name: 'My.agent-2', env: [] })).toBeNull();
});

describe('a name', () => {
  test.each([
    ['', /Give it a name/],
    ['a b', /letters, digits/],
    ['-x', /letters, digits/],
    ['../x', /letters, digits/],
    ['na\u0000me', /letters, digits/],
    ['na\nme', /letters, digits/],
    ['\u202eemina', /letters, digits/],
    ['x'.repeat(41), /letters, digits/],
    ['x'.repeat(1_000_000), /letters, digits/],
    ['demo', /something else/],
    ['Custom', /something else/],
    ['constructor', /something else/],
    ['kimi', /already/],
    ['KIMI', /already/],
  ])('%# is refused with a sentence of its own', (name, words) => {
    const said = problem({ name });
    expect(said).toMatch(words);
    expect(said?.length).toBeLessThan(200);
  });
});

describe('a command', () => {
  test.each([
    ['', /Type the command/],
    ['   ', /Type the command/],
    ['acp:kimi acp', /protocol is chosen above/],
    ['kimi | tee', /shell/i],
    ["kimi 'open", /closing/],
    ['kimi \u202e acp', /cannot be seen/],
    ['kimi\u0007', /cannot be seen/],
    ['x'.repeat(8_001), /8,000/],
    [`${'x '.repeat(300)}y`, /200 words/],
  ])('%# is refused', (command, words) => expect(problem({ command })).toMatch(words));
});

describe('variables', () => {
  test.each([
    [['1X'], /no name of a variable/],
    [['A=B'], /no name of a variable/],
    [['A\u0000'], /no name of a variable/],
    [['HOME'], /omk sets HOME itself/],
    [['LD_PRELOAD'], /omk sets/],
    [['OMK_HOME'], /omk sets/],
    [['A', 'A'], /twice/],
    [Array.from({ length: 51 }, (_, at) => `A${at}`), /At most 50/],
    [['x'.repeat(9_000)], /no name of a variable/],
  ])('%# are refused', (env, words) => expect(problem({ env })).toMatch(words));

  test('are typed with spaces or commas', () => {
    expect(splitNames(' A_KEY, B_KEY  C ')).toEqual(['A_KEY', 'B_KEY', 'C']);
  });
});

test.each([['/etc/passwd'], ['../up'], ['a/../b'], ['~/x'], [''], ['a//b'], ['a\\b'], ['a\nb'], ['.']])(
  'the login file %j is refused',
  (file) => {
    expect(problem({ loginFiles: ['.agent/auth.json', file] })).toMatch(/no file in your home folder/);
  },
);

test('login files and the use of a home are kept where there are any', () => {
  expect(problem({ loginFiles: ['.agent/auth.json', 'a b.json'], home: 'user' })).toBeNull();
  expect(placesOf({ loginFiles: [], home: undefined })).toEqual({});
});
