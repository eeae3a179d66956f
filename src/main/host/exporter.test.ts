import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import Database from 'better-sqlite3';
import { provenWorld, storeGoal } from '../../../test/proven-goal.ts';
import type { StoredGoal } from '../../../test/proven-goal.ts';
import { onTinyDisk } from '../../../test/tiny-disk.ts';
import { event } from '../../shared/goal/events.ts';
import { chainText } from '../../shared/proof/chain.ts';
import { genesis, sha256 } from '../adapters/sqlite/event-rows.ts';
import { CommandId } from '../../shared/kernel/ids.ts';
import { canonicalJson } from '../../shared/kernel/json.ts';
import { goalId } from '../runtime/testing/results.ts';
import { openGoal } from '../runtime/testing/world.ts';
import { checkProofFile } from './proof-check.ts';

const open: StoredGoal[] = [];
const roots: string[] = [];
async function stored(world = provenWorld(), root?: string): Promise<StoredGoal> {
  const goal = await storeGoal(world, root);
  open.push(goal);
  roots.push(goal.root);
  return goal;
}
afterEach(async () => {
  for (const goal of open.splice(0)) await goal.close();
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

const snapshot = (dir: string): Record<string, string> =>
  Object.fromEntries(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name), 'utf8')]));

/** Makes the log one that an earlier omk wrote: without these members of the policy, and chained so. */
function forgetMembers(path: string, names: readonly string[]): void {
  const db = new Database(path);
  const triggers = db.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all() as {
    name: string;
  }[];
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
  let hash = genesis(goalId);
  for (const raw of db.prepare('SELECT * FROM events ORDER BY version').all()) {
    const row = raw as Record<string, never> & { version: number; payload: string };
    const payload = JSON.parse(row.payload) as { policy?: Record<string, unknown> };
    for (const name of names) delete payload.policy?.[name];
    const event = {
      ...{
        position: row['position'],
        goalId,
        version: row.version,
        eventId: row['event_id'],
        type: row['type'],
      },
      ...{ v: row['v'], at: row['at'], actor: row['actor'], commandId: row['command_id'] },
      ...{ causationId: row['causation_id'], payload },
    };
    hash = sha256(chainText(hash, event));
    db.prepare('UPDATE events SET payload = ?, hash = ? WHERE version = ?').run(
      canonicalJson(payload),
      hash,
      row.version,
    );
  }
  db.prepare('UPDATE goals SET head = ?').run(hash);
  db.close();
}

describe('exports', () => {
  it('are the files of the reference’s layout, readable by their owner only', async () => {
    const goal = await stored();
    await goal.exporter.flush(goalId);
    expect(readdirSync(goal.dir).toSorted()).toEqual([
      'budget-checkpoints.jsonl',
      'decisions.jsonl',
      'events.jsonl',
      'goal.json',
      'prd.md',
      'proof.json',
      'proof.md',
      'statements.intoto.jsonl',
      'task-graph.json',
      'technical-plan.md',
      'test-spec.md',
    ]);
    for (const name of readdirSync(goal.dir))
      expect(statSync(join(goal.dir, name)).mode & 0o777, name).toBe(0o600);
    expect(statSync(goal.dir).mode & 0o777).toBe(0o700);
  });

  it('of a log from before a member was added carry what was hashed then, and their proof still holds', async () => {
    const first = await stored();
    await first.close();
    open.splice(0);
    rmSync(first.dir, { recursive: true });
    forgetMembers(join(first.root, 'goals.db'), ['approvals', 'planning', 'review']);
    const goal = await storeGoal(provenWorld(), first.root);
    open.push(goal);
    expect(goal.engine.state(goalId)).toMatchObject({ opened: { policy: { approvals: 'auto' } } });
    await goal.exporter.flush(goalId);
    expect(readFileSync(join(goal.dir, 'events.jsonl'), 'utf8')).not.toContain('approvals');
    const checked = await checkProofFile(join(goal.dir, 'proof.json'));
    expect(checked.problems).toEqual([]);
  });

  it('show the log line by line with its hashes', async () => {
    const goal = await stored();
    await goal.exporter.flush(goalId);
    const { events, hashes } = goal.store.read(goalId, 0);
    expect(readFileSync(join(goal.dir, 'events.jsonl'), 'utf8')).toBe(
      events.map((one, at) => `${canonicalJson({ ...one, hash: hashes[at] })}\n`).join(''),
    );
  });

  it('are the same bytes after they were dropped, whoever writes them again', async () => {
    const goal = await stored();
    await goal.exporter.flush(goalId);
    const before = snapshot(goal.dir);
    rmSync(goal.dir, { recursive: true });
    await goal.exporter.flush(goalId);
    expect(snapshot(goal.dir)).toEqual(before);
    rmSync(goal.dir, { recursive: true });
    await goal.close();
    // Another host finds them missing at its start.
    const next = await stored(provenWorld(), goal.root);
    await next.exporter.stop();
    expect(snapshot(next.dir)).toEqual(before);
  });

  it('follow a commit by themselves', async () => {
    const goal = await stored(openGoal().driveTo('agent'));
    await goal.exporter.flush(goalId);
    const paused = goal.engine.execute(
      goalId,
      { type: 'goal.pause' },
      { actor: 'operator', commandId: CommandId.parse('command-pause') },
    );
    expect(paused.ok).toBe(true);
    await goal.exporter.stop();
    expect(readFileSync(join(goal.dir, 'events.jsonl'), 'utf8')).toContain('goal.paused');
    expect(JSON.parse(readFileSync(join(goal.dir, 'goal.json'), 'utf8'))).toMatchObject({ status: 'paused' });
  });

  it('have no proof before anything was verified', async () => {
    const goal = await stored(openGoal().driveTo('agent'));
    await goal.exporter.flush(goalId);
    expect(goal.exporter.proof(goalId)).toBeNull();
    expect(existsSync(join(goal.dir, 'proof.json'))).toBe(false);
  });
});

describe('an exporter that was interrupted', () => {
  it.each([0, 1, 4, 7, 10])(
    'is caught up with after it wrote %i files, and what it left half-written is gone',
    async (written) => {
      const goal = await stored();
      await goal.exporter.flush(goalId);
      const whole = snapshot(goal.dir);
      await goal.close();
      // As if it had been killed after so many files, in the middle of the next: the log first, goal.json last.
      const order = ['events.jsonl', 'decisions.jsonl', 'budget-checkpoints.jsonl', 'prd.md'];
      const names = [
        ...order,
        ...Object.keys(whole).filter((name) => !order.includes(name) && name !== 'goal.json'),
      ];
      for (const name of [...names.slice(written), 'goal.json']) rmSync(join(goal.dir, name));
      const half = join(
        goal.dir,
        `${names[written] ?? 'goal.json'}.0a1b2c3d-0000-4000-8000-000000000000.tmp`,
      );
      writeFileSync(half, 'half of');
      const next = await stored(provenWorld(), goal.root);
      await next.exporter.stop();
      expect(snapshot(next.dir)).toEqual(whole);
      expect((await checkProofFile(join(next.dir, 'proof.json'))).problems).toEqual([]);
    },
  );

  it('leaves every file it has not got to as it was, so that none is ever half of two', async () => {
    const world = provenWorld();
    const all = world.log.splice(0);
    world.log.push(...all.slice(0, -2));
    const goal = await stored(world);
    await goal.exporter.flush(goalId);
    const before = readFileSync(join(goal.dir, 'proof.json'), 'utf8');
    // A folder where a file should go is an error in the middle of the writing.
    rmSync(join(goal.dir, 'prd.md'));
    mkdirSync(join(goal.dir, 'prd.md'));
    const last = all.slice(-2).map(({ type, payload }) => event(type, payload as never));
    goal.append(last);
    const next = await stored(world, goal.root);
    await next.exporter.flush();
    expect(readFileSync(join(next.dir, 'proof.json'), 'utf8')).toBe(before);
    rmSync(join(next.dir, 'prd.md'), { recursive: true });
    await next.exporter.stop();
    expect((await checkProofFile(join(next.dir, 'proof.json'))).problems).toEqual([]);
  });
});

describe('an exporter that cannot write', () => {
  it('says so once, leaves the log alone, and writes when it can again', async () => {
    const goal = await stored();
    rmSync(goal.dir, { recursive: true, force: true });
    writeFileSync(goal.dir, 'a file where the folder should be');
    await goal.exporter.flush(goalId);
    await goal.exporter.flush();
    await goal.exporter.flush();
    expect(goal.warnings).toHaveLength(1);
    expect(goal.store.verifyChain(goalId).ok).toBe(true);
    rmSync(goal.dir);
    await goal.exporter.flush();
    expect((await checkProofFile(join(goal.dir, 'proof.json'))).problems).toEqual([]);
  });

  it('writes through no link that was put in the place of a goal’s folder', async () => {
    const goal = await stored();
    await goal.exporter.flush(goalId);
    const elsewhere = join(goal.root, 'elsewhere');
    renameSync(goal.dir, elsewhere);
    rmSync(join(elsewhere, 'proof.json'));
    symlinkSync(elsewhere, goal.dir);
    await goal.exporter.flush(goalId);
    expect(existsSync(join(elsewhere, 'proof.json'))).toBe(false);
    expect(goal.warnings).toHaveLength(1);
  });

  it('says once that the disk is full, with the log untouched and every earlier file whole', (context) => {
    const at = (path: string): string => JSON.stringify(join(import.meta.dirname, '../../..', path));
    const ran = onTinyDisk(
      '900k',
      `
      import { provenWorld, storeGoal } from ${at('test/proven-goal.ts')};
      import { checkProofFile } from ${at('src/main/host/proof-check.ts')};
      import { readdirSync, rmSync, writeFileSync } from 'node:fs';
      const disk = process.env.DISK as string;
      const goal = await storeGoal(provenWorld(), disk);
      await goal.exporter.flush();
      rmSync(goal.dir, { recursive: true, force: true });
      let ballast = 0;
      for (let size = 1 << 20; size >= 1024; size >>= 1) {
        try { while (true) writeFileSync(disk + '/ballast' + (ballast += 1), Buffer.alloc(size)); } catch {}
      }
      for (let at = 0; at < 3; at += 1) await goal.exporter.flush('${goalId}' as never);
      const full = { warnings: goal.warnings, chain: goal.store.verifyChain('${goalId}' as never).ok,
        left: readdirSync(goal.dir).filter((name) => name.endsWith('.tmp')).length };
      for (const name of readdirSync(disk)) if (name.startsWith('ballast')) rmSync(disk + '/' + name);
      await goal.exporter.flush('${goalId}' as never);
      const after = await checkProofFile(goal.dir + '/proof.json');
      await goal.close();
      console.log(JSON.stringify({ full, after }));
      `,
    );
    if (ran === null) return context.skip('nobody may mount a file system here');
    expect(ran.stderr).toBe('');
    const said = JSON.parse(ran.stdout) as { full: { warnings: string[] }; after: { problems: string[] } };
    expect(said.full).toMatchObject({ chain: true, left: 0 });
    expect(said.full.warnings).toHaveLength(1);
    expect(said.after.problems).toEqual([]);
  });
});

describe('a goal whose log cannot be trusted', () => {
  it('keeps the files it had and has no proof any more', async () => {
    const goal = await stored();
    await goal.exporter.flush(goalId);
    const before = snapshot(goal.dir);
    await goal.close();
    const raw = new Database(join(goal.root, 'goals.db'));
    raw.exec('DROP TRIGGER events_are_append_only; UPDATE events SET at = at + 1 WHERE version = 9');
    raw.close();
    const next = await stored(provenWorld(), goal.root);
    expect(next.exporter.proof(goalId)).toBeNull();
    await next.exporter.flush(goalId);
    await next.exporter.stop();
    expect(snapshot(next.dir)).toEqual(before);
  });

  it('does not have a proof mended that was changed on disk', async () => {
    const goal = await stored();
    await goal.exporter.flush(goalId);
    const path = join(goal.dir, 'proof.json');
    const forged = readFileSync(path, 'utf8').replace('"passed": true', '"passed": false');
    writeFileSync(path, forged);
    await goal.exporter.flush(goalId);
    expect(readFileSync(path, 'utf8')).toBe(forged);
    expect((await checkProofFile(path)).ok).toBe(false);
  });
});
