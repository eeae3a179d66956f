import { afterEach } from 'vitest';
import { toolPath } from '../../src/main/adapters/gates/tools.ts';
import type { Files } from './git-workspaces.ts';
import { gateWorld } from './world.ts';
import type { GateWorld, WorldOptions } from './world.ts';

/** Opens worlds that are gone after their test; called once in a file. */
export function worldsOfTests(): (files: Files, o?: WorldOptions) => Promise<GateWorld> {
  const opened: GateWorld[] = [];
  afterEach(() => {
    for (const world of opened.splice(0)) world.remove();
  });
  return async (files, o = {}) => {
    const world = await gateWorld(files, o);
    opened.push(world);
    return world;
  };
}

const tools = await toolPath(process.env['PATH'] ?? '', []);
/** Why tests of a runner are skipped, as a part of their name; '' where it is here. */
export async function missing(...programs: string[]): Promise<string> {
  for (const program of programs)
    if ((await tools.find(program)) === null) return ` (skipped: no ${program} on the PATH)`;
  return '';
}
