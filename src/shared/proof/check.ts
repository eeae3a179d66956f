import { goalFiles, prettyJson } from '../export/files.ts';
import { foldGoal } from '../goal/evolve.ts';
import { GoalEvent } from '../goal/events.ts';
import type { GoalState } from '../goal/state.ts';
import type { Digest } from '../kernel/ids.ts';
import { canonicalJson } from '../kernel/json.ts';
import { buildProof, sealText } from './build.ts';
import type { Proof } from './build.ts';
import { chainText, genesisText } from './chain.ts';
import { evidenceOf } from './evidence.ts';

/** Texts as they are on disk, decoded strictly; `null`: missing or not UTF-8. */
export type ProofFiles = {
  readonly proof: string | null;
  readonly log: string | null;
  /** What else omk exports beside them, by file name, as far as it is there. */
  readonly beside: ReadonlyMap<string, string | null>;
};

export type Checker = { readonly sha256: (text: string) => string; readonly omk: string };

export type Checked = {
  readonly checked: number;
  readonly problems: readonly string[];
  /** What could not be held against anything, one sentence each. */
  readonly notes: readonly string[];
  /** Evidence whose bytes are to be compared with their digests. */
  readonly evidence: readonly Digest[];
};

/**
 * Everything about a proof that texts alone can show. The proof is not believed: the log's hash chain is recomputed, the goal folded
 * from it, and the proof and the documents beside it built anew; each has to be what is there, byte for byte. What is left to a
 * forger is to write another log from its first event on: see `says` in the proof.
 */
export function checkProof(files: ProofFiles, checker: Checker): Checked {
  const none = { evidence: [], notes: [] };
  if (files.proof === null) return { ...none, checked: 0, problems: ['The proof cannot be read.'] };
  const proof = parseObject(files.proof);
  if (!proof)
    return { ...none, checked: 0, problems: ['This is no proof: proof.json is not a JSON object.'] };
  const problems: string[] = [];
  if (files.proof !== prettyJson(proof)) problems.push('proof.json is not the text omk wrote.');
  const { seal, ...sealed } = proof;
  if (seal !== checker.sha256(sealText(sealed))) problems.push('proof.json does not match its seal.');

  const log = checkLog(files.log, String(proof['goal_id']), checker.sha256);
  problems.push(...log.problems, ...checkRange(proof['log'], log));
  const state = foldGoal(log.events);
  problems.push(...checkClaims(proof, log.events, checker.sha256));
  let checked = 1 + log.events.length;
  const notes: string[] = [];
  if (log.problems.length === 0 && proof['omk'] === checker.omk) {
    const rebuilt = rebuild(state, log.hashes, checker);
    const differing = differences(proof, rebuilt);
    problems.push(...differing.map((key) => `“${key}” in proof.json is not what the log says.`));
    const documents = rebuilt && state.exists ? besides(files.beside, { state, ...log, proof: rebuilt }) : [];
    checked += documents.length;
    problems.push(...documents.flatMap(({ name, same }) => (same ? [] : [`${name} was changed.`])));
  } else if (log.problems.length === 0) {
    notes.push(
      `Written by omk ${String(proof['omk'])}, checked by ${checker.omk}: the log, the verdict and the evidence were checked, its wording was not.`,
    );
  }
  return { checked, problems, notes, evidence: evidenceOf(log.events) };
}

type Log = {
  readonly events: readonly GoalEvent[];
  readonly hashed: readonly object[];
  readonly hashes: readonly string[];
  readonly problems: readonly string[];
};

function checkLog(text: string | null, goalId: string, sha256: Checker['sha256']): Log {
  const events: GoalEvent[] = [];
  const hashed: object[] = [];
  const hashes: string[] = [];
  const end = (problem: string): Log => ({ events, hashed, hashes, problems: [problem] });
  if (text === null) return end('events.jsonl beside the proof cannot be read.');
  let hash = sha256(genesisText(goalId));
  for (const [index, line] of text.split('\n').slice(0, -1).entries()) {
    const event = parseObject(line);
    if (!event || canonicalJson(event) !== line) return end(`Event ${index + 1} of the log is damaged.`);
    const { hash: stored, ...rest } = event;
    hash = sha256(chainText(hash, rest));
    if (hash !== stored || rest['version'] !== index + 1 || rest['goalId'] !== goalId)
      return end(`Event ${index + 1} of the log does not match its hash.`);
    const known = GoalEvent.safeParse(rest);
    if (!known.success) return end(`Event ${index + 1} of the log cannot be read by this version of omk.`);
    events.push(known.data);
    hashed.push(rest);
    hashes.push(hash);
  }
  if (!text.endsWith('\n')) return end('events.jsonl ends in the middle of a line.');
  return { events, hashed, hashes, problems: [] };
}

function checkRange(range: unknown, { hashes }: Log): readonly string[] {
  const same =
    member(range, 'events') === hashes.length &&
    member(range, 'first_hash') === (hashes[0] ?? null) &&
    member(range, 'last_hash') === (hashes.at(-1) ?? null);
  return same ? [] : ['The log does not end where the proof says it does.'];
}

/** What the proof claims about the commit, held against what the log recorded, in whatever words it is written. */
function checkClaims(
  proof: Readonly<Record<string, unknown>>,
  events: readonly GoalEvent[],
  sha256: Checker['sha256'],
): readonly string[] {
  const problems: string[] = [];
  const verified = proof['verified'];
  const commit = member(member(verified, 'result'), 'commit');
  const issued = events.findLast((one) => one.type === 'proof.issued' && one.payload.commit === commit);
  if (!issued) problems.push('The log never issued a proof for this commit.');
  else if (member(issued.payload, 'digest') !== sha256(canonicalJson(verified)))
    problems.push('What the proof says was verified is not what the log recorded.');
  if (proof['status'] !== 'ready') return problems;
  const concluded = events.findLast((one) => one.type === 'goal.concluded');
  const landed = events.findLast((one) => one.type === 'result.landed');
  if (member(concluded?.payload, 'status') !== 'ready')
    problems.push('The log never concluded this goal as ready.');
  if (member(landed?.payload, 'commit') !== commit) problems.push('The log says that another commit landed.');
  return problems;
}

function rebuild(state: GoalState, hashes: readonly string[], { sha256, omk }: Checker): Proof | null {
  if (!state.exists) return null;
  const built = buildProof(state, { hashes, omk });
  return { ...built, seal: sha256(sealText(built)) };
}

/** Names of members that differ; the seal follows from the others. */
function differences(proof: Readonly<Record<string, unknown>>, rebuilt: Proof | null): readonly string[] {
  const keys = new Set([...Object.keys(proof), ...Object.keys(rebuilt ?? {})]);
  keys.delete('seal');
  const shown = (value: unknown): string => canonicalJson({ value }); // missing is not the same as null
  return [...keys].filter((key) => shown(proof[key]) !== shown(member(rebuilt, key)));
}

/** The other exported files; each is the same text again. A folder may be moved, so `goal.json` may name another one. */
function besides(beside: ProofFiles['beside'], goal: Parameters<typeof goalFiles>[0]) {
  const dir = member(parseObject(beside.get('goal.json') ?? '') ?? {}, 'state_dir');
  return goalFiles(goal, typeof dir === 'string' ? dir : '').flatMap(([name, text]) =>
    beside.has(name) ? [{ name, same: beside.get(name) === text }] : [],
  );
}

/** Names of the files that `beside` may hold. */
export const documentNames: readonly string[] = [
  'goal.json',
  'decisions.jsonl',
  'budget-checkpoints.jsonl',
  'prd.md',
  'technical-plan.md',
  'test-spec.md',
  'task-graph.json',
  'proof.md',
  'rollback-rejected-slice.md',
  'statements.intoto.jsonl',
];

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
