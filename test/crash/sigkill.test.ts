import { afterEach, expect, it } from 'vitest';
import { leftovers, makeWorld, runArgs } from '../goal/omk.ts';
import type { World } from '../goal/omk.ts';

const worlds: World[] = [];
afterEach(() => {
  for (const one of worlds.splice(0)) one.cleanup();
});

/** Waits until nothing of the world runs any more; children have to end with their host, at the latest within this time. */
async function nothingLeft(world: World): Promise<string[]> {
  const until = Date.now() + 5_000;
  while (leftovers(world).length > 0 && Date.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 50));
  return leftovers(world);
}

for (const isolation of ['namespaces', 'none'] as const) {
  for (const kind of ['prepare', 'base', 'agent', 'verify', 'land'] as const) {
    for (const delay of [0, 120]) {
      it(`ends ready after SIGKILL ${delay} ms into ${kind}, isolation ${isolation} wanted`, async () => {
        const world = makeWorld();
        worlds.push(world);
        const script = kind === 'agent' && delay > 0 ? 'slow' : 'honest';
        let killed = false;
        const first = await world.start(runArgs(world, script, '--isolation', isolation), (line, child) => {
          const payload = line['payload'] as { kind?: string } | undefined;
          if (killed || line['type'] !== 'attempt.started' || payload?.kind !== kind) return;
          killed = true;
          setTimeout(() => child.kill('SIGKILL'), delay);
        });
        // A goal may be quicker than the delay; then there was nothing to kill and nothing to prove here.
        if (first.signal === 'SIGKILL') {
          expect(await nothingLeft(world)).toEqual([]);
          const again = await world.omk(['goal', 'resume', 'latest', '--until-ready', '--json']);
          expect(again.result, again.stderr).toMatchObject({ status: 'ready', exit_code: 0 });
        } else expect(first.result).toMatchObject({ status: 'ready' });

        const events = JSON.parse(
          `[${(await world.omk(['goal', 'events', '--json'])).stdout.split('\n').join(',')}]`,
        ) as {
          version: number;
          type: string;
        }[];
        expect(events.map((one) => one.version)).toEqual(events.map((_, index) => index + 1));
        expect(events.filter((one) => one.type === 'goal.concluded')).toHaveLength(1);
        const proof = await world.omk(['goal', 'proof', '--json']);
        expect(JSON.parse(proof.stdout)).toMatchObject({ status: 'ready' });
        expect(await nothingLeft(world)).toEqual([]);
      });
    }
  }
}
