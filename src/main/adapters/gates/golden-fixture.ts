import type { GoldenCase } from '../../../shared/goal/golden-case.ts';
import type { GateSpec } from '../../../shared/goal/vocabulary.ts';
import { MAX_FIELD } from './golden.ts';
import type { Observation, Seen } from './golden.ts';
import type { TreeReader } from '../../runtime/ports.ts';

const MAX_FILES = 50;
const streams = ['stdout', 'stderr', 'exit_code'] as const;

/** Files of a tree, as far as a fixture is read from it. */
export type FixtureSource = {
  readonly paths: readonly string[];
  /** `null`: not an ordinary file of at most so many bytes. */
  readonly read: (path: string, maxBytes: number) => Promise<Uint8Array | null>;
};

/** What a fixture folder says that a case must do. A string says, to a person, why it cannot be read. */
export async function readFixture(
  source: FixtureSource,
  one: GoldenCase,
  folder: string,
): Promise<Observation | string> {
  const where = `the fixture ${folder} of the case "${one.name}"`;
  const inside = source.paths.filter((path) => path.startsWith(`${folder}/`));
  const files = inside
    .map((path) => path.slice(folder.length + 1))
    .filter((path) => path.startsWith('files/'));
  if (files.length > MAX_FILES) return `${where} has ${files.length} files; ${MAX_FILES} are the most.`;
  const fields = new Map<string, Seen>(one.files.map((file) => [`files/${file}`, 'missing']));
  for (const field of [...streams, ...files]) {
    const path = `${folder}/${field.startsWith('files/') ? field : `${field}.txt`}`;
    if (!inside.includes(path)) return `${where} has no ${path.slice(folder.length + 1)}.`;
    const bytes = await source.read(path, MAX_FIELD);
    if (bytes === null) return `${path} is not an ordinary file of at most ${MAX_FIELD / 1024} kB.`;
    fields.set(field, bytes);
  }
  const exit = new TextDecoder().decode(fields.get('exit_code') as Uint8Array);
  if (!/^-?\d{1,10}\r?\n?$/.test(exit))
    return `${folder}/exit_code.txt must hold one whole number; it holds ${JSON.stringify(exit.slice(0, 40))}.`;
  return fields.set('exit_code', exitCode(Number(exit)));
}

export const exitCode = (code: number): Uint8Array => Buffer.from(`${code}\n`);

/** The first fixture of these gates that cannot be read; `null` where all can. */
export async function fixtureProblem(tree: TreeReader, gates: readonly GateSpec[]): Promise<string | null> {
  const source = {
    paths: (await tree.all()).map((entry) => entry.path),
    read: (path: string, max: number) => tree.read(path, max),
  };
  for (const gate of gates)
    for (const one of gate.selected ? (gate.cases ?? []) : []) {
      if (one.fixture === undefined) continue;
      const read = await readFixture(source, one, one.fixture);
      if (typeof read === 'string') return `gate "${gate.name}": ${read}`;
    }
  return null;
}
