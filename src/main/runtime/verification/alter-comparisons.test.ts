import { describe, expect, it } from 'vitest';
import { alterComparisons } from './alter-comparisons.ts';
import { failAtEveryEnd } from './alter-ends.ts';

const first = (n: number): number => (n <= 0 ? -1 : 0);
const literals = (path: string, text: string): string | null =>
  alterComparisons(path, text, 'literals', first);
const opposites = (path: string, text: string): string | null =>
  alterComparisons(path, text, 'opposites', first);

describe('every expected literal of a script becomes another one', () => {
  it.each([
    [
      'a.sh',
      '[ "$(f 1)" -eq 3 ] || exit 1; test $(f 2) = 4',
      '[ "$(f 1)" -eq 6 ] || exit 1; test $(f 2) = 7',
    ],
    ['a.sh', 'out=$(f "a b")\n[ "$out" != 3 ] && exit 1', 'out=$(f "a b")\n[ "$out" != 6 ] && exit 1'],
    ['a.sh', 'f 1; [ $? -eq 1 ] || exit 2', 'f 1; [ $? -eq 4 ] || exit 2'],
    ['a.sh', 'eq "$(f 1 "2")" 3\neq 4 "$(f 2)"', 'eq "$(f 1 "2")" 6\neq 7 "$(f 2)"'],
    ['a.sh', 'f | grep -q "^3$" || exit 1', 'f | grep -q "^3$.4fti4g" || exit 1'],
    ['a.sh', 'f | diff - - <<EOF\none\nEOF\n', 'f | diff - - <<EOF\none\n4fti4g\nEOF\n'],
    ['a.sh', 'case "$(f)" in ok) ;; *) exit 1 ;; esac', 'case "$(f)" in ok4fti4g) ;; *) exit 1 ;; esac'],
    ['a', '#!/bin/sh\n[ "$(f)" = a ]', '#!/bin/sh\n[ "$(f)" = a4fti4g ]'],
    ['a.js', 'if (f(1, 2) !== 3) process.exit(1);', 'if (f(1, 2) !== 6) process.exit(1);'],
    [
      'a.js',
      "const got = f(1);\nif ('x' != got) throw 1;",
      "const got = f(1);\nif ('x4fti4g' != got) throw 1;",
    ],
    ['a.js', "check('adds', add(1, 2), 3);", "check('adds', add(1, 2), 6);"],
    ['a.js', 'eq(3, add(1, 2));', 'eq(6, add(1, 2));'],
    ['a.py', 'if f(1) != [3]: sys.exit(1)', 'if f(1) != [6]: sys.exit(1)'],
    [
      't/a.t',
      'die unless F::f() eq "a" and F::f(1) == 2;',
      'die unless F::f() eq "a4fti4g" and F::f(1) == 5;',
    ],
    ['a.rb', "exit 1 unless f(1) == 'x'", "exit 1 unless f(1) == 'x4fti4g'"],
    ['a.php', 'if (f(1) !== 3) { exit(1); }', 'if (f(1) !== 6) { exit(1); }'],
    ['a_test.go', 'if got := F(1); got != 3 {', 'if got := F(1); got != 6 {'],
    ['a.c', 'return add(2, 3) == 5 ? 0 : 1;', 'return add(2, 3) == 8 ? 0 : 1;'],
    ['a.c', 'if (strcmp(f(1), "a") != 0) return 1;', 'if (strcmp(f(1), "a") != 3) return 1;'],
    ['a.c', 'assert(!strcmp(f(1), "a"));', 'assert(!strcmp(f(1), "a4fti4g"));'],
    ['a.c', 'TEST_ASSERT_EQUAL_INT(3, add(1, 2));', 'TEST_ASSERT_EQUAL_INT(6, add(1, 2));'],
    ['a.c', 'g_assert_cmpint(f(), ==, 3);', 'g_assert_cmpint(f(), ==, 6);'],
    ['a.cc', 'EXPECT_EQ(add(1, 2), 3);', 'EXPECT_EQ(add(1, 2), 6);'],
    ['a.cc', 'EXPECT_STREQ("a", f());', 'EXPECT_STREQ("a4fti4g", f());'],
    ['a.cpp', 'REQUIRE(f("x") == "y");', 'REQUIRE(f("x") == "y4fti4g");'],
  ])('%s: %s', (path, before, after) => expect(literals(path, before)).toBe(after));

  it.each([
    ['a.sh', '[ "$1" = fix ] && exit; [ "$(uname)" = Linux ]; mode=${1:-x}; [ "$mode" = x ]'],
    ['a.sh', '# [ "$(f)" = 3 ]\necho "$(f)" 3\n. lib/f.sh\nf | grep -v x'],
    [
      'a.js',
      "import x from './x.js';\nif (process.argv[2] === '--fix') run();\nwriteFileSync(join('a'), 'x');",
    ],
    ['a.js', "if (typeof f() === 'string') console.log(f(), 3); // f() === 3"],
    ['a.py', "if __name__ == '__main__':\n    main()"],
    ['a.txt', 'f(1) == 3'],
    ['a.c', 'int main(int n, char **v) { if (strcmp(v[1], "a") == 0) return a(); if (n == atoi("2")) b(); }'],
    ['a.c', 'int main(int n, char *v[]) { char *how = v[1];\nif (strcmp(how, "a") == 0) return a(); }'],
    ['a.c', '#if defined(X) && V(1) == 2\nwhile (next() != 0) ;\nfor (i = 0; f(i) != 3; i++) ;\n#endif'],
    [
      'a.cc',
      'static_assert(f(1) == 3, "x"); /* f(1) == 3 */ bool operator==(const A& a, const A& b) { return 1; }',
    ],
  ])('and nothing else: %s: %s', (path, text) => expect(literals(path, text)).toBeNull());
});

describe('or every comparison becomes its opposite', () => {
  it.each([
    ['a.c', 'if (f(1) != g()) return 1;', 'if (f(1) == g()) return 1;'],
    [
      'a.c',
      'if (!near(f(1), g)) { puts("no"); return 1; }',
      'if (!(!near(f(1), g))) { puts("no"); return 1; }',
    ],
    [
      'a.c',
      'if (f(1) != g()) exit(2);\nif (f(2)) return 0;',
      'if (f(1) == g()) exit(2);\nif (f(2)) return 0;',
    ],
    ['a.c', 'assert(f(1));', 'assert(!(f(1)));'],
    ['a.c', 'assert(same(f(1) /* 2 */, g));', 'assert(!(same(f(1) /* 2 */, g)));'],
    [
      'a.c',
      'main(int n, char **v) { assert(same(v[1])); }',
      'main(int n, char **v) { assert(!(same(v[1]))); }',
    ],
    ['a.c', 'assert(f(1) == g());', 'assert(f(1) != g());'],
    ['a.cc', 'EXPECT_EQ(f(1), g());', 'EXPECT_NE(f(1), g());'],
    ['a.cc', 'ASSERT_TRUE(f(1) == g()); CHECK(f(2));', 'ASSERT_TRUE(f(1) != g()); CHECK(!(f(2)));'],
    [
      'a.cc',
      'while (f() == 1) CHECK_FALSE(f(2)); // f() == 2',
      'while (f() == 1) CHECK_FALSE(!(f(2))); // f() == 2',
    ],
    ['a.sh', '[ "$(f 1)" = "$(g)" ] || exit 1', '[ "$(f 1)" != "$(g)" ] || exit 1'],
    // What is wrong twice is right again: the helper is turned round, its call is not altered.
    [
      'a.sh',
      'eq() { [ "$1" = "$2" ] || exit 1; }\neq "$(f)" 3',
      'eq() { [ "$1" != "$2" ] || exit 1; }\neq "$(f)" 3',
    ],
    [
      'a.js',
      'if (JSON.stringify(f()) !== JSON.stringify(g)) die();',
      'if (JSON.stringify(f()) === JSON.stringify(g)) die();',
    ],
    ['a.t', 'die if f() ne g();', 'die if f() eq g();'],
  ])('%s: %s', (path, before, after) => expect(opposites(path, before)).toBe(after));
});

describe('a script that compares nothing fails at every end', () => {
  it.each([
    ['a.sh', '. lib/f.sh\nf 1 || exit\nexit 0\n', '. lib/f.sh\nf 1 || exit 97\nexit 97\n\nexit 97\n'],
    ['a.js', 'process.exit(run() ? 0 : 1)\n', 'process.exit(97)\n\nprocess.exit(97);\n'],
    ['a.t', 'f();\n__END__\nexit\n', 'f();\n\nexit 97;\n__END__\nexit\n'],
  ])('%s: %s', (path, before, after) => expect(failAtEveryEnd(path, before)).toBe(after));

  it('unless another program takes its place, or its language is not known', () => {
    expect(failAtEveryEnd('a.sh', 'exec node check.js\n')).toBeNull();
    expect(failAtEveryEnd('a.py', 'unittest.main()\n')).toBeNull();
  });
});
