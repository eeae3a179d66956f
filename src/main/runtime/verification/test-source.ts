/** What can be read off a test file without running it. Heuristic on purpose: it only ever adds suspicion or expectations. */
export type TestSource = {
  /** Titles or function names of tests, in order; duplicates kept. */
  readonly titles: readonly string[];
  /** Calls that end a test early or take it out: skip, only, todo, xfail, ignore. */
  readonly markers: number;
  readonly assertions: number;
};

export type TestLanguage = 'js' | 'py' | 'rs' | 'go' | 'rb' | 'php';
type Language = TestLanguage | 'other';

export function languageOf(path: string): Language {
  if (/\.[cm]?[jt]sx?$/.test(path)) return 'js';
  if (path.endsWith('.py')) return 'py';
  if (path.endsWith('.rs')) return 'rs';
  if (path.endsWith('.go')) return 'go';
  if (path.endsWith('.rb')) return 'rb';
  if (path.endsWith('.php')) return 'php';
  return 'other';
}

const JS_TITLE =
  /(?<![\w.$])(?:test|it|specify)(?:\.(?:concurrent|sequential|only|skip|todo|failing|fails))*\s*\(\s*(['"`])((?:\\.|(?!\1)[^\\\n])*)\1/g;
const titles: Readonly<Record<Language, RegExp>> = {
  js: JS_TITLE,
  py: /^[ \t]*(?:async[ \t]+)?def[ \t]+(test\w*)[ \t]*\(/gm,
  rs: /#\[(?:\w+::)*test\b[^\]]*\]\s*(?:#\[[^\]]*\]\s*)*(?:pub\s+)?(?:async\s+)?fn\s+(\w+)/g,
  go: /^func\s+((?:Test|Benchmark|Example|Fuzz)\w*)\s*\(/gm,
  rb: /(?<![\w.$])(?:it|specify|example|scenario)[ \t]*\(?[ \t]*(['"])((?:\\.|(?!\1)[^\\\n])*)\1|^[ \t]*def[ \t]+(test_\w+)/gm,
  php: /(?:#\[(?:[\w\\]*\\)?Test\b[^\]]*\]\s*(?:#\[[^\]]*\]\s*)*(?:(?:public|final|static)\s+)*function|@test\b[^;{]*?\bfunction|\bfunction(?=\s+test))\s+(\w+)\s*\(/g,
  other: /(?!)/g,
};
const markers: Readonly<Record<Language, RegExp>> = {
  js: /\b(?:test|it|describe|suite|context)\.(?:skip|only|todo|failing|fails|skipIf|runIf)\b|(?<![\w.$])(?:xit|xtest|xdescribe|fit|fdescribe|xcontext)\s*\(|\b(?:skip|todo|only)\s*:(?!\s*false\b)|\bt\.(?:skip|todo)\s*\(|\bthis\.skip\s*\(|\bcontext\.(?:skip|todo)\s*\(/g,
  py: /@(?:pytest\.mark|unittest|mark)\.(?:skip\w*|xfail|expectedFailure)\b|\bpytest\.(?:skip|xfail|importorskip|exit)\s*\(|\bself\.skipTest\s*\(|\bcollect_ignore\w*|\b__test__\s*=\s*False|\braise\s+(?:unittest\.)?SkipTest/g,
  rs: /#\[(?:cfg_attr\([^)]*,\s*)?ignore\b|#\[should_panic/g,
  go: /\bt\.Skip(?:f|Now)?\s*\(|\bb\.Skip(?:f|Now)?\s*\(|\bos\.Exit\s*\(|^\/\/(?:go:build|\s*\+build)/gm,
  rb: /(?:^|[{;]|\bdo)[ \t]*(?:xit|xspecify|xexample|xscenario|xdescribe|xcontext|fit|fspecify|fexample|fdescribe|fcontext|focus|pending|skip)\b(?![ \t]*[=.:])|,\s*:(?:skip|pending|focus)\b|\b(?:skip|pending|focus):(?!:)(?!\s*(?:false|nil)\b)/gm,
  php: /\bmarkTest(?:Skipped|Incomplete)\s*\(|\bexpectNotToPerformAssertions\s*\(|#\[(?:[\w\\]*\\)?(?:Requires\w*|DoesNotPerformAssertions)\b|\bthrow\s+new\s+\\?(?:[\w\\]*\\)?(?:SkippedTest\w*|IncompleteTest\w*)/g,
  other: /(?!)/g,
};
const assertions: Readonly<Record<Language, RegExp>> = {
  js: /\bassert(?:\.\w+)*\s*\(|\bexpect(?:\.\w+)*\s*\(|\.should\b|\bt\.(?:assert|is|equal|same|ok|deepEqual|throws|match)\b/g,
  py: /^[ \t]*assert\b|\bself\.assert\w+\s*\(|\bpytest\.raises\s*\(|\bself\.fail\s*\(/gm,
  rs: /\b(?:debug_)?assert(?:_eq|_ne|_matches)?!\s*\(|\bpanic!\s*\(|\.unwrap_err\(\)/g,
  go: /\bt\.(?:Error|Errorf|Fatal|Fatalf|Fail|FailNow)\s*\(|\b(?:assert|require)\.\w+\s*\(/g,
  rb: /\bexpect\s*[({]|\bis_expected\b|\.should(?:_not)?\b|\bassert\w*|\brefute\w*/g,
  php: /\bassert[A-Z]\w*\s*\(|\bexpect(?:Exception\w*|Output\w*)\s*\(|(?:->|::)fail\s*\(/g,
  other: /(?!)/g,
};

export function readTestSource(path: string, text: string): TestSource {
  const language = languageOf(path);
  const code = withoutComments(text, language);
  const found = [...code.matchAll(titles[language])].map((match) => unescaped(titleOf(match)));
  return {
    titles: found,
    markers: [...code.matchAll(markers[language])].length,
    assertions: [...code.matchAll(assertions[language])].length,
  };
}

/** Titles without substitutions, which a run must therefore report under exactly this name. */
export function literalTitles(path: string, text: string): string[] {
  const code = withoutComments(text, languageOf(path));
  return [...code.matchAll(titles[languageOf(path)])].flatMap((match) => {
    const title = titleOf(match);
    const filled = (match[1] === '`' && title.includes('${')) || (match[1] === '"' && title.includes('#{'));
    if (title === '' || (match[2] !== undefined && filled)) return [];
    // Printf-like titles belong to tables of cases.
    return /%[sdifjoOp#]|\$\w/.test(title) ? [] : [unescaped(title)];
  });
}

/** Blanks comments, so that a test that was commented out is gone and a remark about `.skip` is none. Keeps offsets. */
export function withoutComments(text: string, language: Language): string {
  if (language === 'other') return text;
  const blank = (part: string): string => part.replace(/[^\n]/g, ' ');
  const pattern = comments[language];
  return text.replace(pattern, (all: string, _literal: string | undefined, comment: string | undefined) =>
    comment === undefined || SPEAKING.test(comment) ? all : blank(comment),
  );
}

/** Comments that mean something: build tags of Go switch tests off, and PHPUnit is told in one that a method is a test. */
const SPEAKING = /^\/\/(?:go:build|\s*\+build)|^\/\*\*[\s\S]*@test\b/;
/** A text in quotes first, then comments. */
const C_LIKE = /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|(\/\/[^\n]*|\/\*[\s\S]*?\*\/)/g;
const comments: Readonly<Record<TestLanguage, RegExp>> = {
  js: C_LIKE,
  rs: C_LIKE,
  go: C_LIKE,
  py: /("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|(#[^\n]*)/g,
  rb: /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|((?<![\w&?$@])#(?!\{)[^\n]*|^=begin\b[\s\S]*?^=end\b)/gm,
  // An attribute begins like a comment.
  php: /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|(\/\/[^\n]*|#(?!\[)[^\n]*|\/\*[\s\S]*?\*\/)/g,
};

/** Group 2 is a title in quotes, any other group a name. */
const titleOf = (match: RegExpMatchArray): string => match[2] ?? match[3] ?? match[1] ?? '';

const unescaped = (text: string): string => text.replace(/\\(['"`\\])/g, '$1');
