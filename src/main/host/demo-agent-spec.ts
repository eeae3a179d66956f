import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AgentSpec } from '../../shared/goal/vocabulary.ts';

/** Beside this module in a build (`demo-agent.js`), in its own folder in the sources. */
function program(): string {
  const built = fileURLToPath(new URL('demo-agent.js', import.meta.url));
  if (existsSync(built)) return built;
  const inChunks = fileURLToPath(new URL('../demo-agent.js', import.meta.url));
  if (existsSync(inChunks)) return inChunks;
  return fileURLToPath(new URL('../demo-agent/main.ts', import.meta.url));
}

/** The built-in demonstration agent, run by the very Node (or Electron as Node) that omk runs on. */
export function demoAgentSpec(script: string): AgentSpec {
  return {
    name: 'demo',
    protocol: 'wire',
    argv: [process.execPath, program(), '--script', script],
    envNames: process.versions['electron'] === undefined ? [] : ['ELECTRON_RUN_AS_NODE'],
    quirks: 'demo',
  };
}
