import { join } from 'node:path';
import type { DetectedAgent } from '../../../shared/api/agents.ts';
import type { AgentSpec } from '../../../shared/goal/vocabulary.ts';
import { abilitiesOf } from './abilities.ts';
import { findProgram } from './find-program.ts';
import type { Program } from './find-program.ts';
import { loginFromFolder } from './known-agents.ts';
import { atLeast } from './program-version.ts';
import type { VersionAnswer } from './program-version.ts';

type Probe = (program: Pick<Program, 'path' | 'real' | 'mtimeMs'>) => Promise<VersionAnswer>;

/** kimi-code ends at its first import under an older one. */
const MIN_NODE = [22, 19] as const;
const PACKAGE = '@moonshot-ai/kimi-code';

const base = { name: 'kimi', demo: false, source: 'path', fixCommand: null, abilities: null } as const;

/**
 * The `kimi` on the PATH (decisions.md H25): Kimi Code (npm, ACP) or the older Python kimi-cli (Wire). The npm package says
 * what it is without being run; anything else is asked for its version.
 */
export async function detectKimi(o: {
  readonly folders: readonly string[];
  readonly home: string;
  /** Folder of Kimi Code's configuration and sign-in. */
  readonly kimiHome: string;
  readonly probe: Probe;
  /** Node that runs omk, where it is a plain one. */
  readonly ownNode: { readonly path: string; readonly version: string } | null;
}): Promise<DetectedAgent> {
  const program = findProgram(o.folders, 'kimi');
  if (program === null)
    return {
      ...base,
      title: 'Kimi Code',
      version: null,
      protocol: 'acp',
      spec: null,
      login: 'unknown',
      problem: `Kimi Code was not found on your PATH; install it with "npm install -g ${PACKAGE}".`,
      fixCommand: `npm install -g ${PACKAGE}`,
    };
  if (program.npm?.name === PACKAGE) return kimiCode(program, program.npm, o);
  const answer = await o.probe(program);
  if (answer === null)
    return {
      ...base,
      title: 'Kimi',
      version: null,
      protocol: 'acp',
      spec: null,
      login: 'unknown',
      problem: `${program.path} did not answer "--version" in time, twice; start it once in a terminal to see why.`,
    };
  // kimi-cli says "kimi, version 1.49.0"; Kimi Code, which began at 2, says only the number.
  return /kimi/i.test(answer.text) && !atLeast(answer.version, [2])
    ? kimiCli(program, answer.version, o.home)
    : native(program, answer.version, o.kimiHome);
}

async function kimiCode(
  program: Program,
  npm: NonNullable<Program['npm']>,
  o: Parameters<typeof detectKimi>[0],
): Promise<DetectedAgent> {
  const node = await findNode(o);
  const known = {
    ...base,
    title: 'Kimi Code',
    version: npm.version,
    protocol: 'acp',
    login: loginFromFolder(o.kimiHome),
  } as const;
  if (node === null)
    return {
      ...known,
      spec: null,
      problem: `Kimi Code ${npm.version} needs Node 22.19 or newer, and none was found on your PATH; install one.`,
    };
  const spec: AgentSpec = {
    name: 'kimi',
    protocol: 'acp',
    // Straight to its script, so that no other Node on the PATH can be taken for it.
    argv: [node, program.real, 'acp'],
    envNames: [],
    quirks: 'kimi-code',
  };
  return { ...known, spec, abilities: abilitiesOf(spec), ...signIn(known.login) };
}

function kimiCli(program: Program, version: string | null, home: string): DetectedAgent {
  const login = loginFromFolder(join(home, '.kimi'));
  const spec: AgentSpec = {
    name: 'kimi',
    protocol: 'wire',
    argv: [program.path],
    envNames: [],
    quirks: 'kimi-cli',
  };
  const out = login === 'signed_out';
  return {
    ...base,
    title: 'kimi-cli',
    version,
    protocol: 'wire',
    spec,
    login,
    problem: out ? 'kimi-cli is not signed in; run "kimi" in a terminal and sign in.' : null,
    fixCommand: out ? 'kimi' : null,
    abilities: abilitiesOf(spec),
  };
}

/** Kimi Code as a single executable, which brings its own runtime. */
function native(program: Program, version: string | null, kimiHome: string): DetectedAgent {
  const login = loginFromFolder(kimiHome);
  const spec: AgentSpec = {
    name: 'kimi',
    protocol: 'acp',
    argv: [program.path, 'acp'],
    envNames: [],
    quirks: 'kimi-code',
  };
  return {
    ...base,
    title: 'Kimi Code',
    version,
    protocol: 'acp',
    spec,
    login,
    abilities: abilitiesOf(spec),
    ...signIn(login),
  };
}

const signIn = (login: DetectedAgent['login']): Pick<DetectedAgent, 'problem' | 'fixCommand'> =>
  login === 'signed_out'
    ? { problem: 'Kimi Code is not signed in; run "kimi login" in a terminal.', fixCommand: 'kimi login' }
    : { problem: null, fixCommand: null };

async function findNode(o: Parameters<typeof detectKimi>[0]): Promise<string | null> {
  if (o.ownNode !== null && atLeast(o.ownNode.version, MIN_NODE)) return o.ownNode.path;
  for (const folder of o.folders) {
    const node = findProgram([folder], 'node');
    if (node !== null && atLeast((await o.probe(node))?.version ?? null, MIN_NODE)) return node.real;
  }
  return null;
}
