import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { AgentHost, AgentTools } from '../../src/main/runtime/agent-backend.ts';
import { createRuntimeTools } from '../../src/main/runtime/performers/agent-tools.ts';
import { ok } from '../../src/shared/kernel/result.ts';
import { namespaces, never, nobody, tools as toolCalls } from './agent-rig.ts';
import type { AgentRig } from './agent-rig.ts';

export function toolFeatures(rig: AgentRig): void {
  const { feature, open, turn } = rig;

  /** The real tools, whose notes are kept here. */
  const offering = () => {
    const notes: unknown[] = [];
    const tools: AgentTools = createRuntimeTools({
      note: (note) => {
        notes.push(note);
        return ok(null);
      },
      ask: async () => null,
      taken: () => [],
    });
    const host: AgentHost = { ...nobody, tools };
    return { notes, host };
  };

  describe(`${rig.name}: omk's own tools`, () => {
    feature('are offered, called without asking anybody, and answered', 'tools', async () => {
      const { notes, host } = offering();
      const { result, events } = await turn('tools', { host });
      expect(result).toMatchObject({ outcome: 'completed' });
      expect(result.finalText).toContain('told: Recorded.');
      expect(result.finalText).toContain('refused: There is no tool "nonsense"');
      expect(notes).toEqual([{ type: 'claim.make', claim: { said: 'it works', files: [], command: null } }]);
      expect(toolCalls(events).map(({ name, state }) => [name.split('__').at(-1), state])).toEqual([
        ['report_evidence', 'ok'],
        ['nonsense', 'failed'],
      ]);
    });

    feature('are not there when none are offered', 'tools', async () => {
      expect((await turn('tools')).result.finalText).toBe('no tools');
    });

    feature(
      'leave nothing behind in the temporary folder, and no secret in the transcript',
      'tools',
      async () => {
        await turn('tools', { host: offering().host });
        expect(readdirSync(join(rig.dir, 'tmp')).filter((name) => name.includes('omk'))).toEqual([]);
        expect(readFileSync(join(rig.dir, 'transcript.jsonl'), 'utf8')).not.toMatch(
          /OMK_TOOLS_TOKEN\\?",\\?"value\\?":\\?"[\w-]{20}/,
        );
      },
    );

    feature(
      'are waited for without the turn being called stalled, and let go when it is cancelled',
      'tools',
      async () => {
        let called: () => void = () => undefined;
        const isCalled = new Promise<void>((resolve) => (called = resolve));
        let told: AbortSignal | null = null;
        const slow: AgentTools = {
          list: offering().host.tools?.list ?? [],
          call: (_name, _args, signal) => {
            told = signal;
            called();
            return new Promise(() => undefined);
          },
        };
        const { session } = await open('tools', {
          host: { ...nobody, tools: slow },
          // Longer than the agent and its tools take to start on a busy machine.
          timeouts: { stallMs: 2_500 },
        });
        const result = session.prompt('go', never());
        await isCalled;
        await new Promise((resolve) => setTimeout(resolve, 4_000));
        await session.cancel('enough');
        expect((await result).outcome).toBe('cancelled');
        expect(told).toMatchObject({ aborted: true });
      },
    );

    if (namespaces) {
      feature('work from inside the namespaces of the agent', 'tools', async () => {
        const { notes, host } = offering();
        const { result } = await turn('tools', { host, use: 'namespaces' });
        expect(result.finalText).toContain('told: Recorded.');
        expect(notes).toHaveLength(1);
      });
    }
  });
}
