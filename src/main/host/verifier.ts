import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Bug } from '../../shared/kernel/bug.ts';

/** The program that checks an exported proof without omk; it lies beside the sources and in the package. */
export function verifierText(): Promise<string> {
  const candidates = ['../../resources/verify-proof.mjs', '../../../resources/verify-proof.mjs'];
  const found = candidates
    .map((one) => fileURLToPath(new URL(one, import.meta.url)))
    .find((one) => existsSync(one));
  if (found === undefined) throw new Bug('The verifier did not come with this omk.');
  return readFile(found, 'utf8');
}
