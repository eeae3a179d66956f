import { randomBytes } from 'node:crypto';
import { languageOf } from '../../runtime/verification/test-source.ts';
import type { Overlay } from './overlay.ts';
import { oidOf } from './place.ts';
import type { Session } from './session.ts';

const MAX_TEST_FILE = 1024 * 1024;
const remarks = { js: '//', py: '#', rs: '//', go: '//', rb: '#', php: null, other: null } as const;

/** Red-first test files with a comment of random text at their end; everything in them means what it meant. */
export async function withRemarks(s: Session, paths: readonly string[], overlay: Overlay): Promise<Overlay> {
  const files = new Map(overlay.files);
  const expected = new Map(overlay.expected);
  for (const path of paths) {
    const sign = remarks[languageOf(path)];
    if (sign === null) continue;
    const bytes = overlay.files.get(path)?.bytes ?? (await s.theirs.read(path, MAX_TEST_FILE));
    if (bytes === null) continue;
    const words = randomBytes(9).toString('base64url');
    const remarked = Buffer.concat([bytes, Buffer.from(`\n${sign} ${words}\n`)]);
    files.set(path, { bytes: remarked, mode: overlay.files.get(path)?.mode ?? '100644' });
    expected.set(path, oidOf(remarked, s.o.baseTree));
  }
  return { ...overlay, files, expected };
}
