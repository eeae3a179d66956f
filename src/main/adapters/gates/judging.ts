import type { GateSpec } from '../../../shared/goal/vocabulary.ts';
import { judgingFiles } from '../../runtime/verification/judging-files.ts';
import type { TreeReader } from '../../runtime/ports.ts';
import { GATES_FILE, MAX_GATES_FILE, parseGatesToml } from './toml.ts';

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Every file that judges because of the gates, and those that a person locked besides, in `.omk/gates.toml` of the same tree. */
export async function judgedBy(tree: TreeReader, gates: readonly GateSpec[]): Promise<Set<string>> {
  return judgingFiles(tree, gates, decode, await lockedByPerson(tree));
}

/** Patterns of files that a person locks besides what gates say. */
export async function lockedByPerson(tree: TreeReader): Promise<readonly string[]> {
  const bytes = await tree.read(GATES_FILE, MAX_GATES_FILE);
  const parsed = bytes === null ? null : parseGatesToml(decode(bytes));
  return parsed?.ok === true ? parsed.value.locked : [];
}
