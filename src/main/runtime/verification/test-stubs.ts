import { languageOf } from './test-source.ts';

/**
 * A file of tests in the form of this one that knows nothing of the product, and whose one test passes or fails: two runs with
 * them tell whether a gate heeds its tests at all. Both have the same form, so what only reads files cannot tell one from the
 * other. `null`: no such form is known.
 */
export function testStub(path: string, text: string, ends: 'passing' | 'failing'): string | null {
  const fails = ends === 'failing';
  switch (languageOf(path)) {
    case 'js':
      return jsStub(path, text, fails);
    case 'py':
      return pyStub(text, fails);
    case 'go':
      return goStub(path, text, fails);
    case 'rs':
      return text.includes('#[test]') ? `#[test]\nfn canary() {\n    assert!(${String(!fails)});\n}\n` : null;
    case 'rb':
      return rubyStub(text, fails);
    case 'php':
      return phpStub(text, fails);
    case 'other':
      return otherStub(path, text, fails);
  }
}

const status = (fails: boolean): string => (fails ? '97' : '0');

function jsStub(path: string, text: string, fails: boolean): string {
  const body = fails ? "{\n  throw new Error('canary');\n}" : '{\n  return undefined;\n}';
  const found =
    /(?:\bfrom\s*|\brequire\s*\(\s*)(['"])(node:test|vitest|@jest\/globals|bun:test|@playwright\/test|ava|tape)\1/.exec(
      text,
    )?.[2];
  const isModule = /\.m[jt]s$/.test(path) || /^\s*(?:import|export)\b/m.test(text);
  if (found === 'ava' || found === 'tape') {
    const load = isModule ? `import test from '${found}';` : `const test = require('${found}');`;
    return `${load}\ntest('canary', (t) => {\n  t.${fails ? 'fail' : 'pass'}('canary');\n  if (t.end) t.end();\n});\n`;
  }
  if (found !== undefined) {
    const load = isModule ? `import { test } from '${found}';` : `const { test } = require('${found}');`;
    return `${load}\ntest('canary', () => ${body});\n`;
  }
  const given = /(?<![\w.$])(test|it)\s*\(\s*['"`]/.exec(text)?.[1];
  if (given !== undefined) return `${given}('canary', () => ${body});\n`;
  return `if (${String(fails)}) throw new Error('canary');\n`;
}

function pyStub(text: string, fails: boolean): string {
  if (!/^[ \t]*(?:async[ \t]+)?def[ \t]+test|\bTestCase\b/m.test(text))
    return `import sys\n\nsys.exit(${status(fails)})\n`;
  return `import unittest\n\n\nclass TestCanary(unittest.TestCase):\n    def test_canary(self):\n        self.assertTrue(${fails ? 'False' : 'True'})\n\n\nif __name__ == "__main__":\n    unittest.main()\n`;
}

function goStub(path: string, text: string, fails: boolean): string | null {
  const package_ = /^package[ \t]+\w+/m.exec(text)?.[0];
  if (package_ === undefined || !path.endsWith('_test.go')) return null;
  const name = path.replace(/^.*\//, '').replace(/\W/g, '_');
  return `${package_}\n\nimport "testing"\n\nfunc TestCanary_${name}(t *testing.T) {\n\tt.${fails ? 'Error' : 'Log'}("canary")\n}\n`;
}

function rubyStub(text: string, fails: boolean): string {
  const body = `raise 'canary' if ${String(fails)}`;
  const unit = /\b(?:Minitest::Test|Test::Unit::TestCase)\b/.exec(text)?.[0];
  if (unit !== undefined) {
    const load = unit.startsWith('Mini') ? 'minitest/autorun' : 'test/unit';
    return `require '${load}'\nclass CanaryTest < ${unit}\n  def test_canary\n    ${body}\n  end\nend\n`;
  }
  if (/(?<![\w.$])(?:it|specify)\b/.test(text))
    return `RSpec.describe 'canary' do\n  it 'ends' do\n    ${body}\n  end\nend\n`;
  return `exit ${status(fails)}\n`;
}

function phpStub(text: string, fails: boolean): string | null {
  const named = /\bclass\s+(\w+)\s+extends\s+[\w\\]+/.exec(text)?.[1];
  if (named === undefined) return /\bclass\b/.test(text) ? null : `<?php\nexit(${status(fails)});\n`;
  const space = /^\s*namespace\s+[\w\\]+;/m.exec(text)?.[0].trim() ?? '';
  return `<?php\n${space}\nfinal class ${named} extends \\PHPUnit\\Framework\\TestCase\n{\n    public function testCanary(): void\n    {\n        $this->assertTrue(${String(!fails)});\n    }\n}\n`;
}

function otherStub(path: string, text: string, fails: boolean): string | null {
  if (/\.(?:c|cc|cpp|cxx)$/.test(path))
    return /\bmain\s*\(/.test(text) ? `int main() {\n  return ${status(fails)};\n}\n` : null;
  if (path.endsWith('.bats')) return `@test "canary" {\n  ${fails ? 'false' : 'true'}\n}\n`;
  if (/\.(?:t|pl)$/.test(path))
    return `print "1..1\\n${fails ? 'not ' : ''}ok 1\\n";\nexit ${status(fails)};\n`;
  const program = /^#![^\n]*\n/.exec(text)?.[0] ?? '';
  if (/\.(?:sh|bash|zsh)$/.test(path) || /\b(?:ba|da|z|k)?sh\b/.test(program))
    return `${program}exit ${status(fails)}\n`;
  return null;
}
