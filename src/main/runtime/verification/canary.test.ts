import { describe, expect, it } from 'vitest';
import { plantCanary } from './canary.ts';

const first = (n: number): number => (n <= 0 ? -1 : 0);
const alter = (path: string, text: string, ...titles: string[]): string | null =>
  plantCanary(path, text, titles, first)?.text ?? null;

describe('a canary alters what a test expects', () => {
  it.each([
    ["test('a', () => { assert.equal(f(1, 2), 3); });", "test('a', () => { assert.equal(f(1, 2), 6); });"],
    [
      "test('a', () => { assert.strictEqual(3, f(1)); });",
      "test('a', () => { assert.strictEqual(6, f(1)); });",
    ],
    ["it('a', () => { expect(f('x')).toBe(true); });", "it('a', () => { expect(f('x')).toBe(false); });"],
    [
      "test('a', () => { assert.deepEqual(f(), [1, 2]); });",
      "test('a', () => { assert.deepEqual(f(), [4, 2]); });",
    ],
    ["test('a', () => { assert(f(1) === 4); });", "test('a', () => { assert(f(1) === 7); });"],
    [
      "test('a', () => { assert.deepEqual(f(), { x: 1 }); });",
      "test('a', () => { assert.deepEqual(f(), { x: 4 }); });",
    ],
  ])('%s', (before, after) => expect(alter('t.test.js', before, 'a')).toBe(after));

  it('in strings by making them longer', () => {
    expect(alter('t.test.js', `test('a', () => { expect(f()).toEqual('it\\'s'); });`, 'a')).toMatch(
      /toEqual\('it\\'s\w+'\)/,
    );
  });

  it('in Python and Rust', () => {
    expect(alter('test_a.py', 'def test_a():\n    assert f(1) == 3, "why 9"\n', 'test_a')).toBe(
      'def test_a():\n    assert f(1) == 6, "why 9"\n',
    );
    expect(
      alter('test_a.py', 'class T:\n    def test_a(self):\n        self.assertEqual(f(1), 3)\n', 'test_a'),
    ).toContain('f(1), 6)');
    expect(alter('tests/a.rs', '#[test]\nfn a() { assert_eq!(f(1), 3); }\n', 'a')).toContain('f(1), 6)');
  });

  it('only in the tests that are named', () => {
    const text = "test('a', () => { assert.equal(1, 1); });\ntest('b', () => { assert.equal(2, 2); });\n";
    expect(alter('t.test.js', text, 'b')).toBe(text.replace('equal(2, 2)', 'equal(2, 5)'));
  });
});

describe('no canary is planted', () => {
  it.each([
    ["test('a', () => { assert.notEqual(f(), 3); });"],
    ["test('a', () => { expect(f()).not.toBe(3); });"],
    ["test('a', () => { assert.ok(f()); });"],
    ["test('a', () => { /* assert.equal(f(), 3) */ });"],
    ["test('a', () => { assert.equal(f(), g(3)); });"],
    ["test('a', () => { assert.throws(() => f(), /3/); });"],
    ["test('b', () => { assert.equal(f(), 3); });"],
    ['nothing here'],
  ])('in %s', (text) => expect(alter('t.test.js', text, 'a')).toBeNull());

  it('where another answer would still be right, or in a language it does not read', () => {
    expect(alter('test_a.py', 'def test_a():\n    assert f() == 1 or True\n', 'test_a')).toBeNull();
    expect(alter('test_a.py', 'def test_a():\n    assert not f() == 1\n', 'test_a')).toBeNull();
    expect(alter('a_test.go', 'func TestA(t *testing.T) { if f() != 3 {} }', 'TestA')).toBeNull();
  });
});
