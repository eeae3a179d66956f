import { tmpdir } from 'node:os';
import { makePlace as real } from '../../../../src/main/adapters/gates/place.ts';

export * from '../../../../src/main/adapters/gates/place.ts';
/** The person's own HOME and TMPDIR. */
export const makePlace: typeof real = async (...args) => {
  const place = await real(...args);
  return { ...place, inside: { ...place.inside, home: process.env['HOME'] ?? '/', tmp: tmpdir() } };
};
