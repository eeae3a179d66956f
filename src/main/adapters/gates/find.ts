import type { GateSpec } from '../../../shared/goal/vocabulary.ts';
import { countLocked } from '../../runtime/verification/oracle-plan.ts';
import type { OracleFound, TreeReader } from '../../runtime/ports.ts';
import { detectCmake } from './detect/cmake.ts';
import { detectNode } from './detect/node.ts';
import { detectGo, detectMake, detectPython, detectRust } from './detect/others.ts';
import { detectPhp } from './detect/php.ts';
import { detectRuby } from './detect/ruby.ts';
import type { Surroundings } from './detect/types.ts';
import { fixtureProblem } from './golden-fixture.ts';
import { judgedBy } from './judging.ts';
import { oracleDigest } from './oracle-digest.ts';
import { sha256 } from './sha256.ts';
import { refineGates } from './refine.ts';
import { GATES_FILE, MAX_GATES_FILE, parseGatesToml } from './toml.ts';
import type { ToolPath } from './tools.ts';

const MAX_TEXT_FILE = 1024 * 1024;
const MAX_GATES = 100;

/** Implements `Gates.find`: `.omk/gates.toml` where it exists, else what scripts and tools exist. Executes nothing. */
export async function findGates(tree: TreeReader, tools: ToolPath): Promise<OracleFound> {
  const entries = await tree.all();
  if (entries.some((entry) => entry.path === GATES_FILE)) {
    const bytes = await tree.read(GATES_FILE, MAX_GATES_FILE);
    if (bytes === null) {
      const message = `${GATES_FILE} is not an ordinary file of at most ${MAX_GATES_FILE / 1024} kB.`;
      return { type: 'unreadable', message, digest: sha256(message) };
    }
    const parsed = parseGatesToml(new TextDecoder().decode(bytes));
    if (!parsed.ok) return { type: 'unreadable', message: parsed.error, digest: sha256(bytes) };
    const problem = await fixtureProblem(tree, parsed.value.gates);
    if (problem !== null) {
      const message = `${GATES_FILE}, ${problem}`;
      return { type: 'unreadable', message, digest: sha256(message) };
    }
    return found(tree, 'gates.toml', await refineGates(tree, parsed.value.gates), parsed.value.notes);
  }

  const paths = new Set(entries.map((entry) => entry.path));
  const around: Surroundings = {
    entries,
    has: (path) => paths.has(path),
    async text(path) {
      if (!paths.has(path)) return null;
      const bytes = await tree.read(path, MAX_TEXT_FILE);
      return bytes === null ? null : new TextDecoder().decode(bytes);
    },
    tool: async (name) => (await tools.find(name)) !== null,
  };
  const parts = [];
  for (const detect of [detectNode, detectPython, detectRust, detectGo, detectRuby, detectPhp, detectCmake])
    parts.push(await detect(around));
  const alone = parts.every((part) => part.gates.every((gate) => gate.kind === 'setup'));
  parts.push(await detectMake(around, alone));
  const gates = distinct(parts.flatMap((part) => part.gates)).slice(0, MAX_GATES);
  const notes = parts.flatMap((part) => part.notes);
  if (!gates.some((gate) => gate.kind === 'check'))
    return { type: 'none', notes: notes.slice(0, 50), digest: sha256(notes.join('\n')) };
  return found(tree, 'detected', gates, notes);
}

async function found(
  tree: TreeReader,
  source: 'gates.toml' | 'detected',
  gates: readonly GateSpec[],
  notes: readonly string[],
): Promise<OracleFound> {
  const entries = await tree.all();
  return {
    type: 'found',
    source,
    gates,
    digest: await oracleDigest(tree, gates),
    lockedFiles: countLocked(entries, await judgedBy(tree, gates)),
    notes: notes.slice(0, 50),
  };
}

/** Names tell gates apart everywhere else, so a second `test` is called after what it comes from. */
function distinct(gates: readonly GateSpec[]): GateSpec[] {
  const taken = new Set<string>();
  return gates.map((gate) => {
    let name = gate.name;
    if (taken.has(name)) name = `${gate.name} (${gate.source})`;
    for (let n = 2; taken.has(name); n += 1) name = `${gate.name} (${n})`;
    taken.add(name);
    return { ...gate, name: name.slice(0, 100) };
  });
}
