import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AttemptKind } from '../../src/shared/goal/vocabulary.ts';
import { commitAll, put } from '../goal/bad-input.ts';
import { makeWorld, runArgs } from '../goal/omk.ts';
import type { World } from '../goal/omk.ts';
import { brokenArtifacts, descendants, leftRunning } from './left-behind.ts';
import type { Seen } from './left-behind.ts';

type Case = {
  readonly kind: AttemptKind;
  readonly isolation: 'namespaces' | 'none';
  /** From the start of the attempt to the kill. */
  readonly delay: number;
};

const unhurried = { timeout: 120_000 };
const kinds: readonly AttemptKind[] = ['prepare', 'setup', 'base', 'agent', 'verify', 'land'];

/** Gives the sample a dependency that `npm ci` installs without any network: a folder of the repository itself. */
function addDependency(world: World): void {
  const root = JSON.parse(readFileSync(`${world.repo}/package.json`, 'utf8')) as Record<string, unknown>;
  const dependencies = { left: 'file:vendor/left' };
  const left = { name: 'left', version: '1.0.0' };
  put(world, 'package.json', `${JSON.stringify({ ...root, dependencies }, null, 2)}\n`);
  put(world, 'vendor/left/package.json', `${JSON.stringify(left, null, 2)}\n`);
  put(world, '.gitignore', 'node_modules/\n');
  const lock = {
    name: root['name'],
    version: root['version'],
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { name: root['name'], version: root['version'], dependencies },
      'node_modules/left': { resolved: 'vendor/left', link: true },
      'vendor/left': left,
    },
  };
  put(world, 'package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
  commitAll(world);
}

/** Runs until `delay` ms into the first attempt of this kind, kills omk there, and tells what ran below it. */
async function runAndKill(world: World, { kind, isolation, delay }: Case) {
  const below: Seen[] = [];
  let aimed = false;
  // An agent that is killed late has to be still at work then.
  const script = kind === 'agent' && delay > 0 ? 'slow' : 'honest';
  const ended = await world.start(runArgs(world, script, '--isolation', isolation), (line, child) => {
    const payload = line['payload'] as { kind?: string } | undefined;
    if (aimed || line['type'] !== 'attempt.started' || payload?.kind !== kind) return;
    aimed = true;
    setTimeout(() => {
      if (child.pid === undefined || child.exitCode !== null) return;
      below.push(...descendants(child.pid));
      child.kill('SIGKILL');
    }, delay);
  });
  return { ended, below, aimed };
}

async function survives(one: Case): Promise<void> {
  const world = makeWorld();
  try {
    if (one.kind === 'setup') addDependency(world);
    const { ended, below, aimed } = await runAndKill(world, one);
    expect(aimed, ended.stderr).toBe(true);
    expect(await leftRunning(world, below)).toEqual([]);
    expect(brokenArtifacts(world)).toEqual([]);
    // Only landing may be over sooner than the delay; then there was nothing to kill and nothing to resume.
    if (one.kind !== 'land') expect(ended.signal).toBe('SIGKILL');
    const last =
      ended.signal === 'SIGKILL'
        ? await world.omk(['goal', 'resume', 'latest', '--until-ready', '--json'])
        : ended;
    expect(last.result, last.stderr).toMatchObject({ status: 'ready', exit_code: 0 });
    const proof = JSON.parse(readFileSync(last.result?.proof_path ?? '', 'utf8')) as unknown;
    expect(proof).toMatchObject({ status: 'ready' });
    // Folders of agents that were away when omk died are back, and nothing is away any more.
    expect(readdirSync(join(world.state, 'away'))).toEqual([]);

    const log = (await world.omk(['goal', 'events', '--json'])).stdout;
    const events = JSON.parse(log) as { version: number; type: string }[];
    expect(events.map((event) => event.version)).toEqual(events.map((_, index) => index + 1));
    expect(events.filter((event) => event.type === 'goal.concluded')).toHaveLength(1);
    expect(await leftRunning(world, [])).toEqual([]);
    expect(brokenArtifacts(world)).toEqual([]);
  } finally {
    world.cleanup();
  }
}

for (const isolation of ['namespaces', 'none'] as const) {
  describe(`after SIGKILL, isolation ${isolation} wanted`, () => {
    for (const kind of kinds) {
      // Where nothing was started yet, isolation makes no difference.
      for (const delay of isolation === 'none' ? [0, 120] : [120])
        it.concurrent(
          `nothing runs or is half written, and the goal still ends ready, ${delay} ms into ${kind}`,
          unhurried,
          () => survives({ kind, isolation, delay }),
        );
    }
  });
}
