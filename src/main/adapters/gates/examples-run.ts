import type { GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { ChangedText } from '../../runtime/verification/analyse-secrets.ts';
import { lockClass, manifestKind } from '../../runtime/verification/locked.ts';
import type { TreeEntry, TreeReader } from '../../runtime/ports.ts';

const MAX_FILES = 1_000;
const MAX_TEXT = 512 * 1024;
const RUNS = /doctest/i;

/**
 * Are the examples in documentation of a Python file tests? They are where base reported them, and in all of its Python where a
 * gate, configuration or a test speaks of `doctest`: not every runner says in which file they are.
 */
export async function examplesRun(
  o: {
    readonly base: TreeReader;
    readonly baseEntries: readonly TreeEntry[];
    readonly gates: readonly GateSpec[];
    readonly reported: ReadonlySet<string>;
  },
  changed: readonly ChangedText[],
): Promise<(path: string) => boolean> {
  const matters = changed.some((text) => text.path.endsWith('.py') && text.before.includes('>>>'));
  const everywhere = matters && (await speaksOfDoctest(o));
  return (path) => o.reported.has(path) || (everywhere && path.endsWith('.py'));
}

async function speaksOfDoctest(o: Parameters<typeof examplesRun>[0]): Promise<boolean> {
  if (o.gates.some((gate) => RUNS.test(`${gate.argv.join(' ')} ${gate.script ?? ''}`))) return true;
  const decides = ({ path }: TreeEntry): boolean => {
    const kind = lockClass(path);
    return kind === 'runner' || manifestKind(path) !== null || (kind === 'test' && path.endsWith('.py'));
  };
  for (const { path } of o.baseEntries.filter(decides).slice(0, MAX_FILES)) {
    const bytes = await o.base.read(path, MAX_TEXT);
    if (bytes !== null && RUNS.test(new TextDecoder().decode(bytes))) return true;
  }
  return false;
}
