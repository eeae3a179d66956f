import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkProof, documentNames } from '../../shared/proof/check.ts';
import { omkVersion } from './version.ts';

export type ProofCheck = {
  readonly ok: boolean;
  readonly checked: number;
  readonly problems: readonly string[];
  /** What could not be checked, one sentence each. */
  readonly notes: readonly string[];
};

/**
 * Checks a proof offline: the proof, the log and the documents beside it by their text (`checkProof`), and every piece of evidence the
 * log refers to by digest: beside it in `evidence/`, or in the store of the state directory it lies in. Needs no host and no
 * database; changes nothing.
 */
export async function checkProofFile(path: string): Promise<ProofCheck> {
  const dir = dirname(path);
  const beside = new Map<string, string | null>();
  for (const name of documentNames) {
    const text = await readText(join(dir, name));
    if (text !== undefined) beside.set(name, text);
  }
  const proof = await readText(path);
  if (proof === undefined)
    return { ok: false, checked: 0, problems: [`There is no file ${path}.`], notes: [] };
  const texts = checkProof(
    { proof, log: (await readText(join(dir, 'events.jsonl'))) ?? null, beside },
    { sha256: (text) => createHash('sha256').update(text).digest('hex'), omk: omkVersion },
  );
  const problems = [...texts.problems];
  for (const digest of texts.evidence) {
    const found = await digestOf(dir, digest);
    if (found === null) problems.push(`Evidence ${digest} is missing.`);
    else if (found !== digest) problems.push(`Evidence ${digest} was changed.`);
  }
  const checked = texts.checked + texts.evidence.length;
  return { ok: problems.length === 0, checked, problems, notes: texts.notes };
}

/** SHA-256 of the stored bytes, `null` where there are none. What lies beside the proof counts first. */
async function digestOf(dir: string, digest: string): Promise<string | null> {
  for (const path of [
    join(dir, 'evidence', digest),
    join(dir, '..', '..', 'artifacts', digest.slice(0, 2), digest),
  ]) {
    try {
      const hash = createHash('sha256');
      for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
      return hash.digest('hex');
    } catch (cause) {
      if (!isMissing(cause)) return 'unreadable';
      // not here: the other place may have it
    }
  }
  return null;
}

/** `undefined`: not there. `null`: it is, but not as a text omk wrote. */
async function readText(path: string): Promise<string | null | undefined> {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch (cause) {
    return isMissing(cause) ? undefined : null;
  }
}

const isMissing = (cause: unknown): boolean =>
  cause !== null &&
  typeof cause === 'object' &&
  'code' in cause &&
  (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
