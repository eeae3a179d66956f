import { createHash } from 'node:crypto';
import { Digest } from '../../../shared/kernel/ids.ts';

export function sha256(bytes: string | Uint8Array): Digest {
  return Digest.parse(createHash('sha256').update(bytes).digest('hex'));
}
