import { describe, expect, test } from 'vitest';
import { numberPatch } from './number-patch.ts';
import { readReview } from './read-review.ts';

const patch = `diff --git a/src/a.js b/src/a.js
index 1..2 100644
--- a/src/a.js
+++ b/src/a.js
@@ -10,3 +10,4 @@ function a() {
 one
--- a/looks-like-a-head
+two
+three
 four
\\ No newline at end of file
diff --git a/old.js b/old.js
deleted file mode 100644
--- a/old.js
+++ /dev/null
@@ -1 +0,0 @@
-gone
`;
const { lines, numbered } = numberPatch(patch);
const finding = (more: object = {}) => ({
  section: 'code',
  rule: 'naming',
  severity: 'warning',
  file: 'src/a.js',
  line: 11,
  message: 'The name says nothing.',
  ...more,
});
const read = (document: unknown) => readReview(JSON.stringify(document), lines);

test('a patch tells which lines of the new files it shows, and is numbered for whoever reads it', () => {
  expect([...lines].map(([path, shown]) => [path, [...shown]])).toEqual([
    ['src/a.js', [10, 11, 12, 13]],
    ['old.js', []],
  ]);
  expect(numbered).toContain('   11 +two');
  expect(numbered).toContain('      --- a/looks-like-a-head');
});

describe('a review', () => {
  test('is read with its remarks, none included', () => {
    expect(read({ summary: 'Fine.', findings: [] })).toEqual({
      ok: true,
      value: { summary: 'Fine.', remarks: [] },
    });
    expect(read({ findings: [finding(), finding({ line: null })] })).toMatchObject({
      ok: true,
      value: { remarks: [{ line: 11 }, { line: null }] },
    });
  });

  test('is an opinion whatever it calls itself', () => {
    const found = read({
      findings: [finding({ severity: 'blocker', effect: 'breach' }), finding({ severity: 'info' })],
    });
    expect(found).toMatchObject({ value: { remarks: [{ severity: 'warning' }, { severity: 'note' }] } });
    expect(JSON.stringify(found)).not.toContain('breach');
  });

  test.each([
    ['nothing', '', /no JSON document with "findings"/],
    ['praise', 'Looks good to me, ready to merge.', /no JSON document/],
    ['a verdict without findings', '{"passed":true}', /no JSON document/],
    ['two reviews', '{"findings":[]} {"findings":[],"summary":"other"}', /more than one/],
    ['findings that are none', '{"findings":"none"}', /findings: /],
    [
      'a file that was not changed',
      JSON.stringify({ findings: [finding({ file: 'src/b.js' })] }),
      /which the change does not touch/,
    ],
    ['a line that is not shown', JSON.stringify({ findings: [finding({ line: 99 })] }), /line 99/],
    [
      'a line of a file that is gone',
      JSON.stringify({ findings: [finding({ file: 'old.js', line: 1 })] }),
      /line 1 of/,
    ],
    ['a prototype instead', '{"__proto__":{"findings":[]}}', /no JSON document/],
    [
      'a file named like a prototype',
      JSON.stringify({ findings: [finding({ file: '__proto__' })] }),
      /does not touch/,
    ],
    [
      'too many findings',
      JSON.stringify({ findings: Array.from({ length: 51 }, () => finding()) }),
      /findings: /,
    ],
  ])('is none where there is %s', (_, answer, problem) => {
    const found = readReview(answer, lines);
    expect(found.ok ? 'taken' : found.error).toMatch(problem);
  });
});
