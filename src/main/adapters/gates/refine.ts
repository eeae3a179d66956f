import type { GateSpec } from '../../../shared/goal/vocabulary.ts';
import { calledScript, ownRunner } from '../../runtime/verification/own-runner.ts';
import { makeRecipes } from '../../runtime/verification/make-recipes.ts';
import type { TreeReader } from '../../runtime/ports.ts';
import { readManifest } from './manifest.ts';

/**
 * Gates as they are really run: where a command stands for a runner that can report single tests, its own argv and parser.
 * A function of base alone, so base and result are always run the same way; doing it twice changes nothing.
 */
export async function refineGates(tree: TreeReader, gates: readonly GateSpec[]): Promise<GateSpec[]> {
  const scriptsOf = new Map<string, Readonly<Record<string, unknown>>>();
  const refined: GateSpec[] = [];
  for (const gate of gates) {
    if (gate.kind !== 'check' || gate.parser !== 'none') {
      refined.push(gate);
      continue;
    }
    const scripts = scriptsOf.get(gate.cwd) ?? (await readScripts(tree, gate.cwd));
    scriptsOf.set(gate.cwd, scripts);
    const own = ownRunner(gate.argv, { scripts });
    const script =
      own?.script ?? gate.script ?? calledScript(gate.argv, { scripts })?.text ?? (await madeBy(tree, gate));
    const known = script === undefined ? {} : { script: script.slice(0, 20_000) };
    refined.push(
      own === null ? { ...gate, ...known } : { ...gate, argv: own.argv, parser: own.parser, ...known },
    );
  }
  return refined;
}

const MAKEFILES = ['GNUmakefile', 'makefile', 'Makefile'];
const MAX_MAKEFILE = 1024 * 1024;

/** What `make` would run: the scripts it starts are as much oracle as those a gate names itself. */
async function madeBy(tree: TreeReader, gate: GateSpec): Promise<string | undefined> {
  if (!/^g?make$/.test(gate.argv[0] ?? '')) return undefined;
  for (const name of MAKEFILES) {
    const bytes = await tree.read(gate.cwd === '' ? name : `${gate.cwd}/${name}`, MAX_MAKEFILE);
    if (bytes !== null) return makeRecipes(new TextDecoder().decode(bytes), gate.argv.slice(1));
  }
  return undefined;
}

async function readScripts(tree: TreeReader, dir: string): Promise<Readonly<Record<string, unknown>>> {
  const manifest = await readManifest(tree, dir === '' ? 'package.json' : `${dir}/package.json`);
  const scripts = manifest?.['scripts'];
  return scripts !== null && typeof scripts === 'object' ? { ...scripts } : {};
}
