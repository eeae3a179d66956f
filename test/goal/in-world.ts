import { expect } from 'vitest';
import { leftovers, makeWorld } from './omk.ts';
import type { World } from './omk.ts';

/** The body of a case, in a world of its own in which nothing runs any more afterwards. */
export const inWorld = (body: (world: World) => Promise<void>) => async (): Promise<void> => {
  const world = makeWorld();
  try {
    await body(world);
    expect(leftovers(world)).toEqual([]);
  } finally {
    world.cleanup();
  }
};
