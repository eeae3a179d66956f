import { join } from 'node:path';
import { createWireBackend } from '../../src/main/adapters/agents/wire/backend.ts';
import { spawnManaged } from '../../src/main/adapters/process/spawn.ts';
import { agentFeatures } from './agents.features.ts';

const server = join(import.meta.dirname, '../fakes/wire-server.ts');

agentFeatures({
  name: 'wire',
  makeBackend: (o) => createWireBackend({ spawn: spawnManaged, ...o }),
  fakeFor: (scenario) => ({
    name: 'fake',
    protocol: 'wire',
    argv: [process.execPath, server, scenario],
    envNames: [],
    // Only a kimi-cli has conversations that can be gone on with.
    quirks: ['remembers', 'hung-resume'].includes(scenario) ? 'kimi-cli' : 'generic',
  }),
});
