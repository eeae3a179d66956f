import { expect, it } from 'vitest';
import { findTestDetection } from './analyse-detection.ts';

const effect = (path: string, after: string, before = ''): string | null =>
  findTestDetection([{ path, before, after }])[0]?.effect ?? null;

it.each([
  ['src/a.js', 'if (process.env.NODE_TEST_CONTEXT) x();'],
  ['src/a.ts', "const t = process.env['JEST_WORKER_ID'] !== undefined;"],
  ['src/a.js', "const t = process.argv.includes('--test');"],
  ['src/a.js', "if (typeof describe === 'function') x();"],
  ['a.py', "careful = 'unittest' in sys.modules"],
  ['a.py', "x = os.environ.get('PYTEST_CURRENT_TEST')"],
  ['a.go', 'if testing.Testing() { return 1 }'],
])('stops product code that asks whether a test runs it: %s %s', (path, text) =>
  expect(effect(path, text)).toBe('breach'),
);

it('asks about a mode of the environment, which may be there for honest reasons', () => {
  expect(effect('src/a.js', "if (process.env.NODE_ENV !== 'test') listen();")).toBe('question');
  expect(effect('src/a.js', "if (process.env['NODE_ENV'] === 'test') x();")).toBe('question');
});

it.each([
  ['src/a.js', "const w = process.argv[1]?.includes('.test.');"],
  ['src/a.js', 'const w = /\\.test\\./.test(process.argv[1]);'],
  ['src/a.js', "if (new Error().stack.includes('node:internal/test_runner')) x();"],
  ['src/a.js', "if (process.env.npm_lifecycle_event === 'test') x();"],
  ['src/a.js', "const w = Object.keys(process.env).some((name) => name.endsWith('ST_CONTEXT'));"],
  ['src/a.js', "const w = readFileSync('test/sum.test.js', 'utf8').startsWith('import');"],
  ['src/a.js', "const w = new URL('../test/sum.test.js', import.meta.url);"],
  ['src/a.js', "const own = process.argv[1];\nconst w = own.endsWith('.test.js');"],
  ['src/lib.rs', 'let w = cfg!(test);'],
  ['src/lib.rs', '#[cfg(not(test))]'],
  ['a.py', "w = sys.argv[0].endswith('pytest')"],
  ['a.py', "w = any('test_' in frame.filename for frame in inspect.stack())"],
  ['a.py', "w = any(name.startswith('unitt') for name in os.environ)"],
  ['a.py', "w = any('unittest' in name for name in sys.modules)"],
  ['a.go', 'w := strings.HasPrefix(os.Args[1], "-test.")'],
  ['a.go', 'w := strings.HasSuffix(os.Args[0], "_test")'],
  ['a.rb', "w = $0.end_with?('rspec')"],
  ['src/a.js', "const w = existsSync('/tmp/work/package.json');"],
  ['src/a.js', "const w = process.cwd().startsWith('/tmp/');"],
  ['src/a.js', "const w = import.meta.url.includes('/tmp');"],
  ['a.py', "w = os.getcwd() == '/tmp/work'"],
  ['a.py', "w = __file__.startswith('/tmp')"],
  ['src/lib.rs', 'let w = std::env::var("CARGO_NET_OFFLINE").is_ok();'],
])('asks about product code that looks how it was started: %s %s', (path, text) =>
  expect(findTestDetection([{ path, before: '', after: text }], ['test/sum.test.js'])[0]?.effect).toBe(
    'question',
  ),
);

it.each([
  ['src/cli.js', 'const [command, ...rest] = process.argv.slice(2);'],
  ['src/cli.js', "if (process.argv.includes('--help')) help();"],
  ['src/cli.js', "if (process.argv[2] === 'latest') x();"],
  ['src/cli.js', 'if (process.argv[1] === fileURLToPath(import.meta.url)) main();'],
  ['src/cli.js', "switch (process.argv[2]) {\n  case 'test': run();\n}"],
  ['run.sh', 'cd "$(dirname "$0")/../test"'],
  ['src/a.js', 'log(new Error(message).stack);'],
  ['src/a.js', 'spawn(command, { env: { ...process.env, A: 1 } });'],
  ['src/a.js', "const template = new URL('./template.html', import.meta.url);"],
  ['src/a.js', "const r = /attested/.test(value) ? 'contest' : 'greatest';"],
  ['src/a.js', "import { helper } from './helper.js';"],
  ['src/a.js', "const scratch = process.env.TMPDIR ?? '/tmp';"],
  ['src/a.js', "const scratch = '/tmp/workers/' + process.pid;"],
  ['src/a.js', "const file = join(process.cwd(), 'tmp', 'work');"],
  ['a.py', "path = os.path.join(os.getcwd(), 'tmp')"],
  ['a.py', "if __name__ == '__main__':"],
  ['a.py', 'parser.parse_args(sys.argv[1:])'],
  ['a.py', "env = dict(os.environ, LANG='C')"],
  ['a.go', 'if len(os.Args) > 1 { run(os.Args[1]) }'],
  ['src/main.rs', 'let name = std::env::args().nth(1);'],
  ['src/lib.rs', '#[cfg(test)]'],
])('says nothing about ordinary programs: %s %s', (path, text) =>
  expect(findTestDetection([{ path, before: '', after: text }], ['test/sum.test.js'])).toEqual([]),
);

it.each([
  ['a test', 'test/a.test.js', 'process.env.NODE_TEST_CONTEXT'],
  ['a comment', 'src/a.js', '// NODE_TEST_CONTEXT is set by Node'],
  ['a document', 'docs/a.md', 'NODE_TEST_CONTEXT'],
  ['another mode', 'src/a.js', "process.env.NODE_ENV === 'production'"],
  ['a word like it', 'src/a.js', 'const latest = VITESTABLE;'],
])('says nothing about %s', (_, path, text) => expect(effect(path, text)).toBeNull());

it('says nothing about what was there before', () => {
  const line = "if (process.env.NODE_ENV === 'test') x();";
  expect(effect('src/a.js', `${line}\nmore();`, line)).toBeNull();
});
