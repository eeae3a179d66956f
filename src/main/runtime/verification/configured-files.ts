import type { TreeEntry } from '../ports.ts';
import { lockClass, manifestKind } from './locked.ts';
import { plainPath } from './match-paths.ts';

type Read = (path: string) => Promise<string | null>;

const MAX_CONFIGS = 200;
/** Members whose values are loaded into the process that judges, or are more of the same configuration. */
const KEYS =
  /["']?\b(?:setupFiles(?:AfterEnv)?|globalSetup|globalTeardown|preset|testEnvironment|testRunner|testSequencer|reporters|snapshotResolver|snapshotSerializers|extends|require|file)\b["']?\s*[:=]\s*(\[[^\]]*\]|[^\n]*)/g;
const YAML_LIST = /^(?:require|file|extends)\s*:\s*((?:\n\s*-\s*.*)+)/gm;
const PYTHON_PLUGINS = /(?:-p[\s"',]+([\w.]+)|\bpytest_plugins\s*=\s*(\[[^\]]*\]|\([^)]*\)|[^\n]*))/g;
const ENDINGS = [
  '',
  '.js',
  '.ts',
  '.mjs',
  '.cjs',
  '.mts',
  '.cts',
  '.json',
  '/index.js',
  '/index.ts',
  '/jest-preset.js',
  '/jest-preset.json',
];

/** Files that locked configuration names as what it loads: changing one changes the configuration. */
export async function namedInConfiguration(entries: readonly TreeEntry[], read: Read): Promise<Set<string>> {
  const paths = new Set(entries.map((entry) => entry.path));
  const configs = entries.filter(({ path }) => {
    const kind = lockClass(path);
    return (
      kind === 'runner' ||
      kind === 'checker' ||
      /^(?:package\.json|pyproject\.toml)$/.test(manifestKind(path) ?? '')
    );
  });
  const found = new Set<string>();
  const queue = configs.slice(0, MAX_CONFIGS).map((entry) => entry.path);
  for (let at = 0; at < Math.min(queue.length, MAX_CONFIGS); at += 1) {
    const config = queue[at] ?? '';
    const text = await read(config);
    if (text === null) continue;
    const folder = config.slice(0, Math.max(0, config.lastIndexOf('/')));
    for (const name of namedIn(config, text)) {
      // `<rootDir>` is the folder of the configuration unless it says otherwise.
      const path = name.replace(/^<rootDir>\/?/, './');
      const bases = path.startsWith('.') ? [folder] : [folder, ''];
      const real = bases
        .flatMap((base) => ENDINGS.map((ending) => plainPath(`${base}/${path}${ending}`)))
        .find((one) => paths.has(one));
      if (real === undefined || found.has(real) || manifestKind(real) !== null) continue;
      found.add(real);
      queue.push(real);
    }
  }
  return found;
}

/** Paths, and Python modules as paths. */
function namedIn(config: string, text: string): string[] {
  const values = [...text.matchAll(KEYS), ...text.matchAll(YAML_LIST)].map((match) => match[1] ?? '');
  const strings = values.flatMap((value) => {
    const quoted = [...value.matchAll(/["'`]([^"'`\n]+)["'`]/g)].map((match) => match[1] ?? '');
    return quoted.length > 0 ? quoted : [...value.matchAll(/[\w./<>@-]+/g)].map((match) => match[0]);
  });
  const python = /\.(?:py|ini|cfg|toml)$/.test(config)
    ? [...text.matchAll(PYTHON_PLUGINS)]
        .flatMap(
          (match) =>
            match[1] ?? [...(match[2] ?? '').matchAll(/["']([\w.]+)["']/g)].map((one) => one[1] ?? ''),
        )
        .map((name) => `${name.replaceAll('.', '/')}.py`)
    : [];
  return [...strings.filter((one) => /[./]/.test(one)), ...python];
}

/** Files that makefiles read in. */
export async function includedByMake(entries: readonly TreeEntry[], read: Read): Promise<Set<string>> {
  const paths = new Set(entries.map((entry) => entry.path));
  const found = new Set<string>();
  const queue = [...paths].filter((path) => /(?:^|\/)(?:GNU|[Mm])akefile$/.test(path)).slice(0, MAX_CONFIGS);
  for (let at = 0; at < Math.min(queue.length, MAX_CONFIGS); at += 1) {
    const makefile = queue[at] ?? '';
    const folder = makefile.slice(0, Math.max(0, makefile.lastIndexOf('/')));
    for (const match of ((await read(makefile)) ?? '').matchAll(/^[ ]*[-s]?include\s+(.+)$/gm))
      for (const word of (match[1] ?? '').split(/\s+/)) {
        const path = [plainPath(`${folder}/${word}`), plainPath(word)].find((one) => paths.has(one));
        if (path === undefined || found.has(path)) continue;
        found.add(path);
        queue.push(path);
      }
  }
  return found;
}
