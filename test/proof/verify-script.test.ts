import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportGoal } from '../../src/main/host/export-goal.ts';
import { goalId } from '../../src/main/runtime/testing/results.ts';
import { provenWorld, storeGoal } from '../proven-goal.ts';

type Files = { read: (path: string) => Buffer | null; list: (path: string) => string[] };
type Found = { ok: boolean; checked: number; problems: string[]; notes: string[]; status: string };
type Verify = (place: string, files?: Files) => Found;

const script = resolve(import.meta.dirname, '../../resources/verify-proof.mjs');
let verifyProof: Verify;
let root = '';
let exported = '';
beforeAll(async () => {
  ({ verifyProof } = (await import(pathToFileURL(script).href)) as { verifyProof: Verify });
  const goal = await storeGoal(provenWorld());
  root = goal.root;
  await goal.exporter.flush(goalId);
  await goal.close();
  exported = join(root, 'exported');
  const done = await exportGoal({ from: goal.dir, artifacts: join(root, 'artifacts'), to: exported });
  expect(done).toMatchObject({ ok: true });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** What is checked of an exported folder, by name. */
const parts = (): string[] => [
  'proof.json',
  'events.jsonl',
  'statements.intoto.jsonl',
  ...readdirSync(join(exported, 'evidence')).map((name) => `evidence/${name}`),
];

/** The exported folder in memory, with one file replaced. */
function withFile(name: string, bytes: Buffer | null, whole: ReadonlyMap<string, Buffer>): Files {
  return {
    read: (path) => {
      const asked = path.slice(exported.length + 1);
      return asked === name ? bytes : (whole.get(asked) ?? null);
    },
    list: () => readdirSync(join(exported, 'evidence')),
  };
}
const inMemory = (): Map<string, Buffer> =>
  new Map(parts().map((name) => [name, readFileSync(join(exported, name))]));

describe('the verifier without omk', () => {
  it('is one file of less than 300 lines that needs nothing but Node', () => {
    const text = readFileSync(script, 'utf8');
    expect(text.split('\n').length).toBeLessThan(300);
    const imported = [...text.matchAll(/^import .* from '([^']+)';$/gm)].map(([, from]) => from);
    expect(imported.every((from) => from?.startsWith('node:'))).toBe(true);
  });

  it('lies beside every exported proof and finds it unchanged, wherever it was taken', async () => {
    const moved = mkdtempSync(join(root, 'moved-'));
    cpSync(exported, moved, { recursive: true });
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, ['verify-proof.mjs'], { cwd: moved, env: {} });
    expect(stdout).toMatch(/^Unchanged since omk wrote it: \d+ parts\. Status ready, commit [0-9a-f]{40}\./);
    const proof = join(moved, 'proof.json');
    writeFileSync(proof, readFileSync(proof, 'utf8').replace('"version": 1', '"version": 2'));
    const failed = await run(process.execPath, [join(moved, 'verify-proof.mjs'), '--json', proof], {
      cwd: '/',
    }).catch((cause: { code: number; stdout: string }) => cause);
    expect(failed).toMatchObject({ code: 1 });
    expect(JSON.parse(failed.stdout)).toMatchObject({
      ok: false,
      problems: ['proof.json does not match its seal.'],
    });
  });

  it('notices every single flipped byte of the log, the proof, the statements and the evidence, and names where', () => {
    const whole = inMemory();
    expect(verifyProof(exported, withFile('', null, whole))).toMatchObject({ ok: true, problems: [] });
    const unnoticed: string[] = [];
    let flips = 0;
    for (const [name, bytes] of whole) {
      const named = name.replace('evidence/', 'Evidence ');
      for (let at = 0; at < bytes.length; at += 1) {
        const other = Buffer.from(bytes);
        other[at] = (other[at] ?? 0) ^ (1 << (at % 8));
        const { ok, problems } = verifyProof(exported, withFile(name, other, whole));
        flips += 1;
        if (ok || !problems.some((one) => one.includes(named))) unnoticed.push(`${name} ${at}`);
      }
    }
    expect(flips).toBeGreaterThan(15_000);
    expect(unnoticed).toEqual([]);
  }, 600_000);

  it('notices what is missing, cut off or beside it', () => {
    const whole = inMemory();
    for (const name of parts())
      expect([name, verifyProof(exported, withFile(name, null, whole)).ok]).toEqual([name, false]);
    const log = whole.get('events.jsonl') ?? Buffer.alloc(0);
    const lines = log.toString().split('\n');
    const shorter = Buffer.from(`${lines.slice(0, -2).join('\n')}\n`);
    expect(verifyProof(exported, withFile('events.jsonl', shorter, whole)).problems).toContain(
      'events.jsonl does not end where proof.json says it does.',
    );
    const stray = {
      ...withFile('', null, whole),
      list: () => [...readdirSync(join(exported, 'evidence')), 'x'],
    };
    expect(verifyProof(exported, stray).problems).toEqual(['evidence/x belongs to nothing in the log.']);
  });

  it('says what only omk can check', () => {
    expect(verifyProof(exported).notes).toEqual([
      'Not checked, only omk can: goal.json, decisions.jsonl, budget-checkpoints.jsonl, prd.md, technical-plan.md, test-spec.md, task-graph.json, proof.md.',
    ]);
  });
});
