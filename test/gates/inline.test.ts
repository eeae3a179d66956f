import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toolPath } from '../../src/main/adapters/gates/tools.ts';
import { worldsOfTests } from './opening.ts';

const path = process.env['PATH'] ?? '';
const pytest = (await (await toolPath(path, [])).find('pytest')) !== null;
const node = await realpath(process.execPath);
const modules = join(import.meta.dirname, '../../node_modules');

const open = worldsOfTests();

describe.skipIf(!pytest)(`doctests${pytest ? '' : ' (skipped: no pytest on the PATH)'}`, () => {
  const calc = 'def add(a, b):\n    """Adds.\n\n    >>> add(1, 1)\n    2\n    """\n    return a - b\n';
  it('are compared by body, because they cannot be put back', async () => {
    const { prepare, verify } = await open({
      'pytest.ini': '[pytest]\naddopts = --doctest-modules\n',
      'calc.py': calc,
      'tests/test_calc.py': 'def test_is():\n    assert True\n',
    });
    expect((await prepare()).base.red).toEqual(['calc.py > calc.add']);
    const honest = await verify({ 'calc.py': calc.replace('a - b', 'a + b') });
    expect(honest.reasons).toEqual([]);
    expect(honest).toMatchObject({ passed: true, redToGreen: ['calc.py > calc.add'], findings: [] });
    expect(honest.gates[0]?.notes.join()).toContain('Inline: not restorable (1 test in product files).');
    const rewritten = await verify({ 'calc.py': calc.replace('    2\n', '    0\n') });
    expect(rewritten.findings).toContainEqual(
      expect.objectContaining({ rule: 'test.inline_changed', effect: 'question', file: 'calc.py' }),
    );
    const gone = await verify({ 'calc.py': calc.replace('>>> ', '') });
    expect(gone.passed).toBe(false);
    expect(gone.findings.map((one) => one.rule)).toContain('test.inline_deleted');
  });
});

// Gates have a folder for temporary files of their own: from inside, a checkout of omk below the system's is not there.
const seen = existsSync(join(modules, 'vitest')) && !modules.startsWith(`${tmpdir()}/`);
describe.skipIf(!seen)(`Vitest in the source${seen ? '' : ' (skipped: gates do not see its folder)'}`, () => {
  const source =
    "export const add = (a, b) => a - b;\nif (import.meta.vitest) {\n  const { it, expect } = import.meta.vitest;\n  it('adds', () => { expect(add(1, 1)).toBe(2); });\n}\n";
  it('is compared by body, and its canary dies', async () => {
    const { prepare, verify } = await open(
      {
        'package.json': JSON.stringify({
          type: 'module',
          // The linked packages cannot be written to, which Vite would do to read its configuration.
          scripts: { test: 'vitest run --configLoader=runner' },
        }),
        '.omk/gates.toml': `[[gates]]\nname = "install"\nkind = "setup"\ncommand = "ln"\nargs = ["-s", ${JSON.stringify(modules)}, "node_modules"]\noutputs = ["node_modules"]\n[[gates]]\nname = "test"\ncommand = "npm"\nargs = ["test"]\n`,
        'vitest.config.js': "export default { test: { includeSource: ['src/*.js'] } };\n",
        'src/add.js': source,
      },
      { toolPath: `${dirname(node)}${delimiter}${path}` },
    );
    expect((await prepare()).base.red).toEqual(['src/add.js > adds']);
    const honest = await verify({ 'src/add.js': source.replace('a - b', 'a + b') });
    expect(honest.reasons).toEqual([]);
    expect(honest).toMatchObject({ passed: true, redToGreen: ['src/add.js > adds'], findings: [] });
    expect(honest.gates[0]?.canary).toMatchObject({ altered: 1, failed: 1 });
    const rewritten = await verify({ 'src/add.js': source.replace('toBe(2)', 'toBe(0)') });
    expect(rewritten.findings).toContainEqual(
      expect.objectContaining({ rule: 'test.inline_changed', effect: 'question', file: 'src/add.js' }),
    );
  });
});
