import { describe, expect } from 'vitest';
import type { AgentHost } from '../../src/main/runtime/agent-backend.ts';
import { never, nobody, tools } from './agent-rig.ts';
import type { AgentRig } from './agent-rig.ts';

export function trapFeatures(rig: AgentRig): void {
  const { feature, open, turn } = rig;

  describe(`${rig.name}: traps`, () => {
    feature('two requests at once are answered each on its own', 'two-approvals', async () => {
      const only = (command: string): AgentHost => ({
        ...nobody,
        async approve(request) {
          // The first asked is answered last.
          if (request.command === 'first') await new Promise((resolve) => setTimeout(resolve, 50));
          const allow = request.command === command;
          return { decision: allow ? 'allow_once' : 'reject', feedback: 'not this' };
        },
      });
      for (const command of ['first', 'second']) {
        const { result } = await turn('two-approvals', { host: only(command) });
        expect(result).toMatchObject({ outcome: 'completed', finalText: `allowed: ${command}` });
      }
      expect((await turn('two-approvals')).result.finalText).toBe('allowed: none');
    });

    feature('tokens are counted once, whenever they are reported', 'out-of-order', async () => {
      const { result, events } = await turn('out-of-order');
      expect(result).toMatchObject({
        outcome: 'completed',
        usage: { input: 150, output: 15, cacheRead: 0, cacheWrite: 0 },
      });
      expect(events.filter((event) => event.type === 'usage')).toHaveLength(2);
      expect(tools(events).map((tool) => tool.state)).toEqual(['ok']);
    });

    feature(
      'a prompt that was never begun is no success, whatever the answer says',
      'lost-prompt',
      async () => {
        expect((await turn('lost-prompt')).result).toMatchObject({ outcome: 'failed', confirmed: false });
      },
    );

    feature('shapes nobody knows cost nothing but themselves', 'foreign-shapes', async () => {
      const { result, events } = await turn('foreign-shapes');
      expect(result).toMatchObject({ outcome: 'completed', finalText: 'fine' });
      expect(tools(events)).toHaveLength(1);
    });

    feature('ids that are numbers are answered as they are', 'numbered', async () => {
      expect((await turn('numbered')).result).toMatchObject({
        outcome: 'completed',
        finalText: 'answered',
      });
    });

    feature('an id that is used again is another call', 'reused-id', async () => {
      const { events } = await turn('reused-id');
      const ended = events.filter(
        (event) => event.type === 'tool' && (event.state === 'ok' || event.state === 'failed'),
      );
      expect(ended).toMatchObject([
        { command: 'echo one', state: 'ok', exitCode: 0 },
        { command: 'echo two', state: 'failed', exitCode: 3 },
      ]);
    });

    feature('a model that is tried again and again is no silence', 'long-retries', async () => {
      const { result, events } = await turn('long-retries', { timeouts: { stallMs: 2_500 } });
      expect(result).toMatchObject({ outcome: 'completed', finalText: 'done' });
      expect(events.filter((event) => event.type === 'retry')).toHaveLength(20);
    });

    feature('how full the context is may be told when the turn is over', 'happy', async () => {
      const { session, events, until } = await open('happy');
      await session.prompt('go', never());
      await until(() => events.some((event) => event.type === 'context'));
      expect(events.findLast((event) => event.type === 'context')).toMatchObject({ max: 131_072 });
    });

    feature('a launcher that dies is a crash, and the agent it left behind is ended', 'wrapper', async () => {
      const { session, reading } = await open('wrapper');
      expect(await session.prompt('go', never())).toMatchObject({
        outcome: 'crashed',
        error: { code: 'process_exit' },
      });
      // Events end after the last process has, without anybody asking for it.
      await reading;
      expect(rig.ours()).toEqual([]);
      expect((await session.stop()).survivors).toEqual([]);
    });
  });
}
