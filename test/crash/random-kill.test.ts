import { expect, it } from 'vitest';
import { leftovers, runArgs } from '../goal/omk.ts';
import { resume, worlds } from '../goal/bad-input.ts';

const world = worlds();

/** The same moments in every run of the tests; a seed of one's own tries others. */
function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

const seed = Number(process.env['OMK_KILL_SEED'] ?? 20_261_121);
const next = random(seed);

for (let trial = 1; trial <= 5; trial += 1) {
  it(`ends ready and says so once after SIGKILLs at random moments (seed ${seed}, trial ${trial})`, async () => {
    const one = world();
    const killAt = async (args: readonly string[], ms: number) => {
      let timer: NodeJS.Timeout | undefined;
      // Counted from the first sign of life: how long a process takes to start says nothing about omk.
      const ended = await one.start(args, (_, child) => {
        timer ??= setTimeout(() => child.kill('SIGKILL'), ms);
      });
      clearTimeout(timer);
      await expect.poll(() => leftovers(one), { timeout: 10_000 }).toEqual([]);
      return ended;
    };
    let ended = await killAt(runArgs(one, 'honest'), next() * 3_000);
    if (ended.result === null)
      ended = await killAt(['goal', 'resume', 'latest', '--until-ready', '--json'], next() * 3_000);
    if (ended.result === null) ended = await resume(one);
    expect(ended.result, ended.stderr).toMatchObject({ status: 'ready', exit_code: 0 });

    const log = (await one.omk(['goal', 'events', '--json'])).stdout;
    const events = JSON.parse(log) as { version: number; type: string }[];
    expect(events.map((event) => event.version)).toEqual(events.map((_, index) => index + 1));
    expect(events.filter((event) => event.type === 'goal.concluded')).toHaveLength(1);
    expect(one.git('branch', '--list', 'goal/*').split('\n')).toHaveLength(1);
    const proof = await one.omk(['proof', 'verify', ended.result?.proof_path ?? '']);
    expect(proof.code, proof.stdout + proof.stderr).toBe(0);
  });
}
