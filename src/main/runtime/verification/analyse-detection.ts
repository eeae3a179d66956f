import type { Finding } from '../../../shared/goal/vocabulary.ts';
import type { ChangedText } from './analyse-secrets.ts';
import { lockClass } from './locked.ts';
import { languageOf, withoutComments } from './test-source.ts';

/** What only a test runner sets, loads or passes: no product needs to know it. */
const RUNNER =
  /\b(?:NODE_TEST_CONTEXT|NODE_TEST_WORKER_ID|JEST_WORKER_ID|VITEST(?:_\w+)?|MOCHA_COLORS|PYTEST_(?:CURRENT_TEST|VERSION|XDIST_\w+)|PLAYWRIGHT_TEST\w*|TEST_WORKER_INDEX)\b|['"](?:_?pytest|unittest|nose2?)(?:\.\w+)*['"]\s+(?:not\s+)?in\s+sys\.modules|sys\.modules(?:\.get\(|\[)\s*['"](?:_?pytest|unittest)|\btesting\.Testing\(\)|flag\.Lookup\(\s*"test\.\w+"|HasSuffix\(\s*os\.Args\[0\],\s*"\.test"|\btypeof\s+(?:describe|it|jest|vi|beforeEach)\s*[!=]==?|\bglobalThis\.(?:describe|it|jest|vi|beforeEach)\b|(?:exec)?[aA]rgv\b[^;\n]{0,80}['"]--test|\bdefined\?\(\s*(?:RSpec|Minitest)/;
/** Also used for honest reasons, such as not to listen while tests import the server. */
const MODE =
  /\b(?:NODE_ENV|RAILS_ENV|APP_ENV|DJANGO_ENV|FLASK_ENV|RACK_ENV|BUN_ENV)\b['"\])}\s.]{0,8}\s*(?:[!=]==?)\s*['"]test(?:ing)?['"]/;

/**
 * Product code that begins to ask whether a test runs it (truth C10): whatever tests then show is not what users get. Only lines that are
 * new, and nothing in comments.
 */
export function findTestDetection(files: readonly ChangedText[]): Finding[] {
  return files.flatMap((file) => {
    const language = languageOf(file.path);
    if (language === 'other' || lockClass(file.path) !== null || /\bimport\.meta\.vitest\b/.test(file.before))
      return [];
    const old = new Set(file.before.split('\n').map((line) => line.trim()));
    const lines = withoutComments(file.after, language).split('\n');
    const fresh = (pattern: RegExp): number =>
      lines.findIndex((line) => line.length < 2_000 && pattern.test(line) && !old.has(line.trim()));
    const runner = fresh(RUNNER);
    const mode = fresh(MODE);
    if (runner < 0 && mode < 0) return [];
    return [
      {
        rule: 'code.test_detection',
        severity: 'blocker' as const,
        effect: runner < 0 ? ('question' as const) : ('breach' as const),
        file: file.path,
        line: (runner < 0 ? mode : runner) + 1,
        message:
          runner < 0
            ? 'This code behaves differently where the environment says that it is a test.'
            : 'This code asks whether a test runner runs it, so its tests do not show what users get.',
      },
    ];
  });
}
