import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeWorld } from '../goal/omk.ts';
import { brokenArtifacts, descendants, leftRunning } from './left-behind.ts';

it('sees a child that lives on, and no longer once it has ended', async () => {
  const world = makeWorld();
  const child = spawn('sleep', ['60'], { cwd: '/', env: { PATH: process.env['PATH'] ?? '' } });
  try {
    await once(child, 'spawn');
    const below = descendants(process.pid).filter((one) => one.pid === child.pid);
    expect(below).toHaveLength(1);
    expect(await leftRunning(world, below, 0)).toHaveLength(1);
    expect(await leftRunning(world, [], 0)).toEqual([]);
    child.kill('SIGKILL');
    expect(await leftRunning(world, below)).toEqual([]);
  } finally {
    child.kill('SIGKILL');
    world.cleanup();
  }
});

it.skipIf(process.platform !== 'linux')('sees a process that only stands in the world', async () => {
  const world = makeWorld();
  const child = spawn('sleep', ['60'], { cwd: world.repo, env: { PATH: process.env['PATH'] ?? '' } });
  try {
    await once(child, 'spawn');
    expect(await leftRunning(world, [], 0)).toContain(String(child.pid));
  } finally {
    child.kill('SIGKILL');
    world.cleanup();
  }
});

it('tells an artifact that was cut off from a whole one', () => {
  const world = makeWorld();
  try {
    const folder = join(world.state, 'artifacts', 'ab');
    mkdirSync(folder, { recursive: true });
    const [whole, cut] = ['whole', 'to be cut'].map((text) =>
      createHash('sha256').update(text).digest('hex'),
    );
    writeFileSync(join(folder, whole ?? ''), 'whole');
    writeFileSync(join(folder, cut ?? ''), 'to be');
    expect(brokenArtifacts(world)).toEqual([join(folder, cut ?? '')]);
  } finally {
    world.cleanup();
  }
});
