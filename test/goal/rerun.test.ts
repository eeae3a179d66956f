import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { worlds } from './bad-input.ts';
import { runArgs } from './omk.ts';

const world = worlds();

it('a proof is run again on its commit, from an exported folder and from the project alone', async () => {
  const one = world();
  const ended = await one.omk([...runArgs(one, 'honest'), '--accept', 'auto']);
  expect(ended.result, ended.stderr).toMatchObject({ status: 'ready' });
  const to = join(one.root, 'exported');
  expect((await one.omk(['goal', 'export', '--to', to])).code).toBe(0);
  const proof = join(to, 'proof.json');

  const asked = await one.omk(['proof', 'verify', proof, '--rerun']);
  expect(asked.code).toBe(2);
  expect(asked.stderr).toMatch(/These commands of the proof would run here:\n {2}\S.*\nAdd --trust-gates/);

  const again = await one.omk(['proof', 'verify', proof, '--rerun', '--trust-gates']);
  expect(again.stdout, again.stderr).toMatch(
    /^Unchanged since omk wrote it: \d+ parts checked\.\nRun again on commit [0-9a-f]{40}: 1 of 1 gates as in the proof\./,
  );
  expect(again.code).toBe(0);

  const json = await one.omk([
    'proof',
    'verify',
    proof,
    '--rerun',
    '--trust-gates',
    '--json',
    '--repo',
    one.repo,
  ]);
  expect(JSON.parse(json.stdout)).toMatchObject({ ok: true, rerun: { problems: [] } });

  const elsewhere = await one.omk(['proof', 'verify', proof, '--rerun', '--trust-gates', '--repo', one.root]);
  expect(elsewhere.code).toBe(1);
  expect(elsewhere.stderr).toMatch(/Name one that has both with --repo DIR/);

  // What does not verify is not run.
  const text = readFileSync(proof, 'utf8');
  writeFileSync(proof, text.replace('"version": 1', '"version": 2'));
  const broken = await one.omk(['proof', 'verify', proof, '--rerun', '--trust-gates', '--json']);
  expect(broken.code).toBe(1);
  expect(JSON.parse(broken.stdout)).not.toHaveProperty('rerun');
  rmSync(to, { recursive: true });
});
