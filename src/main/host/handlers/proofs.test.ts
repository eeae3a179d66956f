import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { provenWorld, storeGoal } from '../../../../test/proven-goal.ts';
import type { StoredGoal } from '../../../../test/proven-goal.ts';
import { CommandId } from '../../../shared/kernel/ids.ts';
import { goalId } from '../../runtime/testing/results.ts';
import { openGoal } from '../../runtime/testing/world.ts';
import { checkProofFile } from '../proof-check.ts';
import { proofHandlers } from './proofs.ts';

const { signal } = new AbortController();
const open: StoredGoal[] = [];
afterEach(async () => {
  for (const goal of open.splice(0)) {
    await goal.close();
    rmSync(goal.root, { recursive: true, force: true });
  }
});

async function handlersOf(world = provenWorld()) {
  const goal = await storeGoal(world);
  open.push(goal);
  const downloads = join(goal.root, 'Downloads');
  mkdirSync(downloads);
  const handlers = proofHandlers({
    ...goal,
    workspaces: { standing: () => Promise.reject(new Error('not asked')) },
    artifacts: join(goal.root, 'artifacts'),
    downloads: () => downloads,
  });
  const commandId = (name: string) => CommandId.parse(`command-of-a-test-${name}`);
  return {
    downloads,
    export: (name: string) => handlers.export({ commandId: commandId(name), goalId }, signal),
  };
}

it('exports a folder that verifies where it lies, beside what is there, and once for one command', async () => {
  const world = await handlersOf();
  mkdirSync(join(world.downloads, `omk-${goalId}`));
  writeFileSync(join(world.downloads, `omk-${goalId}`, 'mine'), '');
  const [first, again] = await Promise.all([world.export('one'), world.export('one')]);
  const other = await world.export('other');
  if (!first.ok || !other.ok) throw new Error('not exported');
  expect(again).toEqual(first);
  expect(first.value.path).toBe(join(world.downloads, `omk-${goalId}-2`));
  expect(other.value.path).toBe(join(world.downloads, `omk-${goalId}-3`));
  expect(readdirSync(world.downloads)).toHaveLength(3);
  expect(readdirSync(first.value.path)).toEqual(
    expect.arrayContaining(['events.jsonl', 'evidence', 'proof.json', 'proof.md', 'verify-proof.mjs']),
  );
  const checked = await checkProofFile(join(first.value.path, 'proof.json'));
  expect(checked).toMatchObject({ ok: true, checked: first.value.checked });
});

it('says so where there is no proof yet, and where the folder cannot be written', async () => {
  const early = await handlersOf(openGoal());
  expect(await early.export('one')).toMatchObject({ ok: false, error: { code: 'export.no_proof' } });
  const world = await handlersOf();
  rmSync(world.downloads, { recursive: true });
  writeFileSync(world.downloads, 'a file');
  expect(await world.export('one')).toMatchObject({ ok: false, error: { code: 'export.not_written' } });
});
