import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { AgentHost, AgentQuestion, ApprovalRequest } from '../../src/main/runtime/agent-backend.ts';
import { never, nobody, said, tools } from './agent-rig.ts';
import type { AgentRig } from './agent-rig.ts';

export function personFeatures(rig: AgentRig): void {
  const { feature, open, turn } = rig;

  describe(`${rig.name}: the person`, () => {
    const asks = (decision: 'allow_once' | 'allow_always' | 'reject', feedback: string | null = null) => {
      const seen: ApprovalRequest[] = [];
      const host: AgentHost = {
        ...nobody,
        approve: async (request) => {
          seen.push(request);
          return { decision, feedback };
        },
      };
      return { seen, host };
    };

    feature('is asked with the whole command, and what is allowed is done', 'approval', async () => {
      const { seen, host } = asks('allow_once');
      const { result } = await turn('approval', { host });
      expect(seen).toHaveLength(1);
      expect(seen[0]).toMatchObject({ command: 'touch approved.txt', commandComplete: true });
      expect(result).toMatchObject({ outcome: 'completed', finalText: 'allowed' });
      expect(existsSync(join(rig.dir, 'work/approved.txt'))).toBe(true);
    });

    feature('is asked about the file that a link really leads to', 'writes-through-link', async () => {
      const { seen, host } = asks('allow_once');
      const { result } = await turn('writes-through-link', { host });
      expect(seen).toMatchObject([{ command: null, paths: [join(rig.dir, 'user/made.txt')] }]);
      expect(seen[0]?.diff).toContain('+made');
      expect(result.finalText).toBe('allowed');
    });

    feature('can refuse, and the turn goes on', 'approval', async () => {
      const { host } = asks('reject', 'use something else');
      const { result } = await turn('approval', { host });
      expect(result.outcome).toBe('completed');
      expect(result.finalText).toContain('refused');
      expect(existsSync(join(rig.dir, 'work/approved.txt'))).toBe(false);
    });

    feature('who does not answer in time, or cannot, has refused', 'approval', async () => {
      const silent: AgentHost = { ...nobody, approve: () => new Promise(() => undefined) };
      const broken: AgentHost = { ...nobody, approve: () => Promise.reject(new Error('no window')) };
      for (const host of [silent, broken]) {
        const { result } = await turn('approval', { host, hostDeadlineMs: 200 });
        expect(result.finalText).toContain('refused');
      }
      expect(existsSync(join(rig.dir, 'work/approved.txt'))).toBe(false);
    });

    feature('is waited for without the turn being called stalled', 'approval', async () => {
      const host: AgentHost = {
        ...nobody,
        approve: async () => {
          await new Promise((resolve) => setTimeout(resolve, 900));
          return { decision: 'allow_once', feedback: null };
        },
      };
      const { result } = await turn('approval', { host, timeouts: { stallMs: 300 } });
      expect(result).toMatchObject({ outcome: 'completed', finalText: 'allowed' });
    });

    feature('who allows it after the turn was cancelled has allowed nothing', 'approval', async () => {
      let allow: () => void = () => undefined;
      let asked: () => void = () => undefined;
      const isAsked = new Promise<void>((resolve) => (asked = resolve));
      const host: AgentHost = {
        ...nobody,
        approve: () => {
          asked();
          return new Promise((resolve) => {
            allow = () => resolve({ decision: 'allow_once', feedback: null });
          });
        },
      };
      const { session, events, reading } = await open('approval', { host });
      const result = session.prompt('go', never());
      await isAsked;
      await session.cancel('enough');
      expect((await result).outcome).toBe('cancelled');
      allow();
      await session.stop();
      await reading;
      expect(said(events)).not.toContain('allowed');
      // Nobody ends the call that waited; it is not left running.
      expect(tools(events).map(({ state }) => state)).toEqual(['failed']);
      expect(existsSync(join(rig.dir, 'work/approved.txt'))).toBe(false);
    });

    feature('is asked questions with their options, and the answer arrives', 'question', async () => {
      const seen: AgentQuestion[] = [];
      const host: AgentHost = {
        ...nobody,
        ask: async (question) => {
          seen.push(question);
          return { [question.questions[0]?.text ?? '']: ['Python'] };
        },
      };
      const { result } = await turn('question', { host });
      expect(seen[0]?.questions).toHaveLength(1);
      expect(seen[0]?.questions[0]).toMatchObject({
        options: [{ label: 'TypeScript' }, { label: 'Python' }],
        multiSelect: false,
      });
      expect(seen[0]?.questions[0]?.text).toContain('Which language?');
      expect(result).toMatchObject({ outcome: 'completed', finalText: 'answer: Python' });
    });

    feature('can leave a question unanswered, and a late one is dismissed', 'question', async () => {
      expect((await turn('question')).result.finalText).toBe('answer: none');
      const silent: AgentHost = { ...nobody, ask: () => new Promise(() => undefined) };
      const late = await turn('question', { host: silent, hostDeadlineMs: 200 });
      expect(late.result.finalText).toBe('answer: none');
    });

    feature('is no longer asked once the turn is cancelled', 'question', async () => {
      let asked: () => void = () => undefined;
      const isAsked = new Promise<void>((resolve) => {
        asked = resolve;
      });
      let told: AbortSignal | null = null;
      const host: AgentHost = {
        ...nobody,
        ask: (_, signal) => {
          told = signal;
          asked();
          return new Promise(() => undefined);
        },
      };
      const { session } = await open('question', { host });
      const result = session.prompt('go', never());
      await isAsked;
      await session.cancel('enough');
      expect((await result).outcome).toBe('cancelled');
      expect(told).toMatchObject({ aborted: true });
    });
  });
}
