import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalJson } from '../../shared/kernel/json.ts';
import { chainText, genesisText } from '../../shared/proof/chain.ts';

export type ProofCheck = {
  readonly ok: boolean;
  readonly checked: number;
  readonly problems: readonly string[];
};

/**
 * Checks a proof offline: the seal over its own content, the log beside it (`events.jsonl`) with its hash chain, what the log
 * says was issued and landed, and every piece of evidence by digest (beside it in `evidence/`, or in omk's own store).
 * Every byte of the three is covered: text that is not exactly what omk writes is a problem even where it means the same.
 */
export async function checkProofFile(path: string): Promise<ProofCheck> {
  const problems: string[] = [];
  let checked = 0;
  const text = await readText(path);
  if (text === null) return { ok: false, checked: 0, problems: [`${path} cannot be read.`] };
  const proof = parseObject(text);
  if (!proof)
    return { ok: false, checked: 0, problems: [`${path} is not a proof: it is not a JSON object.`] };
  checked += 1;
  if (text !== `${JSON.stringify(proof, null, 2)}\n`) problems.push('proof.json is not the text omk wrote.');
  const { seal, ...sealed } = proof;
  if (seal !== sha256(canonicalJson(sealed))) problems.push('proof.json does not match its seal.');

  const log = await checkLog(join(dirname(path), 'events.jsonl'), String(proof['goal_id']));
  checked += log.events.length;
  problems.push(...log.problems);
  const range = member(proof, 'log');
  if (member(range, 'events') !== log.events.length || member(range, 'last_hash') !== log.lastHash) {
    problems.push('The log does not end where the proof says it does.');
  }
  problems.push(...checkAgainstLog(proof, log.events));

  for (const digest of evidenceOf(proof)) {
    checked += 1;
    const bytes = await readEvidence(dirname(path), digest);
    if (!bytes) problems.push(`Evidence ${digest} is missing.`);
    else if (createHash('sha256').update(bytes).digest('hex') !== digest)
      problems.push(`Evidence ${digest} was changed.`);
  }
  return { ok: problems.length === 0, checked, problems };
}

type LoggedEvent = { readonly type: unknown; readonly payload: unknown };

async function checkLog(path: string, goalId: string) {
  const problems: string[] = [];
  const events: LoggedEvent[] = [];
  const text = await readText(path);
  let hash = sha256(genesisText(goalId));
  if (text === null) return { events, lastHash: null, problems: [`${path} cannot be read.`] };
  if (!text.endsWith('\n')) problems.push('events.jsonl ends in the middle of a line.');
  for (const [index, line] of text.split('\n').slice(0, -1).entries()) {
    const event = parseObject(line);
    if (!event || canonicalJson(event) !== line) {
      problems.push(`Event ${index + 1} of the log is damaged.`);
      break;
    }
    const { hash: stored, ...rest } = event;
    hash = sha256(chainText(hash, rest));
    if (hash !== stored || rest['version'] !== index + 1 || rest['goalId'] !== goalId) {
      problems.push(`Event ${index + 1} of the log does not match its hash.`);
      break;
    }
    events.push({ type: rest['type'], payload: rest['payload'] });
  }
  return { events, lastHash: events.length > 0 ? hash : null, problems };
}

/** What the proof claims about the commit, held against what the log recorded about it. */
function checkAgainstLog(
  proof: Readonly<Record<string, unknown>>,
  events: readonly LoggedEvent[],
): readonly string[] {
  const problems: string[] = [];
  const verified = member(proof, 'verified');
  const commit = member(member(verified, 'result'), 'commit');
  const issued = events.findLast(
    (one) => one.type === 'proof.issued' && member(one.payload, 'commit') === commit,
  );
  if (!issued) problems.push('The log never issued a proof for this commit.');
  else if (member(issued.payload, 'digest') !== sha256(canonicalJson(verified))) {
    problems.push('What the proof says was verified is not what the log recorded.');
  }
  if (proof['status'] !== 'ready') return problems;
  const concluded = events.findLast((one) => one.type === 'goal.concluded');
  const landed = events.findLast((one) => one.type === 'result.landed');
  if (member(concluded?.payload, 'status') !== 'ready')
    problems.push('The log never concluded this goal as ready.');
  if (member(landed?.payload, 'commit') !== commit) problems.push('The log says that another commit landed.');
  return problems;
}

function evidenceOf(proof: Readonly<Record<string, unknown>>): readonly string[] {
  const verified = member(proof, 'verified');
  const found = [
    member(verified, 'evidence'),
    member(verified, 'diff'),
    member(member(proof, 'base_run'), 'evidence'),
  ].flat();
  const gates = member(verified, 'gates');
  const ofGates = Array.isArray(gates) ? gates.flatMap((gate) => member(gate, 'evidence')) : [];
  return [...new Set([...found, ...ofGates].filter((one): one is string => typeof one === 'string'))];
}

async function readEvidence(dir: string, digest: string): Promise<Buffer | null> {
  if (!/^[0-9a-f]{64}$/.test(digest)) return null;
  for (const path of [
    join(dir, 'evidence', digest),
    join(dir, '..', '..', 'artifacts', digest.slice(0, 2), digest),
  ]) {
    try {
      return await readFile(path);
    } catch {
      // not here: the other place may have it
    }
  }
  return null;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function readText(path: string): Promise<string | null> {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch {
    return null; // unreadable or not UTF-8: either way not what omk wrote
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function member(value: unknown, key: string): unknown {
  return value !== null && typeof value === 'object' && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
