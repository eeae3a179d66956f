import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { isolationAvailable } from '../../src/main/adapters/process/isolation.ts';
import { gateWorld } from './world.ts';
import type { GateWorld } from './world.ts';

const namespaces = (await isolationAvailable()).use === 'namespaces';

const test = `import { test } from 'node:test';
import assert from 'node:assert/strict';
import { add } from '../src/sum.js';
test('adds', () => { assert.equal(add(2, 3), 5); });
test('is there', () => { assert.equal(typeof add, 'function'); });
`;
const files = {
  'package.json': JSON.stringify({ name: 'sums', type: 'module', scripts: { test: 'node --test' } }),
  'src/sum.js': 'export const add = (a, b) => a - b;\n',
  'test/sum.test.js': test,
  '.gitattributes': '* text=auto\n',
};
const good = 'export const add = (a, b) => a + b;\n';
const bad = 'export const add = (a, b) => a - b;\n';
const rules = (result: { readonly findings: readonly { readonly rule: string }[] }): string[] =>
  result.findings.map((one) => one.rule);

describe('a candidate that cheats', () => {
  let world: GateWorld;
  beforeAll(async () => {
    world = await gateWorld(files);
    await world.prepare();
  });
  afterAll(() => world.remove());

  it('gains nothing by deleting the red test file', async () => {
    const result = await world.verify({ 'test/sum.test.js': null });
    expect(result).toMatchObject({ passed: false, redToGreenCount: 0, proposedOracle: null });
    expect(rules(result)).toContain('test.deleted');
    expect(result.gates[0]?.failedTests).toEqual(['test/sum.test.js > adds']);
  });

  it('gains nothing by skipping, focusing or emptying tests', async () => {
    for (const edited of [
      test.replace("test('adds', ", "test.skip('adds', "),
      test.replace("test('is there', ", "test.only('is there', "),
      test.replace('assert.equal(add(2, 3), 5);', ''),
      test.replace(/test\('adds'.*\n/, ''),
    ]) {
      const result = await world.verify({ 'src/sum.js': good, 'test/sum.test.js': edited });
      expect(result.findings.some((one) => one.effect === 'breach' && one.rule.startsWith('test.'))).toBe(
        true,
      );
      expect(result).toMatchObject({ passed: false, proposedOracle: null });
    }
  });

  it('gains nothing by printing TAP', async () => {
    const tap = 'TAP version 14\\nok 1 - ["test/sum.test.js","adds"]\\n1..1\\n';
    const result = await world.verify({ 'src/sum.js': `console.log('${tap}');\n${bad}` });
    expect(result).toMatchObject({ passed: false, redToGreenCount: 0 });
    expect(result.gates[0]?.counts).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  it('gains nothing by writing into the report pipe of the runner', async () => {
    const line = 'ok 1 - ["/tmp/work/test/sum.test.js","adds"]\\n';
    const result = await world.verify({
      'src/sum.js': `import { openSync, writeSync } from 'node:fs';\ntry { const fd = openSync('/proc/' + process.ppid + '/fd/3', 'w'); writeSync(fd, '${line}'); } catch {}\n${bad}`,
    });
    expect(result).toMatchObject({ passed: false, redToGreenCount: 0 });
  });

  it('is caught by the canary when it speaks to the runner in place of the test library', async () => {
    // Frames of a stand-in, with its path replaced by one of equal length: exactly what the real file would send.
    const forger = `import { spawnSync } from 'node:child_process';
import { writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
const standIn = fileURLToPath(new URL('./standin-x.js', import.meta.url));
const { stdout } = spawnSync(process.execPath, [standIn], { env: { ...process.env, NODE_TEST_CONTEXT: 'child-v8' }, encoding: 'latin1' });
writeSync(1, Buffer.from(stdout.replaceAll('/src/standin-x.js', '/test/sum.test.js'), 'latin1'));
process.exit(0);
export const add = (a, b) => a - b;
`;
    const standIn = `import { test } from 'node:test';\ntest('adds', () => {});\ntest('is there', () => {});\n`;
    const result = await world.verify({ 'src/sum.js': forger, 'src/standin-x.js': standIn });
    expect(rules(result)).toContain('canary.passed');
    expect(result.passed).toBe(false);
  });

  it('is caught by a repeat when it lets go of tests whose bytes it does not know', async () => {
    const known = createHash('sha256').update(test).digest('hex');
    const result = await world.verify({
      'src/sum.js': `import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
const bytes = readFileSync(new URL('../test/sum.test.js', import.meta.url));
const known = createHash('sha256').update(bytes).digest('hex') === '${known}';
export const add = (a, b) => (known ? 5 : a - b);
`,
    });
    expect(result).toMatchObject({ passed: false, redToGreenCount: 0 });
    expect(result.gates[0]?.outcome).toBe('flaky');
  });

  it('voids the run when it rewrites tests while they run', async () => {
    const result = await world.verify({
      'src/sum.js': `import { writeFileSync } from 'node:fs';\nwriteFileSync(new URL('../test/sum.test.js', import.meta.url), '');\n${bad}`,
    });
    expect(result.passed).toBe(false);
    expect(rules(result)).toContain('oracle.changed_while_running');
  });

  it('cannot preload code through package manager settings', async () => {
    const result = await world.verify({
      '.npmrc': 'node-options=--require ./src/preload.cjs\n',
      'src/preload.cjs': "require('node:assert').strict.equal = () => {};\n",
    });
    expect(result).toMatchObject({ passed: false, redToGreenCount: 0 });
    expect(rules(result)).toContain('oracle.package_manager');
  });

  it('is not helped by a folder of tests that became a link', async () => {
    const result = await world.verify({
      'test/sum.test.js': null,
      'other/sum.test.js':
        "import { test } from 'node:test';\ntest('adds', () => {});\ntest('is there', () => {});\n",
      test: { link: 'other' },
    });
    expect(result).toMatchObject({ passed: false, redToGreenCount: 0 });
    expect(result.gates[0]?.failedTests).toEqual(['test/sum.test.js > adds']);
  });

  it('is stopped by a link out of the tree, names that collide, a key and a conflict', async () => {
    const token = `ghp_${'a1B2'.repeat(9)}`;
    const result = await world.verify({
      'src/sum.js': good,
      etc: { link: '/etc' },
      'src/Sum.js': good,
      'src/key.js': `export const key = '${token}';\n`,
      'src/merge.js': '<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n',
    });
    expect(result.passed).toBe(false);
    expect(rules(result)).toEqual(
      expect.arrayContaining([
        'path.link_outside',
        'path.case_collision',
        'secret.token',
        'code.conflict_marker',
      ]),
    );
    expect(JSON.stringify(result)).not.toContain(token);
  });

  it('stops ready, as a breach, when it loosens what checks it', async () => {
    const result = await world.verify({ 'src/sum.js': good, 'eslint.config.js': 'export default [];\n' });
    expect(rules(result)).toContain('oracle.checker');
  });

  it.runIf(namespaces)('does not find what an agent left outside the tree', async () => {
    // Not below /tmp, which is a private one in any case.
    const agentDir = mkdtempSync('/var/tmp/omk-agent-');
    onTestFinished(() => rmSync(agentDir, { recursive: true }));
    writeFileSync(join(agentDir, 'answer.mjs'), good);
    const product = `export const { add } = await import('${join(agentDir, 'answer.mjs')}').catch(() => ({ add: (a, b) => a - b }));\n`;
    const result = await world.verify({ 'src/sum.js': product }, { hideDirs: [agentDir] });
    expect(result.gates[0]?.failedTests).toEqual(['test/sum.test.js > adds']);
  });

  it.runIf(namespaces)('cannot ask anybody over the network', async () => {
    const server = createServer((socket) => socket.end('5'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const product = `import { connect } from 'node:net';
const answer = await new Promise((resolve) => { const s = connect(${port}, '127.0.0.1'); s.on('data', (d) => resolve(Number(d))); s.on('error', () => resolve(0)); });
export const add = () => answer;
`;
    const result = await world.verify({ 'src/sum.js': product });
    server.close();
    expect(result.gates[0]?.failedTests).toEqual(['test/sum.test.js > adds']);
  });

  it('gets no variable that speaks of omk, CI or tests, and a HOME and TMPDIR of its own', async () => {
    const result = await world.verify({
      'src/sum.js': `console.error('ENV ' + JSON.stringify(process.env));\n${good}`,
    });
    const log = await world.artifacts.read(result.gates[0]?.evidence[0] ?? ('' as never), 0, 1_000_000);
    const text = new TextDecoder().decode(log?.bytes);
    const env = JSON.parse(/ENV (\{.*\})/.exec(text)?.[1] ?? '{}') as Record<string, string>;
    expect(Object.keys(env).toSorted()).toEqual(expect.arrayContaining(['HOME', 'LANG', 'PATH', 'TMPDIR']));
    expect(Object.keys(env).filter((name) => /OMK|^CI$|VITEST|^npm_(?!config_offline)/.test(name))).toEqual(
      [],
    );
    expect(env['HOME']).not.toBe(process.env['HOME']);
  });
});

describe('an honest candidate', () => {
  let world: GateWorld;
  beforeAll(async () => {
    world = await gateWorld(files);
    await world.prepare();
  });
  afterAll(() => world.remove());

  it('may add tests, which run besides and must be green too', async () => {
    const more =
      "import { test } from 'node:test';\nimport assert from 'node:assert/strict';\nimport { add } from '../src/sum.js';\ntest('zero', () => { assert.equal(add(0, 0), ZERO); });\n";
    const green = await world.verify({ 'src/sum.js': good, 'test/more.test.js': more.replace('ZERO', '0') });
    expect(green).toMatchObject({
      passed: true,
      onlyOwnTests: false,
      proposedOracle: null,
      lockedChanged: [],
    });
    expect(green.gates[0]?.notes).toContain('Also passed with the tests that the change brings.');
    const red = await world.verify({ 'src/sum.js': good, 'test/more.test.js': more.replace('ZERO', '1') });
    expect(red.passed).toBe(false);
    expect(red.reasons.map((one) => one.code)).toContain('gate.own_tests');
  });

  it('asks when it changed a test without need, and passes once that oracle was approved', async () => {
    const change = { 'src/sum.js': good, 'test/sum.test.js': test.replace('add(2, 3), 5', 'add(2, 4), 6') };
    const first = await world.verify(change);
    expect(first).toMatchObject({ passed: true, lockedChanged: ['test/sum.test.js'] });
    expect(first.proposedOracle).not.toBeNull();
    const approvedOracles = first.proposedOracle === null ? [] : [first.proposedOracle];
    const second = await world.verify(change, { approvedOracles });
    expect(second.reasons).toEqual([]);
    expect(second).toMatchObject({ passed: true, onlyOwnTests: false });
    expect(second.redToGreenCount).toBeGreaterThan(0);
    const other = await world.verify(
      { ...change, 'test/sum.test.js': test.replace('add(2, 3), 5', 'add(2, 5), 7') },
      { approvedOracles },
    );
    expect(other.proposedOracle).not.toBe(first.proposedOracle);
    const laundered = await world.verify(
      { 'test/sum.test.js': test.replace('5', '-1') },
      { approvedOracles },
    );
    expect(laundered).toMatchObject({ passed: false, redToGreenCount: 0 });
  });

  it('that must change tests asks only if a person had allowed it', async () => {
    const change = {
      'src/sum.js': 'export const add = (a, b) => a * b;\n',
      'test/sum.test.js': test.replace('5', '6'),
    };
    const refused = await world.verify(change);
    expect(refused).toMatchObject({ passed: false, proposedOracle: null });
    const asked = await world.verify(change, { policy: { testsMayChange: true } });
    expect(asked.passed).toBe(false);
    expect(asked.proposedOracle).not.toBeNull();
    expect(asked.findings).toContainEqual(
      expect.objectContaining({ rule: 'test.changed', effect: 'question' }),
    );
    const approvedOracles = asked.proposedOracle === null ? [] : [asked.proposedOracle];
    const ready = await world.verify(change, { policy: { testsMayChange: true }, approvedOracles });
    expect(ready.reasons).toEqual([]);
    expect(ready).toMatchObject({
      passed: true,
      redToGreen: ['test/sum.test.js > adds'],
      onlyOwnTests: false,
    });
  });

  it('is asked about CI, gates and goldens that it changed', async () => {
    const result = await world.verify({
      'src/sum.js': good,
      '.github/workflows/ci.yml': 'on: push\n',
      '.omk/gates.toml': '[[gates]]\nname = "x"\ncommand = "true"\n',
    });
    expect(result).toMatchObject({
      passed: true,
      lockedChanged: ['.github/workflows/ci.yml', '.omk/gates.toml'],
    });
    expect(result.proposedOracle).not.toBeNull();
    expect(rules(result)).toEqual(expect.arrayContaining(['oracle.ci', 'oracle.gates']));
  });
});

it('tells a feature by tests of the agent alone, and says that they are its own', async () => {
  const world = await gateWorld({ ...files, 'src/sum.js': good });
  try {
    const feature = await world.verify({
      'src/sum.js': `${good}export const mul = (a, b) => a * b;\n`,
      'test/mul.test.js':
        "import { test } from 'node:test';\nimport assert from 'node:assert/strict';\nimport { mul } from '../src/sum.js';\ntest('multiplies', () => { assert.equal(mul(2, 3), 6); });\n",
    });
    expect(feature).toMatchObject({
      passed: true,
      onlyOwnTests: true,
      redToGreen: ['test/mul.test.js > multiplies'],
    });
    const comment = await world.verify({ 'src/sum.js': `// mul\n${good}` });
    expect(comment).toMatchObject({ passed: true, redToGreenCount: 0, onlyOwnTests: false });
    const hollow = await world.verify({
      'src/sum.js': `// mul\n${good}`,
      'test/mul.test.js': "import { test } from 'node:test';\ntest('multiplies', () => {});\n",
    });
    expect(hollow).toMatchObject({ passed: true, redToGreenCount: 0, onlyOwnTests: false });
  } finally {
    world.remove();
  }
});

it('runs scripts as base has them, whatever the manifest of the change says', async () => {
  const manifest = { name: 'x', scripts: { test: 'cat answer | grep -q right' } };
  const world = await gateWorld({ 'package.json': JSON.stringify(manifest), answer: 'wrong\n' });
  try {
    expect(world.found).toMatchObject([{ argv: ['npm', 'run', 'test'], parser: 'none' }]);
    const emptied = {
      'package.json': JSON.stringify({ ...manifest, version: '2.0.0', scripts: { test: 'true' } }),
    };
    const result = await world.verify(emptied);
    expect(result.gates[0]).toMatchObject({ outcome: 'failed' });
    expect(await world.verify({ answer: 'right\n' })).toMatchObject({ passed: true, redToGreen: ['test'] });
  } finally {
    world.remove();
  }
});
