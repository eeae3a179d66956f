import type { GateSpec } from '../../../shared/goal/vocabulary.ts';
import type { TreeEntry } from '../ports.ts';
import { manifestKind } from './locked.ts';
import { matchingPaths, plainPath } from './match-paths.ts';
import { shellPart } from './own-runner.ts';
import { shellCommands } from './shell-commands.ts';
import { startedBy } from './started-by.ts';
import type { Start } from './started-by.ts';

const MAX_DEPTH = 8;

/** A start with the folder it happens in, relative to the tree. */
type Started = { readonly start: Start; readonly cwd: string };

/**
 * Files of the tree that the gates' commands themselves execute or load: they are oracle, whatever their name. Files that a command
 * only looks at (`eslint src/index.js`) are product, and so is everything that a probe or a golden gate runs.
 */
export function calledFiles(gates: readonly GateSpec[], entries: readonly TreeEntry[]): Set<string> {
  const called = new Set<string>();
  for (const { start, cwd } of startedByGates(gates))
    for (const path of filesOf(start, cwd, entries)) if (manifestKind(path) === null) called.add(path);
  return called;
}

/** What these gates start is what they judge, so it is product and never oracle. */
export const runsProduct = (gate: GateSpec): boolean => gate.kind === 'probe' || gate.kind === 'golden';

/** What the words, scripts and shell texts of gates start. */
export function startedByGates(gates: readonly GateSpec[]): Started[] {
  return gates
    .filter((gate) => !runsProduct(gate))
    .flatMap((gate) => [
      ...opened(startedBy(gate.argv), gate.cwd),
      ...opened([{ type: 'text', text: gate.script ?? '' }], gate.cwd),
    ]);
}

/** The same with texts for a shell replaced by what they start. */
function opened(starts: readonly Start[], cwd: string, depth = 0): Started[] {
  return starts.flatMap((start) => {
    if (start.type !== 'text') return [{ start, cwd }];
    if (depth > MAX_DEPTH) return [];
    return shellCommands(start.text).flatMap(({ words, dir }) =>
      opened(startedBy(words), plainPath(`${cwd}/${dir ?? ''}`), depth + 1),
    );
  });
}

/** The files of a tree that a start means by itself. */
export function filesOf(start: Start, cwd: string, entries: readonly TreeEntry[]): string[] {
  const inFolder = (path: string): string => plainPath(`${cwd}/${path}`);
  const existing = (path: string): string[] =>
    /[*?[{]/.test(path)
      ? matchingPaths(path, entries)
      : entries.some((entry) => entry.path === path)
        ? [path]
        : [];
  switch (start.type) {
    case 'file':
      return start.path === '' ? [] : existing(inFolder(start.path));
    case 'module': {
      const path = inFolder(start.name.replaceAll('.', '/'));
      return [`${path}.py`, `${path}/__main__.py`, `src/${path}/__main__.py`].flatMap(existing);
    }
    case 'folder': {
      const folder = inFolder(start.path);
      return folder === '' ? [] : matchingPaths(`${folder}/**`, entries);
    }
    case 'text':
    case 'script':
    case 'make':
      return [];
  }
}

/** Names of the programs that a gate starts, as far as its words say. */
export function programsOf(gate: GateSpec): string[] {
  const names = commandsOfGate(gate).map((words) => words[0] ?? '');
  // What a package manager runs, it runs on node.
  if (names.some((name) => /^(?:npm|npx|pnpm|yarn)$/.test(name))) names.push('node');
  if (names.includes('cargo')) names.push('rustc');
  return [...new Set(names.filter((name) => /^[\w.+-]+$/.test(name)))].toSorted();
}

function commandsOfGate(gate: GateSpec): (readonly string[])[] {
  const inShell = shellPart(gate.argv);
  const shellText = gate.argv[1] === '-c' ? (gate.argv[2] ?? '') : '';
  const texts = [gate.script ?? '', shellText].flatMap((text) => shellCommands(text));
  return [
    gate.argv,
    gate.old ?? [],
    ...texts.map(({ words }) => words),
    ...(inShell === null ? [] : [inShell.argv]),
  ];
}
