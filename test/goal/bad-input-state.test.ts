import { chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runArgs } from './omk.ts';
import type { World } from './omk.ts';
import { asNobody, expectRefused, worlds } from './bad-input.ts';
import { onTinyDisk } from '../tiny-disk.ts';

const world = worlds();

function configure(one: World, text: string): void {
  const dir = join(one.root, 'home', '.config', 'omk');
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'config.toml'), text);
}

it('refuses a configuration it cannot read, with the key and a suggestion, and makes nothing', async () => {
  const one = world();
  for (const [text, sentence] of [
    ['[goal\n', /config\.toml is not valid TOML/],
    ['[goal]\nacept = "auto"\n', /unknown key goal\.acept; did you mean accept\?/],
    ['[budget]\ntime = "soon"\n', /config\.toml: budget\.time/],
    ['[goal]\nmax_attempts = 0\n', /config\.toml: goal\.max_attempts/],
  ] as const) {
    configure(one, text);
    const ended = await one.omk(runArgs(one, 'honest'));
    expect(ended.code, ended.stderr).toBe(2);
    expect(ended.stderr).toMatch(sentence);
    expect(ended.stdout).toBe('');
  }
  expect(existsSync(one.state)).toBe(false);
});

it('says in one sentence that the state directory cannot be written', async ({ skip }) => {
  const one = world();
  mkdirSync(one.state);
  const run = asNobody(one);
  if (run === null) return skip('root may write everywhere');
  // Somebody else's: what is one's own, omk may open up again by itself.
  chownSync(one.state, 0, 0);
  expectRefused(await run(runArgs(one, 'honest')), 1, /may not write the state directory.*OMK_HOME/);
  const file = world({ OMK_HOME: join(one.repo, 'package.json') });
  expectRefused(await file.omk(runArgs(file, 'honest')), 1, /is a file.*OMK_HOME/);
});

it('tells a host that does not answer from one that is not there, and loses nothing by it', async () => {
  const one = world();
  let second: ReturnType<typeof one.omk> | undefined;
  const first = await one.start(runArgs(one, 'honest'), (line, child) => {
    const payload = line['payload'] as { kind?: string } | undefined;
    if (line['type'] !== 'attempt.started' || payload?.kind !== 'agent') return;
    child.kill('SIGSTOP');
    second = one.omk(['goal', 'list']).then((ended) => {
      child.kill('SIGCONT');
      return ended;
    });
  });
  const ended = await second;
  expect(first.result, first.stderr).toMatchObject({ status: 'ready' });
  if (!ended) throw new Error('The host was never stopped.');
  expectRefused(ended, 1, /does not answer.*try again/);
});

it('keeps the log whole on a full disk, says what to do, and goes on once there is space', ({ skip }) => {
  const omk = join(import.meta.dirname, 'omk.ts');
  const ran = onTinyDisk(
    '64m',
    `
    import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
    const { makeWorld, runArgs } = await import(process.env.OMK_TS);
    const state = process.env.DISK + '/state';
    const ballast = process.env.DISK + '/ballast';
    const fill = () => {
      const file = openSync(ballast, 'a');
      for (let size = 65_536; size > 256; ) {
        try { writeSync(file, Buffer.alloc(size)); } catch { size /= 2; }
      }
      closeSync(file);
    };
    const world = makeWorld({ OMK_HOME: state });
    mkdirSync(state);
    fill();
    const atStart = await world.omk(runArgs(world, 'honest'));
    rmSync(ballast);
    let space;
    const free = () => {
      clearTimeout(space);
      rmSync(ballast, { force: true });
    };
    const during = await world.start(runArgs(world, 'honest'), (line) => {
      if (space || line.type !== 'attempt.started' || line.payload.kind !== 'agent') return;
      fill();
      space = setTimeout(free, 3_000);
    });
    free();
    const after = await world.omk(['goal', 'retry', '--until-ready', '--json']);
    const events = await world.omk(['goal', 'events', '--json']);
    const proof = await world.omk(['proof', 'verify', (after.result ?? during.result).proof_path]);
    console.log(JSON.stringify({ atStart, during, after, proof: proof.code, events: events.stdout }));
    world.cleanup();
    `,
    { OMK_TS: omk },
  );
  if (ran === null) return skip('this system lets nobody mount a small disk');
  const last = ran.stdout.trim().split('\n').at(-1) ?? '';
  expect(last, ran.stderr).toMatch(/^\{/);
  const { atStart, during, after, proof, events } = JSON.parse(last) as Record<
    'atStart' | 'during' | 'after',
    { code: number; stderr: string; result: { status: string; reasons: { message: string }[] } | null }
  > & { proof: number; events: string };
  expect(atStart.code).toBe(1);
  expect(atStart.stderr).toMatch(/^The disk is full.*Free some space/);
  if (during.result?.status !== 'ready') {
    expect(during.result).toMatchObject({ status: 'failed_infra' });
    expect(during.result?.reasons[0]?.message).toMatch(/disk is full. Free some space/);
    expect(after.result, after.stderr).toMatchObject({ status: 'ready' });
  }
  expect(proof).toBe(0);
  const versions = (JSON.parse(events) as { version: number }[]).map((event) => event.version);
  expect(versions).toEqual(versions.map((_, index) => index + 1));
});
