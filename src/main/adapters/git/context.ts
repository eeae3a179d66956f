import type { Git } from './git.ts';
import type { ObjectReader } from './object-reader.ts';
import type { Places } from './places.ts';

/** What every act on a goal's repositories needs. */
export type Context = {
  readonly git: Git;
  readonly places: Places;
  readonly objects: ObjectReader;
  /** Files with the person's own ignore rules. */
  readonly personalExcludes: readonly string[];
  /** One act on a key at a time; the others wait their turn. */
  readonly alone: <T>(key: string, act: () => Promise<T>) => Promise<T>;
};

export function createQueue(): Context['alone'] {
  const tails = new Map<string, Promise<unknown>>();
  return async (key, act) => {
    const before = tails.get(key) ?? Promise.resolve();
    const turn = before.then(act, act);
    tails.set(key, turn);
    try {
      return await turn;
    } finally {
      if (tails.get(key) === turn) tails.delete(key);
    }
  };
}
