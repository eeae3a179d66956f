import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inWorld } from './in-world.ts';
import { runArgs, runArgsOver } from './omk.ts';
import type { Ended, Protocol, World } from './omk.ts';

const unhurried = { timeout: 90_000 };
const text = 'Round half up, as banks do.';

const of = (ended: Ended, type: string) => ended.events.filter((event) => event.type === type);

/** Everything agents have said and were told in this world. */
const transcripts = ({ state }: World): string => {
  try {
    return readdirSync(join(state, 'transcripts'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
      .join('\n');
  } catch {
    return ''; // nobody has been started yet
  }
};

async function until(met: () => boolean): Promise<void> {
  while (!met()) await new Promise((resolve) => setTimeout(resolve, 50));
}

describe('a note to the agent', () => {
  for (const [protocol, how] of [
    ['wire', 'steered'],
    ['acp', 'restarted'],
  ] as [Protocol, string][]) {
    it.concurrent(
      `reaches one that works, over ${protocol}`,
      unhurried,
      inWorld(async (world) => {
        const running = world.omk(runArgsOver(protocol, world, 'listens'));
        await until(() => transcripts(world).includes('I wait for a word.'));
        const written = await world.omk(['goal', 'note', text]);
        expect(written.code, written.stderr).toBe(0);
        const ended = await running;
        expect(ended.result, ended.stderr).toMatchObject({ status: 'ready' });
        expect(of(ended, 'note.written')).toMatchObject([{ actor: 'operator', payload: { text } }]);
        expect(of(ended, 'note.delivered')).toMatchObject([{ payload: { how } }]);
        expect(of(ended, 'slice.committed').at(-1)?.payload['summary']).toContain(
          `I was told: The person who set the goal writes to you:\n\n${text}`,
        );
        const late = await world.omk(['goal', 'note', 'latest', 'And thanks.']);
        expect(late.code).toBe(1);
        expect(late.stderr).toMatch(/This goal has ended; nothing can be added to it\./);
      }),
    );
  }

  it.concurrent(
    'waits in the log where nothing runs, also for another host, and goes out with the next prompt',
    unhurried,
    inWorld(async (world) => {
      const stopped = await world.omk(runArgs(world, 'listens', '--budget-tokens', '1'));
      expect(stopped.result, stopped.stderr).toMatchObject({ status: 'needs_more_budget' });
      for (const [args, why] of [
        [[], /omk goal note \[ID\]/],
        [['latest'], /omk goal note \[ID\]/],
        [[''], /The note is empty/],
        [['x'.repeat(8_001)], /A note has at most 8,000 characters; this one has 8,001\./],
      ] as [string[], RegExp][]) {
        const refused = await world.omk(['goal', 'note', ...args]);
        expect(refused.code, args.join(' ')).not.toBe(0);
        expect(refused.stderr).toMatch(why);
      }
      const written = await world.omk(['goal', 'note', stopped.result?.goal_id ?? '', text]);
      expect(written.code, written.stderr).toBe(0);
      const ended = await world.omk(['goal', 'budget-add', '--tokens', '500000', '--until-ready', '--json']);
      expect(ended.result, ended.stderr).toMatchObject({ status: 'ready' });
      expect(of(ended, 'note.delivered')).toMatchObject([{ payload: { how: 'prompt' } }]);
      expect(of(ended, 'slice.committed').at(-1)?.payload['summary']).toContain(`- ${text}`);
      const replay = await world.omk(['goal', 'replay']);
      expect(replay.stdout).toMatch(/You wrote to the agent/);
    }),
  );
});
