import { describe, expect, it } from 'vitest';
import { ctestParts, definesCmake } from './ctest-parts.ts';

const deciding =
  (definitions: Record<string, string>, sources: Record<string, string>) =>
  (id: string): [string[], boolean] => {
    const { parts, alone } = ctestParts(
      new Map(Object.entries(definitions)),
      new Map(Object.entries(sources)),
    )(id);
    const whole = parts.map(({ path, start, end }) => {
      const part = sources[path]?.slice(start, end) ?? '';
      return part === sources[path] ? path : `${path}: ${part.trim()}`;
    });
    return [whole, alone];
  };

describe('where a test of ctest is decided', () => {
  it('is in the sources of its program, in the folder of the definition, without those of the product', () => {
    const of = deciding(
      {
        'CMakeLists.txt': 'enable_testing()\nadd_subdirectory(tests) # add_test(NAME adds COMMAND other)\n',
        'tests/CMakeLists.txt':
          'set(SOURCES adds.c "${CMAKE_CURRENT_SOURCE_DIR}/help.c")\nadd_executable(t_adds ${SOURCES} ../src/calc.c)\nadd_executable(t_more more.c)\ntarget_sources(t_more PRIVATE ${CMAKE_SOURCE_DIR}/tests/deep/x.c)\nadd_test(NAME "adds two" COMMAND $<TARGET_FILE:t_adds> 1 2)\nadd_test(more t_more)\nadd_test(NAME again COMMAND t_more)\n',
      },
      { 'tests/adds.c': 'a', 'tests/help.c': 'h', 'tests/more.c': 'm', 'tests/deep/x.c': 'x' },
    );
    expect(of('adds two')).toEqual([['tests/adds.c', 'tests/help.c'], true]);
    expect(of('more')).toEqual([['tests/more.c', 'tests/deep/x.c'], false]);
    expect(of('again')).toEqual(of('more'));
    expect(of('nothing like it')[0]).toEqual([]);
  });

  it('is in what its command names', () => {
    const of = deciding(
      {
        'CMakeLists.txt': 'add_test(NAME one COMMAND sh "${CMAKE_SOURCE_DIR}/check/one.sh" bin/x.sh "it\'s")',
      },
      { 'check/one.sh': 'x' },
    );
    expect(of('one')).toEqual([['check/one.sh'], true]);
  });

  it('is in the case of this name where the program lists its own', () => {
    const of = deciding(
      { 'CMakeLists.txt': 'gtest_discover_tests(all)\n' },
      {
        'tests/a.cc': 'TEST(Calc, Adds) { 1 }\nTEST(Calc, AddsMore) { 2 }\nTEST_P(Many, All) { 3 }',
        'tests/b.cc': '#include <x>\nTEST_F(Other, Adds) { 4 }\nTEST_CASE("adds (twice)") { 5 }',
      },
    );
    expect(of('Calc.Adds')).toEqual([['tests/a.cc: TEST(Calc, Adds) { 1 }'], true]);
    expect(of('Calc.AddsMore')).toEqual([['tests/a.cc: TEST(Calc, AddsMore) { 2 }'], true]);
    expect(of('Other.Adds')).toEqual([['tests/b.cc: TEST_F(Other, Adds) { 4 }'], true]);
    expect(of('adds (twice)')).toEqual([['tests/b.cc: TEST_CASE("adds (twice)") { 5 }'], true]);
    expect(of('Calc.Add')[0]).toEqual([]);
  });

  it('is in the file of its name where a loop makes them', () => {
    const of = deciding(
      {
        'CMakeLists.txt':
          'foreach(t a b)\nadd_executable(test_${t} test_${t}.c)\nadd_test(${t} test_${t})\nendforeach()',
      },
      { 'tests/test_a.c': 'a', 'tests/test_b.c': 'b' },
    );
    expect(of('a')).toEqual([['tests/test_a.c'], true]);
    expect(of('test')[0]).toEqual([]);
  });

  it('is nowhere to be found where the exit code is not what decides', () => {
    const with_ = (more: string) =>
      deciding(
        {
          'CMakeLists.txt': `add_executable(a a.c)\nadd_test(NAME a COMMAND a)\nadd_test(NAME b COMMAND a)\n${more}`,
        },
        { 'a.c': 'a' },
      );
    const turned = with_('set_tests_properties(a PROPERTIES TIMEOUT 3 WILL_FAIL TRUE)');
    expect([turned('a')[0], turned('b')[0]]).toEqual([[], ['a.c']]);
    const printed = with_('set_property(TEST b PROPERTY PASS_REGULAR_EXPRESSION "ok")');
    expect([printed('a')[0], printed('b')[0]]).toEqual([['a.c'], []]);
    expect(with_('set_tests_properties(${all} PROPERTIES WILL_FAIL 1)')('a')[0]).toEqual([]);
  });

  it.each(['CMakeLists.txt', 'a/CMakeLists.txt', 'cmake/tests.cmake'])('%s defines a build', (path) =>
    expect(definesCmake(path)).toBe(true),
  );
  it.each(['a.c', 'cmake/tests.txt'])('%s does not', (path) => expect(definesCmake(path)).toBe(false));
});
