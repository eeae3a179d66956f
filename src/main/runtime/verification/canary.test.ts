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

  it.each([
    ["it 'a' do\n  expect(f(1)).to eq 3 # not 9\nend\n", "it 'a' do\n  expect(f(1)).to eq 6 # not 9\nend\n"],
    ["  it('a') { expect(f(1)).to eq(3) }\n", "  it('a') { expect(f(1)).to eq(6) }\n"],
    [
      "it 'a' do\n  expect(f).to match_array([1, 2])\nend",
      "it 'a' do\n  expect(f).to match_array([4, 2])\nend",
    ],
    ["it 'a' do\n  f.should == 3\nend", "it 'a' do\n  f.should == 6\nend"],
    // One of two is enough, so neither is altered and the whole becomes its opposite.
    ["it 'a' do\n  expect(f).to eq(1).or eq(2)\nend", "it 'a' do\n  expect(f).not_to eq(1).or eq(2)\nend"],
    ["it 'a' do\n  expect(f).to be_nil\nend", "it 'a' do\n  expect(f).not_to be_nil\nend"],
    ["it 'a' do\n  expect { f }.not_to raise_error\nend", "it 'a' do\n  expect { f }.to raise_error\nend"],
  ])('in Ruby: %j', (before, after) => {
    expect(alter('spec/a_spec.rb', before, 'a')).toBe(after);
  });

  it.each([
    ['assert_equal 3, f(1)', 'assert_equal 6, f(1)'],
    ['assert_equal([1, 2], f)', 'assert_equal([4, 2], f)'],
    ['assert_equal f, "x" # 9', 'assert_equal f, "x4fti4g" # 9'],
    ['assert_equal g, f(1)', 'refute_equal g, f(1)'],
    ['refute f(1)', 'assert f(1)'],
    ['assert_nil(f)', 'refute_nil(f)'],
  ])('in minitest: %s', (before, after) => {
    const whole = (line: string): string =>
      `class A < Minitest::Test\n  def test_a\n    ${line}\n  end\nend\n`;
    expect(alter('test/a_test.rb', whole(before), 'test_a')).toBe(whole(after));
  });

  it.each([
    ['$this->assertSame(3, f(1));', '$this->assertSame(6, f(1));'],
    ["self::assertEquals(['x' => 1], f());", "self::assertEquals(['x' => 4], f());"],
    ['$this->assertSame(f(1), 3);', '$this->assertSame(f(1), 6);'],
    ['$this->assertTrue(f());', '$this->assertNotTrue(f());'],
    ['$this->assertInstanceOf(X::class, f());', '$this->assertNotInstanceOf(X::class, f());'],
  ])('in PHP: %s', (before, after) => {
    const inTest = (line: string): string =>
      `<?php\n#[Test]\npublic function a(): void { ${line} }\nfunction b() {}\n`;
    expect(alter('tests/ATest.php', inTest(before), 'a')).toBe(inTest(after));
  });

  it('only in the tests that are named', () => {
    const text = "test('a', () => { assert.equal(1, 1); });\ntest('b', () => { assert.equal(2, 2); });\n";
    expect(alter('t.test.js', text, 'b')).toBe(text.replace('equal(2, 2)', 'equal(2, 5)'));
  });
});

describe('tests of one name in several classes or suites', () => {
  const inClasses = (second: string): string =>
    `class A:\n    def test_a(self):\n        assert f(1) == 3\n\nclass B:\n    def test_a(self):\n        ${second}\n`;

  it('are altered in each: nobody knows which of them a title means', () => {
    const altered = alter('test_a.py', inClasses('assert g(1) == 5'), 'test_a');
    expect(altered).toContain('f(1) == 6');
    expect(altered).toContain('g(1) == 8');
    expect(
      alter(
        'a.test.js',
        "describe('x', () => { it('a', () => { expect(f()).toBe(1); }); });\n" +
          "describe('y', () => { it('a', () => { expect(f()).toBe(2); }); });\n",
        'a',
      ),
    ).toMatch(/toBe\(4\)[^]*toBe\(5\)/);
  });

  it('stay as they are where one of them cannot be made wrong', () => {
    expect(alter('test_a.py', inClasses('pass'), 'test_a')).toBeNull();
  });
});

describe('where no literal is expected, an assertion becomes its opposite', () => {
  it.each([
    ["test('a', () => { assert.notEqual(f(), 3); });", "test('a', () => { assert.equal(f(), 3); });"],
    ["test('a', () => { expect(f()).not.toBe(3); });", "test('a', () => { expect(f()).toBe(3); });"],
    ["test('a', () => { expect(f()).toBe(g()); });", "test('a', () => { expect(f()).not.toBe(g()); });"],
    ["test('a', () => { assert.ok(f()); });", "test('a', () => { assert.ok(!(f())); });"],
    ["test('a', () => { assert(f(), 'why'); });", "test('a', () => { assert(!(f()), 'why'); });"],
    ["test('a', () => { assert.equal(f(), g(3)); });", "test('a', () => { assert.notEqual(f(), g(3)); });"],
    [
      "test('a', () => { assert.throws(() => f(), /3/); });",
      "test('a', () => { assert.doesNotThrow(() => f(), /3/); });",
    ],
  ])('%s', (before, after) => expect(alter('t.test.js', before, 'a')).toBe(after));

  it('in Python and Rust', () => {
    const py = (line: string): string => `def test_a():\n    ${line}\n`;
    expect(alter('test_a.py', py('assert f(), "why"'), 'test_a')).toBe(py('assert not (f()), "why"'));
    expect(alter('test_a.py', py('assert f() == 1 or True'), 'test_a')).toBe(
      py('assert not (f() == 1 or True)'),
    );
    expect(alter('test_a.py', py('self.assertTrue(f())'), 'test_a')).toBe(py('self.assertFalse(f())'));
    expect(alter('tests/a.rs', '#[test]\nfn a() { assert!(f(1)); }\n', 'a')).toContain('assert!(!(f(1)))');
    expect(alter('tests/a.rs', '#[test]\nfn a() { assert_eq!(f(1), g()); }\n', 'a')).toContain('assert_ne!');
  });
});

describe('assertions of the repository itself', () => {
  it('expect something else, all of them', () => {
    expect(alter('t.test.js', "test('a', () => { eq(f(1), 3); eq(f(2), 4); });", 'a')).toBe(
      "test('a', () => { eq(f(1), 6); eq(f(2), 7); });",
    );
    expect(alter('test_a.py', 'def test_a():\n    check(f(1), 3)\n', 'test_a')).toContain('f(1), 6)');
    expect(alter('t.test.js', "test('a', () => { if (f(1) !== g()) throw 1; });", 'a')).toContain(
      'f(1) === g()',
    );
  });

  it('and in Go, where other tests are conditions turned round', () => {
    const go = (body: string): string => `package a\n\nfunc TestA(t *testing.T) {\n\t${body}\n}\n`;
    expect(alter('a_test.go', go('check.Equal(t, F(1), 3)'), 'TestA')).toBe(go('check.Equal(t, F(1), 6)'));
    expect(alter('a_test.go', go('if got := F(1); got != 3 {\n\t\tt.Errorf("x")\n\t}'), 'TestA')).toBe(
      go('if got := F(1); !(got != 3) {\n\t\tt.Errorf("x")\n\t}'),
    );
    expect(alter('a_test.go', go('require.NoError(t, F())'), 'TestA')).toBe(go('require.Error(t, F())'));
  });
});

describe('no canary is planted', () => {
  it.each([
    ["test('a', () => { /* assert.equal(f(), 3) */ });"],
    ["test('b', () => { assert.equal(f(), 3); });"],
    ["test('a', () => { expect(f()).resolves.toBe(g()); });"],
    ['nothing here'],
  ])('in %s', (text) => expect(alter('t.test.js', text, 'a')).toBeNull());

  it('in an expression that goes on in the next line, or in a language it does not read', () => {
    expect(alter('test_a.py', 'def test_a():\n    assert f(\n        1)\n', 'test_a')).toBeNull();
    expect(alter('a_test.exs', 'test "a" do\n  assert f() == 3\nend', 'a')).toBeNull();
  });
});
