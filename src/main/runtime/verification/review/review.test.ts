import { describe, expect, it } from 'vitest';
import { reviewChange } from './review.ts';
import { scan } from './scan.ts';

type Files = Readonly<Record<string, string | readonly [before: string, after: string]>>;

/** `rule:line` of everything that is found in a change. */
const found = (files: Files, neighbours: Parameters<typeof reviewChange>[1] = []): string[] =>
  reviewChange(
    Object.entries(files).map(([path, text]) =>
      typeof text === 'string'
        ? { path, before: '', after: text }
        : { path, before: text[0], after: text[1] },
    ),
    neighbours,
  ).findings.map((one) => `${one.rule}:${one.line}`);

const lines = (count: number, line: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => line(n)).join('\n');

describe('the scanner', () => {
  it.each([
    ['js', "a('x // y') // z\nb(`t ${c('}')} u`)", "a('      ')     \nb(`   {c(' ')}  `)"],
    ['js', 'x = /["`{]/.test(y) / 2 / z', 'x = /     /.test(y) / 2 / z'],
    ['py', 'a = """x\n# no"""  # yes\nb = \'it\\\'s\'', 'a = "   \n      "       \nb = \'     \''],
    ['rs', "fn f<'a>(c: char) { c == '\"' } // '", "fn f<'a>(c: char) { c == ' ' }     "],
    ['rs', 'let s = r#"a " b"#; /* x */', 'let s = r        #;        '],
    ['go', 'a := `x "` + "y" // z', 'a := `   ` + " "     '],
  ] as const)('tells %s code from strings and comments', (language, source, code) => {
    const seen = scan(source, language);
    expect(seen.code).toBe(code);
    expect(seen.text).toHaveLength(source.length);
  });
});

describe('structure', () => {
  const long = (count: number): string => `function big(a) {\n${lines(count, (n) => `  step${n}(a);`)}\n}\n`;
  it('is too long when a function became so by this change', () => {
    expect(found({ 'a.js': long(90) })).toEqual(['structure.function_length:1']);
    expect(found({ 'a.js': [long(70), long(90)] })).toEqual(['structure.function_length:1']);
    expect(found({ 'a.js': [long(88), long(90)] })).toEqual([]);
    expect(found({ 'a.js': [long(90), ''], 'b.js': long(90) })).toEqual([]);
    expect(found({ 'a.test.js': long(90) })).toEqual([]);
  });
  it('counts lines of functions inside a function to those only', () => {
    const inner = lines(30, (n) => `  const f${n} = (a) => {\n    go(a);\n    return a;\n  };`);
    expect(found({ 'a.ts': `export function make(): { x: 1 } | Api<A, B> {\n${inner}\n}\n` })).toEqual([]);
  });
  it.each([
    [
      'a.js',
      'const f = async (x) => {\n if (a) { for (;;) { while (b) { if (c) { try { if (d) { e(); } } catch { g(); } } } } }\n};\n',
    ],
    ['a.py', 'def f():\n if a:\n  for b in c:\n   while d:\n    if e:\n     with g:\n      h()\n'],
    [
      'a.go',
      'func (t *T) f() error {\n if a { for b := range c { switch d { case 1: if e { if g { h() } } } } }\n}\n',
    ],
    [
      'a.rs',
      'fn f<T>(x: T) -> Option<T> {\n if a { for b in c { match d { 1 => { if e { loop { h() } } } } } }\n}\n',
    ],
  ])('is nested too deep in %s', (path, text) =>
    expect(found({ [path]: text })).toEqual(['structure.nesting:1']),
  );
  it('has too many conditions', () => {
    const text = `function f(a) {\n${lines(22, (n) => `  if (a === ${n}) return x${n};\n`)}}\n`;
    expect(found({ 'a.ts': text.replaceAll(') return', ') { return').replaceAll(';', '; }') })).toEqual([
      'structure.complexity:1',
    ]);
  });
  it('is a long file when the change made it long', () => {
    const file = (count: number): string => lines(count, (n) => `export const x${n} = ${n};`);
    expect(found({ 'a.ts': [file(450), file(600)] })).toEqual(['structure.file_length:null']);
    expect(found({ 'a.ts': [file(900), file(910)] })).toEqual([]);
  });
});

describe('duplicates', () => {
  const block = lines(9, (n) => `  const value${n} = computeSomething(input, ${n}, 'name-${n}');`);
  const wrap = (name: string, body = block): string => `export function ${name}(input) {\n${body}\n}\n`;
  it('are lines that stand elsewhere already', () => {
    expect(found({ 'a.js': ['', `${wrap('a')}\n${wrap('b')}`] })).toEqual(['slop.duplicate:14']);
    expect(found({ 'a.js': [wrap('a'), wrap('a')], 'b.js': wrap('b') })).toEqual(['slop.duplicate:2']);
    expect(found({ 'b.js': wrap('b') }, [{ path: 'c.js', language: 'js', text: wrap('c') }])).toEqual([
      'slop.duplicate:2',
    ]);
  });
  it('are not what was moved, what was there before, or imports', () => {
    expect(found({ 'a.js': [wrap('a'), ''], 'b.js': wrap('a') })).toEqual([]);
    const both = `${wrap('a')}\n${wrap('b')}`;
    expect(found({ 'a.js': [both, `${both}\nexport const c = 1;\n`] })).toEqual([]);
    const imports = lines(12, (n) => `import { something${n} } from './a/long/path/to/module-${n}.js';`);
    expect(found({ 'a.js': imports, 'b.js': imports })).toEqual([]);
  });
});

describe('left-overs', () => {
  it.each([
    ['a.js', 'f();\nconsole.log(x);', 'slop.debug:2'],
    ['a.ts', 'debugger;', 'slop.debug:1'],
    ['a.py', 'x = 1\nbreakpoint()', 'slop.debug:2'],
    ['a.py', 'import pdb; pdb.set_trace()', 'slop.debug:1'],
    ['a.py', 'def f(x):\n    print(x)', 'slop.debug:2'],
    ['a.rs', 'fn f() { dbg!(x); }', 'slop.debug:1'],
    ['a.go', 'package a\nfunc f() { fmt.Println(x) }', 'slop.debug:2'],
    ['a.js', '// const a = b(c);\n// if (a) {\n//   d(a);\n// }\ne();', 'slop.commented_code:1'],
    ['a.py', '# for x in y:\n#     f(x)\nz = 1', 'slop.commented_code:1'],
    ['a.go', '// x := f(y)\n// return x\nvar z int', 'slop.commented_code:1'],
    ['a.rs', '// let x = f(y);\n// g(x);\nfn z() {}', 'slop.commented_code:1'],
    ['a.js', '// TODO: think', 'slop.todo:1'],
  ])('in %s: %j', (path, text, rule) => expect(found({ [path]: text })).toEqual([rule]));
  it.each<[string, string | readonly [string, string]]>([
    ['a.js', ['console.log(1);', 'console.log(1);\nconsole.log(2);']],
    ['src/cli/a.js', 'console.log(1);'],
    ['a.test.js', 'console.log(1);'],
    ['a.js', '#!/usr/bin/env node\nconsole.log(1);'],
    ['a.js', 'console.error(e); logger.debug(x); // debugger;'],
    ['a.py', 'def f():\n    """print(x)"""\n    pprint(x); self.print(x)'],
    ['a.py', 'print(1)\nif __name__ == "__main__":\n    pass'],
    ['a.go', 'package main\nfunc main() { fmt.Println(x) }'],
    ['a.js', '// Closes the pool and waits for it.\n// See pool.close() for why; it is not the same.\nf();'],
    ['a.js', '/**\n * const a = b();\n * c(a);\n */\nf();'],
    ['a.py', '# The result is a list of pairs, in order.\n# Use it with care:\nx = 1'],
    ['a.rs', '/// let x = f();\n/// g(x);\nfn z() {}'],
  ])('are none in %s: %j', (path, text) => expect(found({ [path]: text })).toEqual([]));
});

describe('swallowed errors', () => {
  it.each([
    ['a.js', 'try { f(); } catch {}', 1],
    ['a.ts', 'try {\n f();\n} catch (e) {\n\n}', 3],
    ['a.js', 'f().catch(() => {});', 1],
    ['a.py', 'try:\n    f()\nexcept:\n    pass', 3],
    ['a.py', 'try:\n    f()\nexcept Exception as e:\n    pass', 3],
    ['a.go', 'package a\nfunc f() { err := g(); _ = err }', 2],
    ['a.go', 'package a\nfunc f() { if err := g(); err != nil {\n} }', 2],
    ['a.rs', 'fn f() { match g() { Ok(x) => h(x), Err(_) => {} } }', 1],
  ])('in %s: %j', (path, text, line) =>
    expect(found({ [path]: text })).toEqual([`code.swallowed_error:${line}`]),
  );
  it.each<[string, string | readonly [string, string]]>([
    ['a.js', 'try { f(); } catch {\n  // gone already\n}'],
    ['a.js', 'f().catch(() => {}); // it tells nobody'],
    ['a.js', 'const x = await f().catch(() => null);'],
    ['a.js', 'try { f(); } catch (e) { log(e); }'],
    ['a.js', ['try { f(); } catch {}', 'try { f(); } catch {}\ng();']],
    ['a.py', 'try:\n    f()\nexcept FileNotFoundError:\n    pass'],
    ['a.go', 'package a\nfunc f() { x, _ := g(); _ = x; _ = w.Close() }'],
  ])('are none in %s: %j', (path, text) => expect(found({ [path]: text })).toEqual([]));
});

describe('sinks', () => {
  it.each([
    ['a.js', 'eval(x)', 'sink.eval'],
    ['a.js', 'const f = new Function(a, b);', 'sink.eval'],
    ['a.py', 'exec(code, ns)', 'sink.eval'],
    ['a.js', 'exec(`rm ${path}`);', 'sink.command'],
    ['a.ts', "execSync('git log ' + range, { cwd });", 'sink.command'],
    ['a.js', 'spawn(cmd, args, { shell: true });', 'sink.command'],
    ['a.py', 'subprocess.run(cmd, shell=True)', 'sink.command'],
    ['a.py', 'os.system(f"rm {x}")', 'sink.command'],
    ['a.go', 'package a\nvar c = exec.Command("sh", "-c", "ls " + d)', 'sink.command'],
    ['a.js', 'el.innerHTML = text;', 'sink.html'],
    ['a.tsx', '<p dangerouslySetInnerHTML={{ __html: text }} />', 'sink.html'],
    ['a.py', 'pickle.loads(data)', 'sink.deserialise'],
    ['a.py', 'yaml.load(f)', 'sink.deserialise'],
    ['a.js', 'db.query(`SELECT * FROM users WHERE id = ${id}`);', 'sink.sql'],
    ['a.js', "db.query('SELECT * FROM users WHERE id = ' + id);", 'sink.sql'],
    ['a.py', 'cur.execute(f"DELETE FROM t WHERE id = {id}")', 'sink.sql'],
    ['a.py', 'cur.execute("SELECT a FROM t WHERE id = %s" % id)', 'sink.sql'],
    ['a.go', 'package a\nvar r = db.Query(fmt.Sprintf("SELECT a FROM t WHERE id = %d", id))', 'sink.sql'],
    ['a.js', 'https.request({ rejectUnauthorized: false });', 'sink.tls'],
    ['a.py', 'requests.get(url, verify=False)', 'sink.tls'],
    ['a.go', 'package a\nvar c = tls.Config{InsecureSkipVerify: true}', 'sink.tls'],
    ['a.rs', 'fn f() { b.danger_accept_invalid_certs(true); }', 'sink.tls'],
  ])('in %s: %s', (path, text, rule) =>
    expect(found({ [path]: text }).map((one) => one.split(':')[0])).toEqual([rule]),
  );
  it.each([
    ['a.js', 'const m = /a/.exec(text); re.exec(`x${y}`); // eval(x)'],
    ['a.js', "execFile('git', ['log', range]); spawn(cmd, args);"],
    ['a.js', "el.innerHTML = ''; el.textContent = text;"],
    ['a.js', 'model.evaluate(x); evaluator(x); const s = "eval(x)";'],
    ['a.js', "db.query('SELECT a FROM t WHERE id = ?', [id + 1]);"],
    ['a.js', "db.query('SELECT a FROM t WHERE id = $1', [`${id}`]);"],
    ['a.py', 'cur.execute("SELECT a FROM t WHERE id = %s", (id,))'],
    ['a.py', 'yaml.load(f, Loader=yaml.SafeLoader); yaml.safe_load(f)'],
    ['a.py', 'subprocess.run(["ls", d]); ast.literal_eval(x)'],
    ['a.go', 'package a\nvar c = exec.Command("git", "log", r)'],
    ['a.js', 'https.request({ rejectUnauthorized: true });'],
  ])('are none in %s: %s', (path, text) => expect(found({ [path]: text })).toEqual([]));
});

describe('dependencies', () => {
  const pkg = (deps: object, rest = {}): string => JSON.stringify({ dependencies: deps, ...rest }, null, 2);
  const lock = (entries: object): string => JSON.stringify({ packages: entries });
  const left = { 'node_modules/l': { resolved: 'https://registry.npmjs.org/l/-/l-1.tgz', license: 'MIT' } };
  it.each<[string, readonly [string, string], string[]]>([
    ['package.json', [pkg({ a: '1' }), pkg({ a: '1', b: '2' })], ['dependency.added:4']],
    ['package.json', [pkg({ a: '1' }), pkg({})], ['dependency.removed:null']],
    ['package.json', [pkg({ a: '1' }), pkg({ a: 'file:./x' })], ['supply.source:3']],
    ['package.json', [pkg({ a: '1' }), pkg({ a: '2' })], []],
    ['package.json', [pkg({}, { license: 'MIT' }), pkg({}, { license: 'GPL-3.0' })], ['supply.licence:3']],
    ['LICENSE', ['MIT', 'Mine'], ['supply.licence:null']],
    [
      'package-lock.json',
      [lock({}), lock({ ...left, 'node_modules/l': { ...left['node_modules/l'], hasInstallScript: true } })],
      ['supply.install_script:1'],
    ],
    [
      'package-lock.json',
      [lock({}), lock({ 'node_modules/x': { resolved: 'git+ssh://g/x#1' } })],
      ['supply.source:1'],
    ],
    [
      'package-lock.json',
      [lock({}), lock({ 'node_modules/x': { license: 'AGPL-3.0' } })],
      ['supply.licence:1'],
    ],
    ['package-lock.json', [lock({}), lock(left)], []],
    ['requirements.txt', ['a==1\n', 'a==1\nb>=2 # why\n'], ['dependency.added:2']],
    [
      'pyproject.toml',
      ['[project]\ndependencies = ["a"]\n', '[project]\ndependencies = [\n  "a[x]>1",\n  "c",\n]\n'],
      ['dependency.added:4'],
    ],
    [
      'Cargo.toml',
      ['[dependencies]\na = "1"\n', '[dependencies]\na = "1"\nb = { git = "https://x/y" }\n'],
      ['dependency.added:3', 'supply.source:3'],
    ],
    [
      'go.mod',
      [
        'module m\n',
        'module m\nrequire (\n\tgithub.com/a/b v1.0.0\n\tgithub.com/c/d v1.0.0 // indirect\n)\n',
      ],
      ['dependency.added:3'],
    ],
  ])('in %s', (path, text, rules) => expect(found({ [path]: text })).toEqual(rules));
  it('name what they let in', () => {
    const { findings } = reviewChange(
      [{ path: 'package.json', before: pkg({ a: '1' }), after: pkg({ a: '1', 'left-pad': '^1.3.0' }) }],
      [],
    );
    expect(findings[0]?.message).toBe('1 new dependency: left-pad ^1.3.0.');
  });
});

describe('hostile text', () => {
  const many = 60_000;
  it.each([
    ['braces', '{'.repeat(many * 4)],
    ['half functions', 'func ('.repeat(many)],
    ['half functions with bodies', 'func ( {\n'.repeat(many)],
    ['calls', 'eval(x)\n'.repeat(many)],
    ['quotes', '"\n'.repeat(many)],
    ['templates', '`${'.repeat(many)],
    ['slashes', '/ a\n'.repeat(many)],
    ['blank lines', '\n'.repeat(many * 4)],
    ['handlers', `catch /*${'\n'.repeat(many)}*/`.repeat(4)],
    [
      'one block again and again',
      `${lines(12, (n) => `const value${n} = compute(input, ${n}, ${n * 77});`)}\n`.repeat(3_000),
    ],
  ])('is read in reasonable time: %s', (_, text) => {
    const files = ['a.js', 'a.py', 'a.go', 'a.rs', 'go.mod', 'pyproject.toml', 'Cargo.toml'];
    const began = performance.now();
    for (const path of files) reviewChange([{ path, before: '', after: text }], []);
    expect(performance.now() - began).toBeLessThan(20_000);
  });
});

describe('a review', () => {
  it('leaves alone what a tool wrote and what nobody wrote here', () => {
    const text = 'console.log(1); eval(x); try { f() } catch {}';
    for (const path of ['dist/a.js', 'vendor/a.js', 'a.min.js', 'api.d.ts', 'x.pb.go'])
      expect([path, found({ [path]: text })]).toEqual([path, []]);
    expect(found({ 'a.js': `// Code generated by x. DO NOT EDIT.\n${text}` })).toEqual([]);
  });
  it('says how much it did not list', () => {
    const { findings } = reviewChange(
      [{ path: 'a.js', before: '', after: lines(30, (n) => `console.log(${n});`) }],
      [],
    );
    expect(findings).toHaveLength(13);
    expect(findings.at(-1)?.message).toBe('18 more of this kind in this change.');
  });
  it('stops nothing', () => {
    const { findings } = reviewChange(
      [{ path: 'a.js', before: '', after: 'eval(x); debugger; try { f() } catch {}' }],
      [],
    );
    expect(findings.map((one) => one.effect)).toEqual(['none', 'none', 'none']);
  });
});
