import type { Finding } from '../../../shared/goal/vocabulary.ts';
import { piecesOf } from './analyse-secrets.ts';
import type { ChangedText } from './analyse-secrets.ts';
import { isCode, lockClass } from './locked.ts';
import { languageOf, withoutComments } from './test-source.ts';

/** What only a test runner sets, loads or passes: no product needs to know it. */
const RUNNER =
  /\b(?:NODE_TEST_CONTEXT|NODE_TEST_WORKER_ID|JEST_WORKER_ID|VITEST(?:_\w+)?|MOCHA_COLORS|PYTEST_(?:CURRENT_TEST|VERSION|XDIST_\w+)|PLAYWRIGHT_TEST\w*|TEST_WORKER_INDEX)\b|['"](?:_?pytest|unittest|nose2?)(?:\.\w+)*['"]\s+(?:not\s+)?in\s+sys\.modules|sys\.modules(?:\.get\(|\[)\s*['"](?:_?pytest|unittest)|\btesting\.Testing\(\)|flag\.Lookup\(\s*"test\.\w+"|HasSuffix\(\s*os\.Args\[0\],\s*"\.test"|\btypeof\s+(?:describe|it|jest|vi|beforeEach)\s*[!=]==?|\bglobalThis\.(?:describe|it|jest|vi|beforeEach)\b|(?:exec)?[aA]rgv\b[^;\n]{0,80}['"]--test|\bdefined\?\(\s*(?:RSpec|Minitest)|\b(?:PHPUNIT_COMPOSER_INSTALL|__PHPUNIT_PHAR__)\b|\bclass_exists\(\s*['"]\\*PHPUnit/;
/** Also used for honest reasons, such as not to listen while tests import the server. */
const MODE =
  /\b(?:NODE_ENV|RAILS_ENV|APP_ENV|DJANGO_ENV|FLASK_ENV|RACK_ENV|BUN_ENV)\b['"\])}\s.]{0,8}\s*(?:[!=]==?)\s*['"]test(?:ing)?['"]|\bcfg!\(\s*(?:not\(\s*|any\(\s*|all\(\s*)*test\b|#!?\[cfg(?:_attr)?\(\s*not\(\s*test\b|\bnpm_(?:lifecycle_(?:event|script)|command)\b/;

/** A string or pattern with a word in it that names tests or what runs them. */
const TESTISH =
  /["'`/\\:[][^"'`\n]{0,60}?(?:(?<![a-z])(?:un)?tests?(?![a-z])|py\.?test|unittest|nose2|vitest|jest|mocha|jasmine|karma|playwright|cypress|rspec|minitest|phpunit|nextest|(?<![a-z])(?:spec|tap)(?![a-z]))[^"'`\n]{0,60}?["'`/\]]/i;
/** How a program looks at how it was started, who calls it and what is loaded. */
const SELF =
  /\b(?:process\.(?:argv0?|execArgv|title|mainModule)|require\.main|sys\.(?:argv|orig_argv|modules|_getframe)|os\.Args|flag\.(?:Lookup|CommandLine)|env::(?:args|current_exe)\w*|inspect\.(?:stack|currentframe|getouterframes)|traceback\.(?:extract_stack|format_stack|walk_stack)|runtime\.(?:Callers?|Stack|FuncForPC)|debug\.(?:Stack|PrintStack)|captureStackTrace|prepareStackTrace|psutil|os\.getppid|caller_locations)\b|(?<!\.)\.stack\b|\$0(?!\w)|\$PROGRAM_NAME\b|\bARGV\b|\$LOADED_FEATURES|\/proc\/(?:self|\d+)\//;
/** Where gates run and what they are given there (`place.ts`, `run-gate.ts`): what a program would look for to know them again. */
const GATE =
  /\b(?:npm_config_offline|CARGO_NET_OFFLINE|PYTHONNOUSERSITE)\b|["'`]\/tmp\/(?:work|home)(?=["'`/])|(?:\bcwd\(\)|\bgetcwd\(\)|\bGetwd\(\)|\bcurrent_dir\(\)|\bDir\.pwd|\b__dirname|\b__filename|\b__file__|\b__FILE__|\bimport\.meta\.(?:url|dirname|filename)|\bhomedir\(\)|\benv\.HOME\b)[^;\n]{0,80}["'`](?:file:\/\/)?\/tmp\b/;
/** All variables at once, searched or counted: no product needs a variable that it cannot name. */
const WHOLE_ENVIRONMENT =
  /(?:Object\.(?:keys|values|entries)\(\s*process\.env\s*\)|\bfor\s*\((?:const|let|var)\s+\[?\w[^)]{0,40}\s(?:in|of)\s+(?:Object\.\w+\(\s*)?process\.env\b|JSON\.stringify\(\s*process\.env\s*[,)])[^;\n]{0,40}(?:some|every|find|filter|includes|length|match|test|indexOf|join)|\b(?:any|all|len|sum|next|filter)\([^;\n]{0,80}\bos\.environ(?:\.(?:keys|values|items)\(\))?\s*\)|\bin\s+(?:str|repr|list|set|sorted)\(\s*os\.environ|\bfor\s+\w+(?:\s*,\s*\w+)?\s+in\s+os\.environ\b|\brange\s+os\.Environ\(\)|\benv::vars(?:_os)?\(\)[^;\n]{0,20}\.(?:any|all|find|filter|count)\(|\bENV\.(?:any\?|keys|find|select|to_h)/;

/**
 * Product code that begins to ask whether a test runs it (truth C10): whatever tests then show is not what users get. Only lines that are
 * new, and nothing in comments.
 */
export function findTestDetection(files: readonly ChangedText[], tests: readonly string[] = []): Finding[] {
  const locked = new Set(tests.flatMap((path) => [path, path.slice(path.lastIndexOf('/') + 1)]));
  const mentions = (line: string): boolean =>
    [...line.matchAll(/["'`]([^"'`\n]{4,200})["'`]/g)].some(([, text = '']) =>
      locked.has(text.replace(/^(?:\.{0,2}\/)+/, '')),
    );
  return files.flatMap((file) => {
    const language = languageOf(file.path);
    // Scripts name their own folder and tests beside it all the time.
    if (
      !isCode(file.path) ||
      file.path.endsWith('.sh') ||
      lockClass(file.path) !== null ||
      /\bimport\.meta\.vitest\b/.test(file.before)
    )
      return [];
    const old = new Set(file.before.split('\n').map((line) => line.trim()));
    const lines = withoutComments(file.after, language).split('\n');
    const fresh = (asks: (line: string, at: number) => boolean): number =>
      lines.findIndex((line, at) => !old.has(line.trim()) && piecesOf(line).some((piece) => asks(piece, at)));
    const near = (at: number): string =>
      lines
        .slice(Math.max(at - 2, 0), at + 4)
        .join(' ')
        .slice(0, 4_000);
    const runner = fresh((line) => RUNNER.test(line));
    const mode = fresh(
      (line, at) =>
        MODE.test(line) ||
        (SELF.test(line) && (TESTISH.test(line) || (SELF.test(identity(line)) && TESTISH.test(near(at))))) ||
        WHOLE_ENVIRONMENT.test(line) ||
        GATE.test(line) ||
        mentions(line),
    );
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
            ? 'This code looks whether a test runs it: at its environment, at how it was started, or at files of tests.'
            : 'This code asks whether a test runner runs it, so its tests do not show what users get.',
      },
    ];
  });
}

/** Without the arguments that a program is given: only what it is and who started it need not stand beside the word. */
const identity = (line: string): string =>
  line.replaceAll(/\bargv\b(?!\s*\[\s*[01]\s*\])|os\.Args(?!\[0)|\bARGV\b/g, '');
