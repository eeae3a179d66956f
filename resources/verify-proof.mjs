#!/usr/bin/env node
// Checks a proof of omk without omk: node verify-proof.mjs [FOLDER | proof.json] [--json]
//
// Needs Node 18 or newer and nothing else; reads, never writes, never goes to the network. What it shows: that the log, the proof,
// the statements and every piece of evidence are what one omk wrote together, byte for byte. What it cannot show: that nobody wrote
// another log from its first event on. Keep the last hash of the log somewhere else to know that.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const sha256 = (data) => createHash('sha256').update(data).digest('hex');

/** JSON with keys in code-unit order and no white space: the text every digest is computed over. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const keys = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort((a, b) => (a < b ? -1 : 1));
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
}

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

function parseObject(text) {
  try {
    const value = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

const disk = {
  read: (path) => (existsSync(path) ? readFileSync(path) : null),
  list: (path) => (existsSync(path) ? readdirSync(path) : []),
};

/** The text of a file, or `null` when it is missing or not UTF-8. */
function textOf(bytes) {
  try {
    return bytes === null ? null : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/**
 * Each line is the canonical JSON of an event with its hash: SHA-256 of the hash before it (for the first event that of a text with
 * the goal's id), a line feed, and the canonical JSON of the event without its hash.
 */
function checkLog(text, goalId, problems) {
  const events = [];
  if (text === null) {
    problems.push('events.jsonl cannot be read.');
    return events;
  }
  if (!text.endsWith('\n')) problems.push('events.jsonl ends in the middle of a line.');
  let hash = sha256(`omk goal log 1 ${goalId}`);
  for (const [index, line] of text.split('\n').slice(0, -1).entries()) {
    const event = parseObject(line);
    if (event === null || canonical(event) !== line) {
      problems.push(`events.jsonl: event ${index + 1} is damaged.`);
      return events;
    }
    const { hash: stored, ...rest } = event;
    hash = sha256(`${hash}\n${canonical(rest)}`);
    if (hash !== stored || rest.version !== index + 1 || rest.goalId !== goalId) {
      problems.push(`events.jsonl: event ${index + 1} does not match its hash.`);
      return events;
    }
    events.push(event);
  }
  return events;
}

const last = (events, type, fits = () => true) =>
  events.filter((event) => event.type === type && fits(event.payload)).at(-1)?.payload ?? null;

/** The proof's own text and seal, and what it claims held against what the log recorded. */
function checkProof(text, proof, events, problems) {
  if (text !== `${JSON.stringify(proof, null, 2)}\n`) problems.push('proof.json is not the text omk wrote.');
  const { seal, ...sealed } = proof;
  if (seal !== sha256(canonical(sealed))) problems.push('proof.json does not match its seal.');
  const range = isObject(proof.log) ? proof.log : {};
  if (
    range.events !== events.length ||
    range.first_hash !== (events[0]?.hash ?? null) ||
    range.last_hash !== (events.at(-1)?.hash ?? null)
  )
    problems.push('events.jsonl does not end where proof.json says it does.');
  const commit = proof.verified?.result?.commit;
  const issued = last(events, 'proof.issued', (payload) => payload.commit === commit);
  if (issued === null) problems.push('The log never issued a proof for the commit in proof.json.');
  else if (issued.digest !== sha256(canonical(proof.verified)))
    problems.push('“verified” in proof.json is not what the log recorded.');
  const verification = last(events, 'candidate.verified', (payload) => payload.commit === commit);
  if (verification === null) problems.push('The log never verified the commit in proof.json.');
  else if (verification.tree !== proof.verified.result.tree || verification.passed !== proof.verified.passed)
    problems.push('The log verified something else than proof.json says.');
  if (proof.status !== 'ready') return;
  if (last(events, 'goal.concluded')?.status !== 'ready')
    problems.push('proof.json says ready, and the log never concluded that.');
  const required = (proof.verified?.gates ?? []).filter((gate) => gate.required && gate.kind !== 'setup');
  if (verification?.passed !== true || required.length === 0 || !required.every((gate) => gate.passed))
    problems.push('proof.json says ready, and its required gates did not all pass.');
  if (last(events, 'result.landed')?.commit !== commit)
    problems.push('proof.json says ready, and another commit landed.');
  if (last(events, 'goal.accepted')?.commit !== commit)
    problems.push('proof.json says ready, and nobody accepted this commit.');
}

/** Every digest under which the log keeps bytes, each once. */
function evidenceOf(events) {
  const found = new Set();
  const of = (list) => (Array.isArray(list) ? list : []).forEach((one) => found.add(one));
  const nested = (list) => (Array.isArray(list) ? list : []).forEach((one) => of(one.evidence));
  for (const { type, payload } of events) {
    if (type === 'attempt.finished' || type === 'attempt.failed') of(payload.evidence);
    if (type === 'setup.sealed') nested(payload.gates);
    if (type === 'base.checked') {
      of([payload.evidence]);
      nested(payload.gates);
    }
    if (type === 'goal.stopped' || type === 'goal.concluded') nested(payload.reasons);
    if (type === 'candidate.verified') {
      of(payload.evidence);
      of([payload.diff]);
      nested(payload.gates);
      nested(payload.reasons);
    }
  }
  return [...found];
}

/** In `evidence/` beside the proof, or in the store of the state directory the proof lies in. */
function checkEvidence(folder, files, digests, problems) {
  for (const digest of digests) {
    const bytes =
      files.read(join(folder, 'evidence', digest)) ??
      files.read(join(folder, '..', '..', 'artifacts', digest.slice(0, 2), digest));
    if (bytes === null) problems.push(`Evidence ${digest} is missing.`);
    else if (sha256(bytes) !== digest) problems.push(`Evidence ${digest} was changed.`);
  }
  for (const name of files.list(join(folder, 'evidence')))
    if (!digests.includes(name)) problems.push(`evidence/${name} belongs to nothing in the log.`);
}

const STATEMENT = 'https://in-toto.io/Statement/v1';

/** The in-toto statements, one a line, follow from the proof. */
function statementsOf(proof) {
  const { verified } = proof;
  if (!isObject(verified)) return '';
  const subject = [
    { name: 'commit', digest: { gitCommit: verified.result.commit } },
    { name: 'tree', digest: { gitTree: verified.result.tree } },
  ];
  const oracle = { name: 'oracle', digest: { sha256: verified.oracle.digest } };
  const gates = verified.gates.map((gate) => ({
    _type: STATEMENT,
    subject,
    predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
    predicate: {
      result: gate.passed ? 'PASSED' : gate.required ? 'FAILED' : 'WARNED',
      configuration: [
        { ...oracle, name: gate.name, annotations: { argv: gate.argv, cwd: gate.cwd, runs: gate.runs } },
      ],
      ...(gate.failed_tests.length > 0 ? { failedTests: gate.failed_tests } : {}),
    },
  }));
  const verdict = {
    _type: STATEMENT,
    subject,
    predicateType: 'urn:omk:verdict:v1',
    predicate: {
      goal: proof.goal_id,
      status: proof.status,
      reasons: proof.reasons,
      base: verified.base,
      oracle,
      isolation: verified.isolation.level,
      redToGreen: verified.red_to_green_count,
      onlyOwnTests: verified.only_own_tests,
      review: verified.review_artifacts.map(({ pass, status }) => ({ pass, status })),
      toolVersions: verified.tool_versions,
      claims: proof.claims.map(({ said, verdict: found }) => ({ said, verdict: found })),
      knownGaps: proof.known_gaps,
      log: proof.log,
    },
  };
  return [...gates, verdict].map((one) => `${canonical(one)}\n`).join('');
}

/** Files that only omk can build again from the log; its `proof verify` does. */
const UNREAD = [
  'goal.json',
  'decisions.jsonl',
  'budget-checkpoints.jsonl',
  'prd.md',
  'technical-plan.md',
  'test-spec.md',
  'task-graph.json',
  'proof.md',
  'rollback-rejected-slice.md',
];

/** @returns {{ ok: boolean, checked: number, problems: string[], notes: string[], status: string, commit: string }} */
export function verifyProof(place, files = disk) {
  const folder = place.endsWith('.json') ? dirname(place) : place;
  const readText = (name) => textOf(files.read(join(folder, name)));
  const problems = [];
  const nothing = { ok: false, checked: 0, problems, notes: [], status: '', commit: '' };
  const text = readText('proof.json');
  const proof = text === null ? null : parseObject(text);
  if (proof === null) {
    problems.push('proof.json is missing, or it is not the JSON text of a proof.');
    return nothing;
  }
  const events = checkLog(readText('events.jsonl'), String(proof.goal_id), problems);
  const digests = evidenceOf(events);
  const statements = readText('statements.intoto.jsonl');
  try {
    checkProof(text, proof, events, problems);
    if (statements !== statementsOf(proof))
      problems.push('statements.intoto.jsonl is not what proof.json says.');
  } catch (cause) {
    problems.push(`proof.json does not have the shape of a proof (${String(cause)}).`);
  }
  checkEvidence(folder, files, digests, problems);
  const unread = UNREAD.filter((name) => files.read(join(folder, name)) !== null);
  return {
    ok: problems.length === 0,
    checked: 2 + events.length + digests.length,
    problems,
    notes: unread.length > 0 ? [`Not checked, only omk can: ${unread.join(', ')}.`] : [],
    status: String(proof.status),
    commit: String(proof.verified?.result?.commit ?? ''),
  };
}

/** Nothing in a proof may act on the terminal it is printed to. */
const inert = (text) =>
  text.replace(/[^\x20-\x7e\u00a0-\u200a\u2010-\u2027\u2030-\u205e\u2070-\ufefe]/g, '?');

const say = (line) => process.stdout.write(`${line}\n`);

function main(args) {
  const json = args.includes('--json');
  const place = args.find((arg) => !arg.startsWith('--')) ?? dirname(fileURLToPath(import.meta.url));
  const found = verifyProof(place);
  if (json) say(JSON.stringify(found, null, 2));
  else {
    if (found.ok)
      say(
        inert(
          `Unchanged since omk wrote it: ${found.checked} parts. Status ${found.status}, commit ${found.commit}.`,
        ),
      );
    for (const line of [...found.problems, ...found.notes]) say(inert(line));
  }
  process.exitCode = found.ok ? 0 : 1;
}

if (
  process.argv[1] !== undefined &&
  realpathSync(process.argv[1]) === realpathSync(fileURLToPath(import.meta.url))
)
  main(process.argv.slice(2));
