import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createAcpBackend } from '../../src/main/adapters/agents/acp/backend.ts';
import { spawnManaged } from '../../src/main/adapters/process/spawn.ts';
import type { AgentHost, ApprovalRequest } from '../../src/main/runtime/agent-backend.ts';
import type { AgentSpec } from '../../src/shared/goal/vocabulary.ts';
import { createRig, never, nobody, said, tools } from './agent-rig.ts';
import { agentFeatures } from './agents.features.ts';
import type { AgentFeatureSetup } from './agent-rig.ts';

const script = join(dirname(fileURLToPath(import.meta.url)), '..', 'fakes', 'acp-agent.ts');

const spec = (scenario: string, quirks: AgentSpec['quirks'] = 'kimi-code'): AgentSpec => ({
  name: 'fake',
  protocol: 'acp',
  argv: [process.execPath, script, scenario],
  envNames: [],
  quirks,
});

const setup: AgentFeatureSetup = {
  name: 'ACP',
  makeBackend: (o) => createAcpBackend({ spawn: spawnManaged, version: '0.0.0', ...o }),
  fakeFor: (scenario) => spec(scenario),
};

agentFeatures(setup);

/** Allows everything, and keeps what it was asked. */
function allowing() {
  const seen: ApprovalRequest[] = [];
  const host: AgentHost = {
    ...nobody,
    approve: async (request) => {
      seen.push(request);
      return { decision: 'allow_once', feedback: null };
    },
  };
  return { seen, host };
}

describe('ACP: what is believed about the end of a turn', () => {
  const rig = trapRig();

  it('a prompt answered while the agent runs a turn of its own is waited for until it was carried out', async () => {
    const { session, events, until } = await rig.open('queued-prompt');
    expect((await session.prompt('one', never())).finalText).toBe('first');
    await until(() => events.some((event) => event.type === 'autonomous_turn'));
    const startedAt = performance.now();
    const second = await session.prompt('two', never());
    expect(performance.now() - startedAt).toBeGreaterThan(300);
    expect(second).toMatchObject({ outcome: 'completed', confirmed: true });
    expect(events.filter((event) => event.type === 'autonomous_turn').map((event) => event.state)).toEqual([
      'begin',
      'end',
    ]);
  });

  it('an answer that nothing in the session file bears out is a failure', async () => {
    expect((await rig.turn('lost-prompt')).result).toMatchObject({
      outcome: 'failed',
      confirmed: false,
      error: { retryable: true },
    });
  });

  it('a record that comes long after the answer still decides', async () => {
    expect((await rig.turn('slow-record')).result).toMatchObject({
      outcome: 'failed',
      confirmed: true,
      error: { code: 'connection_error' },
    });
  });

  it('without a session file a turn with work is completed but unconfirmed, one without is not completed', async () => {
    const generic = trapSetup('generic');
    const worked = await generic.turn('happy');
    expect(worked.result).toMatchObject({ outcome: 'completed', confirmed: false, usage: null });
    expect(worked.session.caps).toMatchObject({ usage: 'none', failureReporting: 'none' });
    expect((await generic.turn('model-error')).result).toMatchObject({ outcome: 'failed', confirmed: false });
  });

  function trapSetup(quirks: AgentSpec['quirks']) {
    return trapRig(quirks);
  }
});

function trapRig(quirks: AgentSpec['quirks'] = 'kimi-code') {
  return createRig({ ...setup, fakeFor: (scenario) => spec(scenario, quirks) });
}
