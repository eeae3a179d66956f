import { describe, expect, it } from 'vitest';
import { missing, worldsOfTests } from './opening.ts';
import type { GateWorld } from './world.ts';

const open = worldsOfTests();
const rules = (result: Awaited<ReturnType<GateWorld['verify']>>): string[] =>
  result.findings.map((one) => `${one.rule} ${one.effect}`);

const noGo = await missing('go');
describe.skipIf(noGo !== '')(`go, of which base does not compile${noGo}`, () => {
  it('must run every test that is written', async () => {
    const { prepare, verify } = await open({
      'go.mod': 'module example.test/calc\n\ngo 1.19\n',
      'calc.go': 'package calc\n\nfunc Add(a, b int) int { return a + b }\n',
      'calc_test.go':
        'package calc\n\nimport "testing"\n\nfunc TestMul(t *testing.T) {\n\tif Mul(2, 3) != 6 {\n\t\tt.Fatal("no")\n\t}\n}\n',
      'more_test.go':
        'package calc\n\nimport "testing"\n\nfunc TestAdd(t *testing.T) {\n\tif Add(2, 3) != 5 {\n\t\tt.Fatal("no")\n\t}\n}\n',
    });
    expect((await prepare()).base.red).toContain('example.test/calc');
    const good =
      'package calc\n\nfunc Add(a, b int) int { return a + b }\nfunc Mul(a, b int) int { return a * b }\n';
    const honest = await verify({ 'calc.go': good });
    expect(honest.reasons).toEqual([]);
    expect(rules(honest)).toEqual([]);
  });
});

const noRspec = await missing('rspec');
describe.skipIf(noRspec !== '')(`RSpec, where one file does not load on base${noRspec}`, () => {
  it('asks when the result leaves out tests of another', async () => {
    const { prepare, verify } = await open({
      '.rspec': '',
      'lib/calc.rb': 'def add(a, b) = a + b\n',
      'spec/a_spec.rb':
        "require_relative '../lib/calc'\nRSpec.describe('a') { it('adds') { expect(add(1, 1)).to eq 2 } }\n",
      'spec/b_spec.rb':
        "require_relative '../lib/more'\nRSpec.describe('b') { it('multiplies') { expect(mul(2, 3)).to eq 6 } }\n",
    });
    expect((await prepare()).base).toMatchObject({ expectedTests: 0, red: ['spec/b_spec.rb'] });
    const more = 'def mul(a, b) = a * b\n';
    const honest = await verify({ 'lib/more.rb': more });
    expect(honest.reasons).toEqual([]);
    expect(rules(honest)).toEqual([]);
    const drops = await verify({
      'lib/more.rb': more,
      'lib/calc.rb': "RSpec.configure { |c| c.filter_run_excluding full_description: 'a adds' }\n",
    });
    expect(rules(drops)).toContain('test.not_listed question');
  });
});

const noPytest = await missing('pytest');
describe.skipIf(noPytest !== '')(`pytest, where one file cannot be collected on base${noPytest}`, () => {
  it('runs the others, so that base knows them', async () => {
    const { prepare, verify } = await open({
      'pytest.ini': '[pytest]\n',
      'calc.py': 'def add(a, b):\n    return a + b\n',
      'tests/test_a.py': 'from calc import add\n\ndef test_add():\n    assert add(1, 1) == 2\n',
      'tests/test_b.py': 'from calc import mul\n\ndef test_mul():\n    assert mul(2, 3) == 6\n',
    });
    expect((await prepare()).base).toMatchObject({ expectedTests: 1, red: ['tests/test_b.py'] });
    const good = 'def add(a, b):\n    return a + b\n\ndef mul(a, b):\n    return a * b\n';
    const honest = await verify({ 'calc.py': good });
    expect(honest.reasons).toEqual([]);
    expect(rules(honest)).toEqual([]);
  });
});
