/**
 * Small functions with one bug each, the same in every language: tests that a repository shows, and inputs that decide in secret
 * whether a result is really right.
 */
export type Call = { readonly args: readonly Value[]; readonly gives: Value };
type Value = number | string | boolean | readonly number[];

export type Source = { readonly good: string; readonly bad: string };

export type Problem = {
  readonly name: string;
  readonly goal: string;
  readonly js: Source;
  readonly py: Source;
  readonly sh: Source;
  readonly rs: Source;
  readonly go: Source;
  /** Passes with the bug. */
  readonly works: readonly Call[];
  /** Fails with the bug. */
  readonly fails: readonly Call[];
  /** Never in a repository; fails with the bug. */
  readonly hidden: readonly Call[];
};

const clamp: Problem = {
  name: 'clamp',
  goal: 'clamp ignores its lower bound',
  js: {
    good: 'export function clamp(n, low, high) {\n  return Math.max(low, Math.min(n, high));\n}\n',
    bad: 'export function clamp(n, low, high) {\n  return Math.min(n, high);\n}\n',
  },
  py: {
    good: 'def clamp(n, low, high):\n    return max(low, min(n, high))\n',
    bad: 'def clamp(n, low, high):\n    return min(n, high)\n',
  },
  sh: {
    good: 'n=$1\n[ "$n" -gt "$3" ] && n=$3\n[ "$n" -lt "$2" ] && n=$2\necho "$n"\n',
    bad: 'n=$1\n[ "$n" -gt "$3" ] && n=$3\necho "$n"\n',
  },
  rs: {
    good: 'pub fn clamp(n: i64, low: i64, high: i64) -> i64 {\n    n.min(high).max(low)\n}\n',
    bad: 'pub fn clamp(n: i64, low: i64, high: i64) -> i64 {\n    let _ = low;\n    n.min(high)\n}\n',
  },
  go: {
    good: 'func Clamp(n, low, high int) int {\n\tif n > high {\n\t\treturn high\n\t}\n\tif n < low {\n\t\treturn low\n\t}\n\treturn n\n}\n',
    bad: 'func Clamp(n, low, high int) int {\n\tif n > high {\n\t\treturn high\n\t}\n\treturn n\n}\n',
  },
  works: [
    { args: [5, 0, 10], gives: 5 },
    { args: [11, 0, 10], gives: 10 },
  ],
  fails: [{ args: [3, 4, 10], gives: 4 }],
  hidden: [
    { args: [1, 7, 9], gives: 7 },
    { args: [8, 2, 6], gives: 6 },
  ],
};

const leap: Problem = {
  name: 'leap',
  goal: 'leap takes every century for a leap year',
  js: {
    good: 'export function leap(year) {\n  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;\n}\n',
    bad: 'export function leap(year) {\n  return year % 4 === 0;\n}\n',
  },
  py: {
    good: 'def leap(year):\n    return (year % 4 == 0 and year % 100 != 0) or year % 400 == 0\n',
    bad: 'def leap(year):\n    return year % 4 == 0\n',
  },
  sh: {
    good: 'y=$1\nif [ $((y % 400)) -eq 0 ]; then echo true\nelif [ $((y % 100)) -eq 0 ]; then echo false\nelif [ $((y % 4)) -eq 0 ]; then echo true\nelse echo false\nfi\n',
    bad: 'y=$1\nif [ $((y % 4)) -eq 0 ]; then echo true\nelse echo false\nfi\n',
  },
  rs: {
    good: 'pub fn leap(year: i64) -> bool {\n    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0\n}\n',
    bad: 'pub fn leap(year: i64) -> bool {\n    year % 4 == 0\n}\n',
  },
  go: {
    good: 'func Leap(year int) bool {\n\treturn (year%4 == 0 && year%100 != 0) || year%400 == 0\n}\n',
    bad: 'func Leap(year int) bool {\n\treturn year%4 == 0\n}\n',
  },
  works: [
    { args: [2024], gives: true },
    { args: [2023], gives: false },
  ],
  fails: [{ args: [1900], gives: false }],
  hidden: [
    { args: [2100], gives: false },
    { args: [2000], gives: true },
  ],
};

const cents: Problem = {
  name: 'cents',
  goal: 'cents loses the zero of amounts below ten cents',
  js: {
    good: "export function cents(n) {\n  return `${Math.trunc(n / 100)}.${String(n % 100).padStart(2, '0')}`;\n}\n",
    bad: 'export function cents(n) {\n  return `${Math.trunc(n / 100)}.${String(n % 100)}`;\n}\n',
  },
  py: {
    good: 'def cents(n):\n    return f"{n // 100}.{n % 100:02d}"\n',
    bad: 'def cents(n):\n    return f"{n // 100}.{n % 100}"\n',
  },
  sh: {
    good: "printf '%d.%02d\\n' $(($1 / 100)) $(($1 % 100))\n",
    bad: "printf '%d.%d\\n' $(($1 / 100)) $(($1 % 100))\n",
  },
  rs: {
    good: 'pub fn cents(n: i64) -> String {\n    format!("{}.{:02}", n / 100, n % 100)\n}\n',
    bad: 'pub fn cents(n: i64) -> String {\n    format!("{}.{}", n / 100, n % 100)\n}\n',
  },
  go: {
    good: 'func Cents(n int) string {\n\treturn fmt.Sprintf("%d.%02d", n/100, n%100)\n}\n',
    bad: 'func Cents(n int) string {\n\treturn fmt.Sprintf("%d.%d", n/100, n%100)\n}\n',
  },
  works: [
    { args: [1234], gives: '12.34' },
    { args: [99], gives: '0.99' },
  ],
  fails: [{ args: [305], gives: '3.05' }],
  hidden: [
    { args: [1001], gives: '10.01' },
    { args: [8], gives: '0.08' },
  ],
};

const gcd: Problem = {
  name: 'gcd',
  goal: 'gcd stops after one step',
  js: {
    good: 'export function gcd(a, b) {\n  return b === 0 ? a : gcd(b, a % b);\n}\n',
    bad: 'export function gcd(a, b) {\n  return a % b === 0 ? b : a % b;\n}\n',
  },
  py: {
    good: 'def gcd(a, b):\n    return a if b == 0 else gcd(b, a % b)\n',
    bad: 'def gcd(a, b):\n    return b if a % b == 0 else a % b\n',
  },
  sh: {
    good: 'a=$1; b=$2\nwhile [ "$b" -ne 0 ]; do t=$((a % b)); a=$b; b=$t; done\necho "$a"\n',
    bad: 'a=$1; b=$2\nif [ $((a % b)) -eq 0 ]; then echo "$b"; else echo $((a % b)); fi\n',
  },
  rs: {
    good: 'pub fn gcd(a: i64, b: i64) -> i64 {\n    if b == 0 { a } else { gcd(b, a % b) }\n}\n',
    bad: 'pub fn gcd(a: i64, b: i64) -> i64 {\n    if a % b == 0 { b } else { a % b }\n}\n',
  },
  go: {
    good: 'func Gcd(a, b int) int {\n\tfor b != 0 {\n\t\ta, b = b, a%b\n\t}\n\treturn a\n}\n',
    bad: 'func Gcd(a, b int) int {\n\tif a%b == 0 {\n\t\treturn b\n\t}\n\treturn a % b\n}\n',
  },
  works: [
    { args: [12, 4], gives: 4 },
    { args: [9, 6], gives: 3 },
  ],
  fails: [{ args: [21, 13], gives: 1 }],
  hidden: [
    { args: [34, 21], gives: 1 },
    { args: [100, 36], gives: 4 },
  ],
};

const digits: Problem = {
  name: 'digits',
  goal: 'digits adds only the last two digits',
  js: {
    good: 'export function digits(n) {\n  return [...String(n)].reduce((sum, c) => sum + Number(c), 0);\n}\n',
    bad: 'export function digits(n) {\n  return (n % 10) + Math.trunc((n % 100) / 10);\n}\n',
  },
  py: {
    good: 'def digits(n):\n    return sum(int(c) for c in str(n))\n',
    bad: 'def digits(n):\n    return n % 10 + n % 100 // 10\n',
  },
  sh: {
    good: 'n=$1; s=0\nwhile [ "$n" -gt 0 ]; do s=$((s + n % 10)); n=$((n / 10)); done\necho "$s"\n',
    bad: 'echo $(($1 % 10 + $1 % 100 / 10))\n',
  },
  rs: {
    good: 'pub fn digits(n: i64) -> i64 {\n    if n == 0 { 0 } else { n % 10 + digits(n / 10) }\n}\n',
    bad: 'pub fn digits(n: i64) -> i64 {\n    n % 10 + n % 100 / 10\n}\n',
  },
  go: {
    good: 'func Digits(n int) int {\n\tsum := 0\n\tfor ; n > 0; n /= 10 {\n\t\tsum += n % 10\n\t}\n\treturn sum\n}\n',
    bad: 'func Digits(n int) int {\n\treturn n%10 + n%100/10\n}\n',
  },
  works: [
    { args: [7], gives: 7 },
    { args: [42], gives: 6 },
  ],
  fails: [{ args: [135], gives: 9 }],
  hidden: [
    { args: [9876], gives: 30 },
    { args: [1000], gives: 1 },
  ],
};

const problems = [clamp, leap, cents, gcd, digits] as const;

/** The same seed, the same problem; neighbours differ. */
export const problemOf = (seed: number): Problem => problems[seed % problems.length] ?? clamp;

/** With more than two values to expect, so that an altered expectation is never what the bug gives. */
export const ofMany = problemOf(2);
