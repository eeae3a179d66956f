import { afterEach, beforeEach, describe } from 'vitest';
import { setUp } from './features/bench.features.ts';
import type { Bench, Wire } from './features/bench.features.ts';
import { callFeatures } from './features/calls.features.ts';
import { connectionFeatures } from './features/connection.features.ts';
import { streamFeatures } from './features/streams.features.ts';

/** What the bridge promises over every carrier. `open` makes a fresh pair; closing it or `cut` must free it. */
export function rpcFeatures(carrier: string, open: () => Promise<Wire>): void {
  describe(`the bridge over ${carrier}`, () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await setUp(open);
    });
    afterEach(() => {
      bench.connection.close();
      bench.wire.cut();
    });
    const current = (): Bench => bench;
    describe('calls', () => {
      callFeatures(current);
    });
    describe('streams', () => {
      streamFeatures(current);
    });
    describe('the connection', () => {
      connectionFeatures(current);
    });
  });
}
