import { afterEach, describe, expect, it } from 'vitest';
import { findGates } from '../../src/main/adapters/gates/find.ts';
import { toolPath } from '../../src/main/adapters/gates/tools.ts';
import type { Payload } from '../../src/shared/goal/events.ts';
import type { Files } from './git-workspaces.ts';
import { gateWorld, goalId } from './world.ts';
import type { GateWorld, WorldOptions } from './world.ts';

let world: GateWorld | null = null;
afterEach(() => {
  world?.remove();
  world = null;
});

const old = `case "$1" in --help) echo "usage: old NUMBERS"; echo "old is old" >&2; exit 2;; esac
mkdir -p out; echo "$(($1 + $2))" > out/sum.txt; echo "sum of $1 and $2"
`;
const rewritten = `if [ "$1" = --help ]; then echo "usage: old NUMBERS"; exit 2; fi
mkdir -p out; printf 'sum of %s and %s\\n' "$1" "$2"; expr "$1" + "$2" > out/sum.txt
`;
const gates = `[[gates]]
name = "cli"
kind = "golden"
command = "sh"
args = ["new.sh"]
old = ["sh", "old.sh"]
[[gates.cases]]
name = "sum"
args = ["2", "3"]
files = ["out/sum.txt"]
[[gates.cases]]
name = "help"
args = ["--help"]
fixture = "records/help"
differences = [{ field = "stderr", reason = "It no longer says that it is old." }]
`;
const files: Files = {
  '.omk/gates.toml': gates,
  'old.sh': old,
  'records/help/stdout.txt': 'usage: old NUMBERS\n',
  'records/help/stderr.txt': 'old is old\n',
  'records/help/exit_code.txt': '2\n',
};

async function open(more: Files = {}, o: WorldOptions = {}): Promise<GateWorld> {
  world = await gateWorld({ ...files, ...more }, o);
  return world;
}

type Verified = Omit<Payload<'candidate.verified'>, 'attemptId'>;
async function comparison(verified: Verified): Promise<string> {
  const read = await world?.artifacts.read(verified.gates[0]?.evidence[0] ?? ('' as never), 0, 1_000_000);
  return new TextDecoder().decode(read?.bytes);
}

describe.each(['namespaces', 'none'] as const)('a golden gate (%s)', (isolation) => {
  it('lets a true rewrite go from red to green, and says which difference was wanted and why', async () => {
    const { prepare, verify } = await open({}, { isolation });
    expect((await prepare()).base).toMatchObject({ red: ['cli > sum', 'cli > help'], expectedTests: 2 });
    const result = await verify({ 'new.sh': rewritten });
    expect(result).toMatchObject({
      passed: true,
      reasons: [],
      redToGreen: ['cli > sum', 'cli > help'],
      onlyOwnTests: false,
      gates: [{ kind: 'golden', outcome: 'passed', parsed: true, counts: { passed: 2, failed: 0 }, runs: 2 }],
    });
    expect(result.gates[0]?.notes).toEqual([
      'Wanted difference in help: stderr differs at line 1: its end instead of "old is old". Reason: It no longer says that it is old.',
    ]);
    expect(await comparison(result)).toMatch(
      /^same: sum\n {2}new: sh new\.sh 2 3\n {2}expected: sh old\.sh 2 3 on base\n/,
    );
  });

  it('fails a rewrite that prints or writes something else, with the difference', async () => {
    const { verify } = await open({}, { isolation });
    const result = await verify({ 'new.sh': rewritten.replace('sum of', 'total of').replace(' + ', ' - ') });
    expect(result).toMatchObject({
      passed: false,
      gates: [{ outcome: 'failed', failedTests: ['cli > sum'] }],
    });
    expect(result.gates[0]?.notes[0]).toBe(
      'sum: stdout differs at line 1: "total of 2 and 3" instead of "sum of 2 and 3"; also files/out/sum.txt.',
    );
    expect(await comparison(result)).toContain('-5\n+-1\n');
  });
});

it('asks about a fixture that the agent makes fit, and is not ready by itself', async () => {
  const { verify, found } = await open();
  expect(found).toHaveLength(1);
  const change = {
    'new.sh': rewritten.replace('usage: old', 'usage: new'),
    'records/help/stdout.txt': 'usage: new NUMBERS\n',
  };
  const asked = await verify(change);
  expect(asked).toMatchObject({ passed: false, lockedChanged: ['records/help/stdout.txt'] });
  expect(asked.gates[0]?.failedTests).toEqual(['cli > help']);
  expect(asked.proposedOracle).not.toBeNull();
  const approvedOracles = asked.proposedOracle === null ? [] : [asked.proposedOracle];
  expect(await verify(change, { approvedOracles })).toMatchObject({ passed: true, reasons: [] });
});

it('asks about what a change adds to a fixture, which nobody expected on base', async () => {
  const { verify } = await open();
  const result = await verify({ 'new.sh': rewritten, 'records/help/files/made.txt': 'up\n' });
  expect(result.passed).toBe(false);
  expect(result.gates[0]).toMatchObject({ outcome: 'passed' });
  expect(result.reasons[0]?.code).toBe('gate.own_tests');
});

it.each<[string, Files]>([
  [
    'prints its fixture',
    { 'new.sh': 'case "$1" in --help) cat records/help/stdout.txt; exit 2;; esac; sh old.sh "$@"\n' },
  ],
  ['brings the file that it should write', { 'new.sh': 'echo "sum of $1 and $2"\n', 'out/sum.txt': '5\n' }],
  [
    'puts a link where it should write',
    { 'new.sh': `${rewritten}echo 5 > ../five; rm -f out/sum.txt; ln -s ../../five out/sum.txt\n` },
  ],
])('is not passed by a program that %s', async (_, change) => {
  const { verify } = await open();
  expect(await verify(change)).toMatchObject({ passed: false, gates: [{ outcome: 'failed' }] });
});

it('compares bytes, bounded, and says when there are too many', async () => {
  const binary = `${gates.split('[[gates.cases]]')[0]}[[gates.cases]]\nname = "raw"\n`;
  const { verify } = await open({ '.omk/gates.toml': binary, 'old.sh': String.raw`printf '\000\377\n'` });
  expect(await verify({ 'new.sh': String.raw`printf '\000\377\n'` })).toMatchObject({ passed: true });
  const other = await verify({ 'new.sh': String.raw`printf '\000\376\n'` });
  expect(other.gates[0]?.notes[0]).toBe('raw: stdout differs at byte 2.');
  const flood = await verify({ 'new.sh': 'head -c 3000000 /dev/zero\n' });
  expect(flood.gates[0]?.notes[0]).toBe('raw: stdout is larger than 1 MiB, the most that is compared.');
});

it('is a failed case when the new program is missing or hangs, and no answer when the old one is', async () => {
  const one = (command: string, before: string): string =>
    `[[gates]]\nname = "cli"\nkind = "golden"\ncommand = "${command}"\nold = ["${before}"]\ntimeout_secs = 20\n[[gates.cases]]\nname = "a"\n`;
  const { verify, prepare } = await open({
    '.omk/gates.toml': one('./new.sh', './old.sh'),
    'old.sh': '#!/bin/sh\necho 1\n',
  });
  const { base } = await prepare();
  expect(base.gates[0]).toMatchObject({ outcome: 'failed', failedTests: ['cli > a'] });
  expect(base.gates[0]?.notes[0]).toMatch(/^a: The program \S*new\.sh (does not exist|was not found)\.$/);
  const hangs = await verify({ 'new.sh': '#!/bin/sh\nsleep 600\n' });
  expect(hangs.gates[0]).toMatchObject({ outcome: 'timed_out', failedTests: ['cli > a'] });
  world?.remove();
  const missing = await open({ '.omk/gates.toml': one('./old.sh', './no-such-program') });
  const [record] = (await missing.prepare()).base.gates;
  expect(record?.outcome).toBe('errored');
  expect(record?.notes[0]).toMatch(/^The old program of the case "a" cannot be compared with: The program /);
});

it('is refused before anything runs when a fixture cannot be read, and trusted with its bytes', async () => {
  const { repo, base, gates: port, found } = await open();
  const tools = await toolPath('/usr/bin:/bin', []);
  const digestOf = async (change: Files): Promise<string> => {
    repo.checkout(base.commit);
    const reader = repo.tree(goalId, repo.commit(change).tree);
    const oracle = await findGates(reader, tools);
    return oracle.type === 'unreadable' ? oracle.message : port.digest(reader, found);
  };
  expect(await digestOf({ 'records/help/exit_code.txt': 'two\n' })).toBe(
    '.omk/gates.toml, gate "cli": records/help/exit_code.txt must hold one whole number; it holds "two\\n".',
  );
  const before = await digestOf({});
  expect(await digestOf({ 'old.sh': '# product\n' })).toBe(before);
  expect(await digestOf({ 'records/help/stdout.txt': 'x\n' })).not.toBe(before);
});
