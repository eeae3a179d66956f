import { expect, it } from 'vitest';
import { findTestDetection } from './analyse-detection.ts';

const effect = (path: string, after: string, before = ''): string | null =>
  findTestDetection([{ path, before, after }])[0]?.effect ?? null;

it.each([
  ['src/a.js', 'if (process.env.NODE_TEST_CONTEXT) x();'],
  ['src/a.ts', "const t = process.env['JEST_WORKER_ID'] !== undefined;"],
  ['src/a.js', "const t = process.argv.includes('--test');"],
  ['src/a.js', "if (typeof describe === 'function') x();"],
  ['a.py', "careful = 'unittest' in sys.modules"],
  ['a.py', "x = os.environ.get('PYTEST_CURRENT_TEST')"],
  ['a.go', 'if testing.Testing() { return 1 }'],
])('stops product code that asks whether a test runs it: %s %s', (path, text) =>
  expect(effect(path, text)).toBe('breach'),
);

it('asks about a mode of the environment, which may be there for honest reasons', () => {
  expect(effect('src/a.js', "if (process.env.NODE_ENV !== 'test') listen();")).toBe('question');
  expect(effect('src/a.js', "if (process.env['NODE_ENV'] === 'test') x();")).toBe('question');
});

it.each([
  ['a test', 'test/a.test.js', 'process.env.NODE_TEST_CONTEXT'],
  ['a comment', 'src/a.js', '// NODE_TEST_CONTEXT is set by Node'],
  ['a document', 'docs/a.md', 'NODE_TEST_CONTEXT'],
  ['another mode', 'src/a.js', "process.env.NODE_ENV === 'production'"],
  ['a word like it', 'src/a.js', 'const latest = VITESTABLE;'],
])('says nothing about %s', (_, path, text) => expect(effect(path, text)).toBeNull());

it('says nothing about what was there before', () => {
  const line = "if (process.env.NODE_ENV === 'test') x();";
  expect(effect('src/a.js', `${line}\nmore();`, line)).toBeNull();
});
