import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AgentHost, TurnResult } from '../../src/main/runtime/agent-backend.ts';
import type { AgentSpec } from '../../src/shared/goal/vocabulary.ts';
import { namespaces, never, nobody, running, said, timeouts } from './agent-rig.ts';
import type { AgentRig } from './agent-rig.ts';

export function endingFeatures(rig: AgentRig): void {
  const { feature, open, ours, sleep, start, turn } = rig;

  describe(`${rig.name}: death`, () => {
    const crashed = async (scenario: 'crash' | 'exits-zero'): Promise<TurnResult> => {
      const { result, events, stopped } = await turn(scenario);
      expect(said(events)).toBe('half');
      expect(result.finalText).toBe('half');
      expect(stopped.survivors).toEqual([]);
      return result;
    };

    feature('by a signal in the middle of a turn is a crash', 'crash', async () => {
      expect(await crashed('crash')).toMatchObject({
        outcome: 'crashed',
        confirmed: true,
        error: { code: 'process_exit' },
      });
    });

    feature('in the middle of a turn is a crash, also with exit code 0', 'exits-zero', async () => {
      expect(await crashed('exits-zero')).toMatchObject({
        outcome: 'crashed',
        error: { code: 'process_exit' },
      });
    });

    feature('leaves a session that answers every later prompt at once', 'crash', async () => {
      const { session } = await open('crash');
      await session.prompt('one', never());
      expect(await session.prompt('two', never())).toMatchObject({
        outcome: 'crashed',
        error: { code: 'process_exit' },
      });
      await session.cancel('nothing to cancel');
    });

    feature('before the handshake is told with the last words', 'dies-at-start', async () => {
      const started = await start('dies-at-start');
      expect(started).toMatchObject({ ok: false, error: { code: 'process_exit' } });
      expect(JSON.stringify(started)).toContain('cannot find module');
    });

    feature('while it waits for a person ends the waiting', 'approval-then-crash', async () => {
      let told: AbortSignal | null = null;
      const host: AgentHost = {
        ...nobody,
        approve: (_, signal) => {
          told = signal;
          return new Promise(() => undefined);
        },
      };
      const { result } = await turn('approval-then-crash', { host });
      expect(result.outcome).toBe('crashed');
      expect(told).toMatchObject({ aborted: true });
    });

    it('of a program that does not exist is told at once', async () => {
      const backend = rig.makeBackend({
        userHome: join(rig.dir, 'user'),
        baseEnv: { PATH: '/usr/bin:/bin' },
        hostDeadlineMs: 1_000,
      });
      const spec: AgentSpec = {
        name: 'x',
        protocol: backend.kind,
        argv: ['/no/such/agent'],
        envNames: [],
        quirks: 'generic',
      };
      const started = await backend.start({
        spec,
        workDir: join(rig.dir, 'work'),
        home: join(rig.dir, 'home'),
        tmpDir: join(rig.dir, 'tmp'),
        env: {},
        resumeSessionId: null,
        mode: 'ask',
        host: nobody,
        transcriptPath: join(rig.dir, 'transcript.jsonl'),
        sandbox: { use: 'none', hide: [], writable: [] },
        signal: never(),
        timeouts,
      });
      expect(started).toMatchObject({ ok: false, error: { code: 'spawn_failed' } });
    });
  });

  describe(`${rig.name}: silence`, () => {
    feature('in the handshake ends in a time-out and no process', 'hung-start', async () => {
      const started = await start('hung-start', { timeouts: { handshakeMs: 700 } });
      expect(started).toMatchObject({ ok: false, error: { code: 'handshake_timeout' } });
      expect(ours()).toEqual([]);
    });

    feature(
      'in the handshake ends at once, and its process, when the start is given up',
      'hung-start',
      async () => {
        const giving = new AbortController();
        const starting = start('hung-start', { signal: giving.signal });
        await expect.poll(ours).not.toEqual([]);
        giving.abort();
        // Far below the limit of the handshake, or this case ends in its own.
        expect(await starting).toMatchObject({ ok: false, error: { code: 'cancelled' } });
        expect(ours()).toEqual([]);
      },
    );

    feature('is not waited for at all when the start was given up before', 'hung-start', async () => {
      const started = await start('hung-start', { signal: AbortSignal.abort() });
      expect(started).toMatchObject({ ok: false, error: { code: 'cancelled' } });
      expect(ours()).toEqual([]);
    });

    feature(
      'in a turn for too long is a stalled turn, and the session lives on where the agent does',
      'silent',
      async () => {
        const { session, events } = await open('silent', { timeouts: { stallMs: 600 } });
        expect(await session.prompt('go', never())).toMatchObject({
          outcome: 'stalled',
          error: { code: 'stalled' },
        });
        expect(said(events)).toBe('hm');
      },
    );

    feature('of an agent that listens to nothing ends in its end', 'deaf', async () => {
      const { session } = await open('deaf', { timeouts: { stallMs: 600, cancelMs: 300, stopMs: 200 } });
      expect(await session.prompt('go', never())).toMatchObject({ outcome: 'stalled' });
      expect((await session.stop()).survivors).toEqual([]);
      expect(ours()).toEqual([]);
    });
  });

  describe(`${rig.name}: cancel and stop`, () => {
    feature('cancel ends the turn as cancelled', 'slow', async () => {
      const { session, until, events } = await open('slow');
      const result = session.prompt('go', never());
      await until(() => said(events).includes('tick'));
      await session.cancel('enough');
      expect(await result).toMatchObject({ outcome: 'cancelled', error: null });
      await session.cancel('again');
    });

    feature('a signal that is aborted already starts no turn', 'slow', async () => {
      const { session } = await open('slow');
      expect((await session.prompt('go', AbortSignal.abort())).outcome).toBe('cancelled');
    });

    feature('cancel of an agent that does not listen ends it within the limit', 'deaf', async () => {
      const { session, until, events } = await open('deaf', { timeouts: { cancelMs: 300, stopMs: 200 } });
      const result = session.prompt('go', never());
      await until(() => said(events).includes('hm'));
      const startedAt = performance.now();
      await session.cancel('enough');
      expect((await result).outcome).toBe('cancelled');
      expect(performance.now() - startedAt).toBeLessThan(5_000);
    });

    feature('what comes late after a cancel is no part of the next turn', 'late-updates', async () => {
      const { session, until, events } = await open('late-updates');
      const first = session.prompt('one', never());
      await until(() => said(events).includes('tick'));
      await session.cancel('enough');
      expect((await first).outcome).toBe('cancelled');
      expect(await session.prompt('two', never())).toMatchObject({
        outcome: 'completed',
        finalText: 'second',
      });
    });

    feature('stop in the middle of a turn cancels it and ends every process', 'children', async () => {
      const { session, until, events, reading } = await open('children', {
        env: { OMK_TEST_SLEEP: sleep() },
      });
      const result = session.prompt('go', never());
      await until(() => said(events).includes('started'));
      expect(running(`sleep\0${sleep()}`).length).toBeGreaterThanOrEqual(2);
      const [a, b] = await Promise.all([session.stop(), session.stop()]);
      expect(a.survivors).toEqual([]);
      expect(b).toEqual(a);
      expect((await result).outcome).not.toBe('completed');
      await reading;
      expect(running(`sleep\0${sleep()}`)).toEqual([]);
      expect(ours()).toEqual([]);
    });

    feature(
      'stop ends an agent that listens to nothing within two seconds after the grace',
      'deaf',
      async () => {
        const { session, until, events } = await open('deaf', { timeouts: { cancelMs: 300, stopMs: 200 } });
        void session.prompt('go', never());
        await until(() => said(events).includes('hm'));
        const { survivors, tookMs } = await session.stop();
        expect(survivors).toEqual([]);
        expect(tookMs).toBeLessThan(300 + 200 + 2_000);
      },
    );

    it.skipIf(!namespaces || rig.cannot('children'))(
      'stop leaves nothing in namespaces either, and the agent does its work in them',
      async () => {
        const { session, until, events } = await open('children', {
          use: 'namespaces',
          env: { OMK_TEST_SLEEP: sleep() },
        });
        expect(session.isolated).toBe('namespaces');
        const result = session.prompt('go', never());
        await until(() => said(events).includes('started'));
        expect((await session.stop()).survivors).toEqual([]);
        await result;
        expect(running(`sleep\0${sleep()}`)).toEqual([]);
        const happy = await turn('happy', { use: 'namespaces' });
        expect(happy.result.outcome).toBe('completed');
        expect(existsSync(join(rig.dir, 'work/made.txt'))).toBe(true);
      },
    );
  });
}
