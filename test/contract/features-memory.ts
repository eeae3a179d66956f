import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AgentStart } from '../../src/main/runtime/agent-backend.ts';
import { never, nobody, said, timeouts } from './agent-rig.ts';
import type { AgentRig } from './agent-rig.ts';

export function memoryFeatures(rig: AgentRig): void {
  const { feature, open, start, ours, turn } = rig;

  describe(`${rig.name}: what the agent remembers`, () => {
    feature('is gone on with after it was killed in the middle of a turn', 'remembers', async () => {
      const first = await open('remembers');
      expect(first.session).toMatchObject({ resumed: false, caps: { replay: true } });
      expect(await first.session.prompt('one', never())).toMatchObject({ finalText: 'prompt 1: one' });
      expect((await first.session.prompt('die', never())).outcome).toBe('crashed');
      await first.reading;
      const second = await open('remembers', { resumeSessionId: first.session.sessionId });
      expect(second.session).toMatchObject({ resumed: true, sessionId: first.session.sessionId });
      expect(await second.session.prompt('three', never())).toMatchObject({
        outcome: 'completed',
        confirmed: true,
        finalText: 'prompt 3: three',
      });
      await second.session.stop();
      await second.reading;
      // What was said in the first process is not said again.
      expect(said(second.events)).toBe('prompt 3: three');
    });

    feature('and is gone begins anew, with a word about it', 'remembers', async () => {
      const { session, events, result } = await turn('remembers', { resumeSessionId: 'session_gone' });
      expect(session.resumed).toBe(false);
      expect(result.finalText).toBe('prompt 1: do it');
      expect(events.find((event) => event.type === 'notice')).toMatchObject({
        text: expect.stringContaining('starts a new one'),
      });
    });

    feature('is looked for within the limit of the handshake', 'hung-resume', async () => {
      const begun = await start('hung-resume', {
        resumeSessionId: 'session_x',
        timeouts: { handshakeMs: 1_500 },
      });
      expect(begun).toMatchObject({ ok: false, error: { code: 'handshake_timeout' } });
      expect(ours()).toEqual([]);
    });

    it('is in one process at a time', async () => {
      const spec = rig.specFor('remembers');
      const backend = rig.makeBackend({
        userHome: join(rig.dir, 'user'),
        baseEnv: { PATH: '/usr/bin:/bin' },
        hostDeadlineMs: 1_000,
      });
      const begin = (resumeSessionId: string | null) =>
        backend.start({
          spec,
          workDir: join(rig.dir, 'work'),
          home: join(rig.dir, 'home'),
          tmpDir: join(rig.dir, 'tmp'),
          env: {},
          resumeSessionId,
          mode: 'ask',
          host: nobody,
          transcriptPath: join(rig.dir, 'transcript.jsonl'),
          sandbox: { use: 'none', hide: [], writable: [] },
          signal: never(),
          timeouts,
        });
      const first = await begin(null);
      if (!first.ok) throw new Error(first.error.message);
      expect(await begin(first.value.sessionId)).toMatchObject({ ok: false, error: { code: 'busy' } });
      await first.value.prompt('one', never());
      await first.value.stop();
      const later = await begin(first.value.sessionId);
      expect(later).toMatchObject({ ok: true, value: { resumed: true } });
      if (later.ok) await later.value.stop();
    });
  });

  describe(`${rig.name}: something more during a turn`, () => {
    feature('reaches the agent, and the turn stays one', 'steered', async () => {
      const { session, until, events } = await open('steered');
      expect(session.caps.steer).toBe(true);
      const result = session.prompt('go', never());
      await until(() => said(events).includes('begun'));
      expect(await session.steer('and the tests')).not.toBe('idle');
      expect(await result).toMatchObject({ outcome: 'completed', error: null });
      expect((await result).finalText).toMatch(/^begun heard: .*and the tests$/);
      expect(await session.steer('too late')).toBe('idle');
    });

    feature('is forgotten when the turn is cancelled', 'steered', async () => {
      const { session, until, events } = await open('steered');
      const result = session.prompt('go', never());
      await until(() => said(events).includes('begun'));
      const cancelled = session.cancel('enough');
      expect(await session.steer('and this')).toBe('idle');
      await cancelled;
      expect((await result).outcome).toBe('cancelled');
    });

    feature('does nothing to an agent that is dead', 'crash', async () => {
      const { session } = await open('crash');
      await session.prompt('go', never());
      expect(await session.steer('still there?')).toBe('idle');
    });
  });

  describe(`${rig.name}: the mode`, () => {
    const modes: readonly [AgentStart['mode'], string][] = [
      ['plan', 'plan'],
      ['ask', 'ask'],
    ];
    for (const [mode, shown] of modes) {
      feature(`is "${mode}" from the start when that is asked for`, 'mode', async () => {
        const { session, result } = await turn('mode', { mode });
        expect(session.caps.planMode).toBe(true);
        expect(result.finalText).toBe(shown);
      });
    }

    feature('can be changed between turns', 'mode', async () => {
      const { session } = await open('mode', { mode: 'plan' });
      expect((await session.prompt('one', never())).finalText).toBe('plan');
      expect(await session.setMode('ask')).toMatchObject({ ok: true });
      expect((await session.prompt('two', never())).finalText).toBe('ask');
    });
  });
}
