import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Digest } from '../../../shared/kernel/ids.ts';
import type { Clock, Ids, Timers } from '../../runtime/ports.ts';

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

export const systemIds: Ids = { hex8: () => randomBytes(4).toString('hex'), uuid: () => randomUUID() };

export const sha256 = (text: string): Digest => Digest.parse(createHash('sha256').update(text).digest('hex'));

export const systemTimers: Timers = {
  after(ms, run) {
    // setTimeout fires at once for anything longer than 2^31 - 1 ms.
    const timer = setTimeout(run, Math.min(ms, 0x7fff_ffff));
    return () => clearTimeout(timer);
  },
};
