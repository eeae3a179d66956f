import type { GateSpec } from '../../../shared/goal/vocabulary.ts';
import { judgingFiles } from '../../runtime/verification/judging-files.ts';
import type { TreeEntry, TreeReader } from '../../runtime/ports.ts';
import { GATES_FILE, MAX_GATES_FILE, parseGatesToml } from './toml.ts';

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Every file that judges because of the gates, and those that a person locked besides, in `.omk/gates.toml` of the same tree. */
export async function judgedBy(tree: TreeReader, gates: readonly GateSpec[]): Promise<Set<string>> {
  const judging = await judgingFiles(tree, gates, decode, await lockedByPerson(tree));
  return new Set([...judging, ...fixtureFiles(gates, await tree.all())]);
}

/** Files in the fixture folders of golden gates. */
export function fixtureFiles(gates: readonly GateSpec[], entries: readonly TreeEntry[]): string[] {
  const folders = gates.flatMap((gate) => (gate.cases ?? []).flatMap(({ fixture }) => fixture ?? []));
  const paths = entries.map((entry) => entry.path);
  return paths.filter((path) => folders.some((folder) => path.startsWith(`${folder}/`)));
}

/** Patterns of files that a person locks besides what gates say. */
export async function lockedByPerson(tree: TreeReader): Promise<readonly string[]> {
  const bytes = await tree.read(GATES_FILE, MAX_GATES_FILE);
  const parsed = bytes === null ? null : parseGatesToml(decode(bytes));
  return parsed?.ok === true ? parsed.value.locked : [];
}
