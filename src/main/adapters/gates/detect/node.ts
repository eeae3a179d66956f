import type { GateSpec } from '../../../../shared/goal/vocabulary.ts';
import { ownRunner } from '../../../runtime/verification/own-runner.ts';
import { scriptWords } from '../../../runtime/verification/script-words.ts';
import { gate, inDir, setupGate } from './gate.ts';
import type { Detected, Surroundings } from './types.ts';

type PackageJson = { readonly [key: string]: unknown };

const SCRIPTS = ['typecheck', 'type-check', 'lint', 'build', 'test'] as const;
const MAX_MEMBERS = 20;

/** Scripts of package.json that exist, with runners whose tests can be told apart run by our own argv. */
export async function detectNode(around: Surroundings): Promise<Detected> {
  if (!around.has('package.json')) return { gates: [], notes: [] };
  const root = parsePackage(await around.text('package.json'));
  if (root === null)
    return { gates: [], notes: ['package.json cannot be read, so none of its scripts are gates.'] };
  if (!(await around.tool('node')))
    return { gates: [], notes: ['package.json is there, but node is not on the PATH.'] };

  const notes: string[] = [];
  const members = await workspaceMembers(around, root);
  const setup = await detectSetup(around, root, members, notes);
  const gates: GateSpec[] = setup === null ? [] : [setup];
  gates.push(...(await scriptGates(around, '', root, setup !== null, notes)));
  for (const member of members) {
    const manifest = parsePackage(await around.text(inDir(member, 'package.json')));
    if (manifest === null) continue;
    const found = await scriptGates(around, member, manifest, setup !== null, notes);
    // Root gates are on, member gates are offered (decisions H3).
    gates.push(...found.map((one) => ({ ...one, selected: false })));
  }
  return { gates, notes };
}

async function scriptGates(
  around: Surroundings,
  dir: string,
  manifest: PackageJson,
  installed: boolean,
  notes: string[],
): Promise<GateSpec[]> {
  const scripts = record(manifest['scripts']);
  const gates: GateSpec[] = [];
  for (const name of SCRIPTS) {
    const script = scripts[name];
    if (typeof script !== 'string' || script.trim() === '') continue;
    if (/no test specified/.test(script)) {
      if (dir === '')
        notes.push('The test script of package.json is the placeholder of npm, so it is no gate.');
      continue;
    }
    const file = inDir(dir, 'package.json');
    const shared = {
      name: dir === '' ? name : `${dir}: ${name}`,
      cwd: dir,
      source: `${file} scripts.${name}`,
      script: script.slice(0, 20_000),
    };
    const words = scriptWords(script);
    const wrapped = [`pre${name}`, `post${name}`].some((hook) => typeof scripts[hook] === 'string');
    const own = ownRunner(['npm', 'run', name], { scripts });
    // Without installed packages, a runner among them is not there to be run.
    if (own !== null && (installed || !own.argv.join(' ').includes('node_modules/.bin/')))
      gates.push(gate({ ...shared, argv: own.argv, parser: own.parser }));
    // A pattern is the shell's to expand, so such a script stays with the package manager.
    else if (!wrapped && words?.[0] === 'node' && !words.some((word) => /[*?[]/.test(word)))
      gates.push(gate({ ...shared, argv: words }));
    else if (await around.tool('npm')) gates.push(gate({ ...shared, argv: ['npm', 'run', name] }));
    else notes.push(`The script "${name}" needs npm, which is not on the PATH.`);
  }
  return gates;
}

async function detectSetup(
  around: Surroundings,
  root: PackageJson,
  members: readonly string[],
  notes: string[],
): Promise<GateSpec | null> {
  const wanted = ['dependencies', 'devDependencies', 'optionalDependencies'].some(
    (field) => Object.keys(record(root[field])).length > 0,
  );
  if (!wanted && members.length === 0) return null;
  const choice = installCommand(around, root);
  if (choice === null) {
    if (wanted)
      notes.push(
        'package.json has dependencies but no lockfile, so omk does not install them; gates run without.',
      );
    return null;
  }
  if (!(await around.tool(choice.argv[0]))) {
    notes.push(
      `${choice.lockfile} is there, but ${choice.argv[0]} is not on the PATH; gates run without dependencies.`,
    );
    return null;
  }
  return setupGate({
    name: 'install',
    argv: choice.argv,
    source: choice.lockfile,
    outputs: ['node_modules', ...members.map((member) => `${member}/node_modules`)],
  });
}

function installCommand(
  around: Surroundings,
  root: PackageJson,
): { readonly argv: [string, ...string[]]; readonly lockfile: string } | null {
  if (around.has('pnpm-lock.yaml'))
    return { argv: ['pnpm', 'install', '--frozen-lockfile'], lockfile: 'pnpm-lock.yaml' };
  if (around.has('yarn.lock')) {
    const manager = root['packageManager'];
    const berry =
      around.has('.yarnrc.yml') || (typeof manager === 'string' && /^yarn@(?:[2-9]|\d\d)/.test(manager));
    return { argv: ['yarn', 'install', berry ? '--immutable' : '--frozen-lockfile'], lockfile: 'yarn.lock' };
  }
  for (const lockfile of ['bun.lock', 'bun.lockb'])
    if (around.has(lockfile)) return { argv: ['bun', 'install', '--frozen-lockfile'], lockfile };
  for (const lockfile of ['package-lock.json', 'npm-shrinkwrap.json'])
    if (around.has(lockfile)) return { argv: ['npm', 'ci', '--no-audit', '--no-fund'], lockfile };
  return null;
}

async function workspaceMembers(around: Surroundings, root: PackageJson): Promise<string[]> {
  const field = root['workspaces'];
  const globs = (Array.isArray(field) ? field : Object.values(record(field)).flat()).filter(
    (glob): glob is string => typeof glob === 'string',
  );
  const pnpm = await around.text('pnpm-workspace.yaml');
  for (const line of pnpm?.split('\n') ?? []) {
    const glob = /^\s+-\s+["']?([^"'#]+?)["']?\s*(?:#.*)?$/.exec(line)?.[1];
    if (glob !== undefined && glob.includes('/')) globs.push(glob);
  }
  const patterns = globs.filter((glob) => !glob.startsWith('!')).map(memberPattern);
  return around.entries
    .filter((entry) => entry.path.endsWith('/package.json'))
    .map((entry) => entry.path.slice(0, -'/package.json'.length))
    .filter((dir) => !dir.includes('node_modules') && patterns.some((pattern) => pattern.test(dir)))
    .slice(0, MAX_MEMBERS);
}

function memberPattern(glob: string): RegExp {
  const source = glob
    .replace(/^\.\//, '')
    .replace(/\/+$/, '')
    .replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('**', '\u0000')
    .replaceAll('*', '[^/]*')
    .replaceAll('\u0000', '.*');
  return new RegExp(`^${source}$`);
}

function parsePackage(text: string | null): PackageJson | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as PackageJson)
      : null;
  } catch {
    return null; // said by the caller
  }
}

function record(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
