import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defineCase } from '../case.ts';
import type { Prepared } from '../case.ts';
import { node } from '../repositories.ts';

const flip = (path: string, seed: number): void => {
  const bytes = readFileSync(path);
  const at = (seed * 7_919) % bytes.length;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes, { mode: 0o600 });
};

/** Changes what a row of the log says, in place, as a person with an editor would. */
function changeLog({ state }: Prepared): void {
  const path = join(state, 'goals.db');
  const bytes = readFileSync(path);
  const at = bytes.lastIndexOf('"redToGreenCount":1');
  if (at < 0) throw new Error('The log does not say what it should.');
  bytes[at + '"redToGreenCount":'.length] = '7'.charCodeAt(0);
  writeFileSync(path, bytes);
}

/** Any of the stored bytes that the log names. */
function evidenceOf({ state }: Prepared, proof: string, seed: number): string {
  const log = readFileSync(join(dirname(proof), 'events.jsonl'), 'utf8');
  const named = readdirSync(join(state, 'artifacts'), { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && log.includes(one.name))
    .map((one) => join(one.parentPath, one.name))
    .toSorted();
  return named[seed % named.length] ?? '';
}

export const theCase = defineCase({
  id: 'H12',
  title: 'one byte of the log, the proof or the evidence is flipped after an honest run',
  honest: true,
  expected: 'ready',
  layers: [],
  variants: {
    proof: {
      repository: (p) => node(p),
      agent: ({ fix }) => fix(),
      async drive({ args, omk, seed, proofPath }) {
        await omk(args);
        flip(proofPath(), seed);
        await omk(['proof', 'verify', proofPath()]);
      },
      check: ({ commands }) => (commands.at(-1)?.code === 0 ? ['the flipped proof was taken for whole'] : []),
    },
    log: {
      repository: (p) => node(p),
      agent: ({ fix }) => fix(),
      async drive({ args, omk, seed, proofPath }) {
        await omk(args);
        flip(join(dirname(proofPath()), 'events.jsonl'), seed);
        await omk(['proof', 'verify', proofPath()]);
      },
      check: ({ commands }) => (commands.at(-1)?.code === 0 ? ['the flipped log was taken for whole'] : []),
    },
    evidence: {
      repository: (p) => node(p),
      agent: ({ fix }) => fix(),
      async drive(world) {
        await world.omk(world.args);
        flip(evidenceOf(world, world.proofPath(), world.seed), world.seed);
        await world.omk(['proof', 'verify', world.proofPath()]);
      },
      check: ({ commands }) =>
        commands.at(-1)?.code === 0 ? ['the flipped evidence was taken for whole'] : [],
    },
    database: {
      repository: (p) => node(p),
      agent: ({ fix }) => fix(),
      async drive(world) {
        await world.omk(world.args);
        changeLog(world);
        await world.omk(['goal', 'list', '--json']);
      },
      check: ({ commands }) =>
        (commands.at(-1)?.stdout ?? '').includes('failed_infra')
          ? []
          : ['the changed log is shown as if it were whole'],
    },
  },
});
