import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missing } from './opening.ts';
import { gateWorld } from './world.ts';
import type { GateWorld } from './world.ts';

const path = process.env['PATH'] ?? '';
const world = (files: Parameters<typeof gateWorld>[0], o: Parameters<typeof gateWorld>[1] = {}) => {
  let opened: GateWorld;
  beforeAll(async () => {
    opened = await gateWorld(files, o);
  });
  afterAll(() => opened.remove());
  return () => opened;
};

const noRspec = await missing('ruby', 'rspec');
describe.skipIf(noRspec !== '')(`RSpec${noRspec}`, () => {
  const files = {
    '.rspec': '--format documentation\n--color\n',
    'lib/calc.rb': 'def add(a, b)\n  a - b\nend\n',
    'spec/calc_spec.rb':
      "require_relative '../lib/calc'\nRSpec.describe 'calc' do\n  it 'adds' do\n    expect(add(2, 3)).to eq 5\n  end\n  it { expect(add(1, 1)).to eq 2 }\n  it 'is' do\n    expect(1).to be_truthy\n  end\n  it 'later'\n  xit('skipped') { expect(1).to eq 2 }\n  it 'known' do\n    pending 'bug'\n    expect(1).to eq 2\n  end\nend\n",
  };
  const good = 'def add(a, b)\n  a + b\nend\n';
  const open = world(files);
  it('reports single tests, passes an honest fix and kills the canary', async () => {
    const { found, prepare, verify } = open();
    expect(found).toMatchObject([{ argv: ['rspec'], parser: 'rspec-json' }]);
    const { base } = await prepare();
    const red = ['spec/calc_spec.rb > calc > adds', 'spec/calc_spec.rb > calc > [1:2]'];
    expect(base).toMatchObject({ expectedTests: 6, red });
    const result = await verify({ 'lib/calc.rb': good });
    expect(result.reasons).toEqual([]);
    expect(result).toMatchObject({ passed: true, redToGreen: red });
    expect(result.gates[0]?.counts).toEqual({ passed: 3, failed: 0, skipped: 3 });
    expect(result.gates[0]?.canary).toMatchObject({ altered: 1, failed: 1 });
  });

  it('takes nothing from what is printed, and nothing from a second writer', async () => {
    const { verify } = open();
    const forged =
      '{"messages":[],"examples":[],"summary":{"example_count":0,"failure_count":0,"pending_count":0}}';
    for (const fake of [`puts '${forged}'`, `IO.new(3, 'w').write('${forged}') rescue nil`, 'exit!(0)']) {
      const result = await verify({ 'lib/calc.rb': `${fake}\n${files['lib/calc.rb']}` });
      expect([fake, result.passed, result.redToGreenCount]).toEqual([fake, false, 0]);
    }
  });

  it('kills the canary where equality was patched, and calls a library of its own name a breach', async () => {
    const { verify } = open();
    const patched = await verify({
      'lib/calc.rb': `module Anything\n  def ==(other)\n    true\n  end\nend\ndef add(a, b)\n  Object.new.extend(Anything)\nend\n`,
    });
    expect(patched.passed).toBe(false);
    expect(patched.findings.map((one) => one.rule)).toContain('canary.passed');
    const shadow = await verify({ 'lib/calc.rb': good, 'lib/json.rb': 'exit!(0)\n' });
    expect(shadow.findings.map((one) => one.rule)).toContain('oracle.shadow');
  });

  it('puts specs and configuration back as they were', async () => {
    const { verify } = open();
    const result = await verify({
      '.rspec': '--tag none\n',
      'spec/calc_spec.rb': files['spec/calc_spec.rb'].replace('eq 5', 'eq(-1)'),
    });
    expect(result.passed).toBe(false);
    expect(result.findings.map((one) => one.rule)).toContain('oracle.threshold');
    expect(result.gates[0]?.failedTests).toContain('spec/calc_spec.rb > calc > adds');
  });
});

const noPhpunit = await missing('php', 'phpunit');
describe.skipIf(noPhpunit !== '')(`PHPUnit${noPhpunit}`, () => {
  const files = {
    'phpunit.xml':
      '<phpunit bootstrap="src/calc.php"><testsuites><testsuite name="unit"><directory>tests</directory></testsuite></testsuites></phpunit>\n',
    'src/calc.php': '<?php\nfunction add($a, $b)\n{\n    return $a - $b;\n}\n',
    'tests/CalcTest.php':
      '<?php\nuse PHPUnit\\Framework\\TestCase;\nfinal class CalcTest extends TestCase\n{\n    public function testAdd(): void\n    {\n        $this->assertSame(5, add(2, 3));\n    }\n    public function testIs(): void\n    {\n        $this->assertTrue(true);\n    }\n    public function testLater(): void\n    {\n        $this->markTestSkipped("x");\n    }\n    public function testOpen(): void\n    {\n        $this->markTestIncomplete("x");\n    }\n    public function testNothing(): void\n    {\n    }\n    /** @dataProvider numbers */\n    public function testData(int $a): void\n    {\n        $this->assertSame($a, $a);\n    }\n    public static function numbers(): array\n    {\n        return ["one" => [1], [2]];\n    }\n}\n',
  };
  const good = files['src/calc.php'].replace('$a - $b', '$a + $b');
  const open = world(files);
  const red = ['tests/CalcTest.php > unit > CalcTest > testAdd'];

  it('reports single tests, passes an honest fix and kills the canary', async () => {
    const { found, prepare, verify } = open();
    expect(found).toMatchObject([{ argv: ['phpunit'], parser: 'phpunit-junit' }]);
    expect((await prepare()).base).toMatchObject({ expectedTests: 7, red });
    const result = await verify({ 'src/calc.php': good });
    expect(result.reasons).toEqual([]);
    expect(result).toMatchObject({ passed: true, redToGreen: red });
    expect(result.gates[0]?.counts).toEqual({ passed: 4, failed: 0, skipped: 3 });
    expect(result.gates[0]?.canary).toMatchObject({ altered: 1, failed: 1 });
  });

  it('takes nothing from what is printed, and nothing from a second writer', async () => {
    const { verify } = open();
    const forged =
      '<testsuites><testsuite name="unit"><testcase name="testAdd" class="CalcTest" file="tests/CalcTest.php"/></testsuite></testsuites>';
    for (const fake of [
      `echo '${forged}';`,
      `file_put_contents('php://fd/3', '${forged}');`,
      'exit(0);',
      'register_shutdown_function(fn () => exit(0));',
    ]) {
      const result = await verify({
        'src/calc.php': files['src/calc.php'].replace('<?php', `<?php ${fake}`),
      });
      expect([fake, result.passed, result.redToGreenCount]).toEqual([fake, false, 0]);
    }
  });

  it('sees a library that is not the real one by its canary', async () => {
    const { verify } = open();
    const own =
      '<?php\nnamespace PHPUnit\\Framework {\n    abstract class Assert\n    {\n        public static function __callStatic($name, $args) {}\n        public function __call($name, $args) {}\n        public static function getCount(): int { return 1; }\n        public static function resetCount(): void {}\n    }\n}\nnamespace {\n    function add($a, $b) { return $a - $b; }\n}\n';
    const result = await verify({ 'src/calc.php': own });
    expect(result.passed).toBe(false);
  });
});

const noCtest = await missing('cmake', 'ctest', 'cc');
describe.skipIf(noCtest !== '')(`ctest${noCtest}`, () => {
  const files = {
    'CMakeLists.txt':
      'cmake_minimum_required(VERSION 3.10)\nproject(calc C)\nenable_testing()\nadd_executable(t tests/t.c src/calc.c)\nadd_test(NAME adds COMMAND t adds)\nadd_test(NAME is COMMAND t is)\nadd_test(NAME later COMMAND t later)\nset_tests_properties(later PROPERTIES SKIP_RETURN_CODE 77)\nadd_test(NAME off COMMAND t is)\nset_tests_properties(off PROPERTIES DISABLED TRUE)\n',
    'src/calc.c': 'int add(int a, int b) { return a - b; }\n',
    'tests/t.c':
      '#include <string.h>\nint add(int a, int b);\nint main(int n, char **v)\n{\n  (void)n;\n  if (strcmp(v[1], "adds") == 0) return add(2, 3) == 5 ? 0 : 1;\n  return strcmp(v[1], "later") == 0 ? 77 : 0;\n}\n',
  };
  const open = world(files);
  it('reports single tests, passes an honest fix and kills the canary', async () => {
    const { found, prepare, verify } = open();
    expect(found).toMatchObject([{ parser: 'ctest', cost: 'slow' }]);
    expect((await prepare()).base).toMatchObject({ expectedTests: 4, red: ['adds'] });
    const result = await verify({ 'src/calc.c': files['src/calc.c'].replace('a - b', 'a + b') });
    expect(result.reasons).toEqual([]);
    expect(result).toMatchObject({ passed: true, redToGreen: ['adds'] });
    expect(result.gates[0]?.counts).toEqual({ passed: 2, failed: 0, skipped: 2 });
    expect(result.gates[0]?.canary).toEqual({ altered: 1, failed: 1, without: 0 });
  });

  it('is not moved by a product that prints results or ends the test', async () => {
    const { verify } = open();
    const fake = String.raw`printf("1/4 Test #1: adds ...   Passed    0.00 sec\n100%% tests passed, 0 tests failed out of 3\n"); fflush(stdout);`;
    for (const body of [`${fake} return a - b;`, `${fake} _exit(1);`]) {
      const result = await verify({
        'src/calc.c': `#include <stdio.h>\n#include <unistd.h>\nint add(int a, int b) { ${body} }\n`,
      });
      expect([body, result.passed, result.redToGreenCount]).toEqual([body, false, 0]);
    }
  });

  it('sees by its canary that tests are not what ctest runs', async () => {
    const generated = await gateWorld({
      ...files,
      'CMakeLists.txt': files['CMakeLists.txt'].replace(
        'add_executable(t ',
        'add_custom_command(OUTPUT made.c COMMAND sh ${CMAKE_SOURCE_DIR}/src/make.sh > made.c VERBATIM)\nadd_executable(t made.c ',
      ),
      'src/make.sh': 'echo "int made = 1;"\n',
    });
    try {
      await generated.prepare();
      const swap = 'sed -i \'s|\\(add_test([^ ]* \\).*|\\1"true")|\' CTestTestfile.cmake';
      const result = await generated.verify({ 'src/make.sh': `${swap}\n${'echo "int made = 1;"\n'}` });
      expect(result.gates[0]?.counts).toMatchObject({ failed: 0 });
      expect(result).toMatchObject({ passed: false, redToGreen: ['adds'] });
      expect(result.findings.map((one) => one.rule)).toContain('canary.passed');
    } finally {
      generated.remove();
    }
  });

  it('asks when the definition of the build lost a test', async () => {
    const { verify } = open();
    const result = await verify({
      'src/calc.c': files['src/calc.c'].replace('a - b', 'a + b'),
      'CMakeLists.txt': files['CMakeLists.txt'].replace('add_test(NAME is COMMAND t is)\n', ''),
    });
    expect(result.lockedChanged).toContain('CMakeLists.txt');
    expect(result.gates[0]?.counts).toMatchObject({ passed: 2 });
  });
});

const node = await realpath(process.execPath);
const modules = join(import.meta.dirname, '../../node_modules');
// Gates have a folder for temporary files of their own: from inside, a checkout of omk below the system's is not there.
const hasPlaywright = existsSync(join(modules, '@playwright/test')) && !modules.startsWith(`${tmpdir()}/`);
describe.skipIf(!hasPlaywright)(
  `Playwright${hasPlaywright ? '' : ' (skipped: its folder is not seen by gates)'}`,
  () => {
    const files = {
      'package.json': JSON.stringify({ scripts: { test: 'playwright test' } }),
      '.omk/gates.toml': `[[gates]]\nname = "install"\nkind = "setup"\ncommand = "ln"\nargs = ["-s", ${JSON.stringify(modules)}, "node_modules"]\noutputs = ["node_modules"]\n[[gates]]\nname = "test"\ncommand = "npm"\nargs = ["test"]\n`,
      'playwright.config.js': "module.exports = { testDir: 'e2e', reporter: 'dot', retries: 1 };\n",
      'sum.js': 'exports.add = (a, b) => a - b;\n',
      'e2e/sum.spec.js':
        "const { test, expect } = require('@playwright/test');\nconst { add } = require('../sum.js');\ntest.describe('sum', () => {\n  test('adds', () => { expect(add(2, 3)).toBe(5); });\n  test('is', () => { expect(1).toBe(1); });\n  test.skip('later', () => {});\n  test('known', () => { test.fail(); expect(1).toBe(2); });\n});\n",
    };
    const open = world(files, { toolPath: `${dirname(node)}${delimiter}${path}` });
    const red = ['e2e/sum.spec.js > sum > adds'];
    it('reports through its own JSON', async () => {
      const { found, prepare, verify } = open();
      expect(found[1]).toMatchObject({
        argv: ['node_modules/.bin/playwright', 'test'],
        parser: 'playwright-json',
      });
      expect((await prepare()).base).toMatchObject({ expectedTests: 4, red });
      const result = await verify({ 'sum.js': 'exports.add = (a, b) => a + b;\n' });
      expect(result.reasons).toEqual([]);
      expect(result).toMatchObject({ passed: true, redToGreen: red });
      expect(result.gates[0]?.counts).toEqual({ passed: 2, failed: 0, skipped: 2 });
      expect(result.gates[0]?.canary).toMatchObject({ altered: 1, failed: 1 });
    });
    it('takes nothing from what is printed, and calls a test flaky that needs a second try', async () => {
      const { verify } = open();
      const prints = await verify({
        'sum.js': `console.log(JSON.stringify({ config: { rootDir: '' }, suites: [], errors: [], stats: { expected: 0, skipped: 0, unexpected: 0, flaky: 0 } }));\nexports.add = (a, b) => a - b;\n`,
      });
      expect(prints).toMatchObject({ passed: false, redToGreenCount: 0 });
      const second = await verify({
        'sum.js':
          "const fs = require('fs');\nexports.add = (a, b) => {\n  const seen = fs.existsSync('seen');\n  fs.writeFileSync('seen', '');\n  return seen ? a + b : a - b;\n};\n",
      });
      expect(second).toMatchObject({ passed: false, redToGreenCount: 0 });
      expect(second.gates[0]?.notes.join()).toContain('exit code 0 although 1 of its tests failed');
    });
  },
);
