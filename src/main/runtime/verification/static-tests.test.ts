import { describe, expect, it } from 'vitest';
import type { GateBase } from './base-result.ts';
import { unheardFiles, unlisted, writtenTests } from './static-tests.ts';

const base = (o: Partial<GateBase> = {}): GateBase => ({
  name: 'test',
  colour: 'red',
  parsed: true,
  expected: [],
  atLeast: [],
  brokenFiles: [],
  ...o,
});
const expected = [{ id: 'spec/a_spec.rb > a', file: 'spec/a_spec.rb', outcome: 'passed' as const }];

describe('files of which base can have said nothing', () => {
  const specs = ['spec/a_spec.rb', 'spec/b_spec.rb', 'spec/helper.rb', 'lib/b.rb'];
  it('are all, where it reported nothing, and none where it did', () => {
    expect(unheardFiles('rspec-json', base({ parsed: false }), specs)).toEqual(specs.slice(0, 2));
    expect(unheardFiles('rspec-json', base(), specs)).toEqual(specs.slice(0, 2));
    expect(unheardFiles('rspec-json', base({ expected }), specs)).toEqual([]);
    expect(unheardFiles('junit-xml', base({ parsed: false }), specs)).toEqual([]);
  });
  it('are those beside one that did not load, where a runner then runs nothing', () => {
    const broken = base({ expected, brokenFiles: ['spec/c_spec.rb'] });
    expect(unheardFiles('rspec-json', broken, [...specs, 'spec/c_spec.rb'])).toEqual(['spec/b_spec.rb']);
    expect(unheardFiles('jest-json', broken, ['b.test.js'])).toEqual([]);
    const go = base({ expected, brokenFiles: ['example.test/m/b'] });
    const files = ['a_test.go', 'a/a_test.go', 'b/b_test.go', 'b/b_windows_test.go', 'vendor/b/b_test.go'];
    expect(unheardFiles('go-json', go, files)).toEqual(['a_test.go', 'b/b_test.go']);
  });
});

describe('tests that are written', () => {
  it('are found without running anything', () => {
    expect(
      writtenTests('a_test.go', 'func TestA(t *testing.T) {}\nfunc TestMain(m *M) {}\nfunc ExampleA() {}\n'),
    ).toEqual(['TestA']);
    expect(writtenTests('a_test.go', '//go:build slow\n\nfunc TestA(t *testing.T) {}\n')).toEqual([]);
    expect(
      writtenTests(
        'CMakeLists.txt',
        'add_test(NAME a.b COMMAND t)\n  ADD_TEST(c t)\nadd_test(NAME ${x} COMMAND t)\n',
      ),
    ).toEqual(['a.b', 'c']);
    expect(
      writtenTests('tests/test_a.py', 'class T:\n    def test_a(self): pass\n# def test_b(): pass\n'),
    ).toEqual(['test_a']);
  });
  it('are missed where one report does not have them', () => {
    const report = (...ids: string[]): Parameters<typeof unlisted>[3][number] => ({
      tests: ids.map((id) => ({ id, file: id.split(' > ')[0] ?? '', outcome: 'passed' })),
      fileErrors: [],
    });
    const file = 'tests/test_a.py';
    const both = [report(`${file} > T > test_a`, `${file} > test_b[1]`), report(`${file} > T > test_a`)];
    expect(unlisted('pytest', file, ['test_a', 'test_b', 'test'], both)).toEqual(['test_b', 'test']);
    expect(unlisted('pytest', 'tests/test_b.py', ['test_a'], both)).toEqual(['test_a']);
    expect(unlisted('go-json', 'a/a_test.go', ['TestA'], [report('x/a > TestA > sub')])).toEqual([]);
  });
});
