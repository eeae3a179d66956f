import { accessSync, constants, existsSync, lstatSync, readFileSync, statSync, statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { userInfo } from 'node:os';
import type { AppInfo, Check, DetectedAgent } from '../../shared/api/agents.ts';
import { bytes } from '../../shared/units.ts';
import { agentChecks } from './doctor-agents.ts';
import { check } from './doctor-check.ts';

export type DoctorFacts = {
  readonly info: Pick<AppInfo, 'git' | 'node' | 'isolation' | 'platform' | 'stateDir'>;
  readonly agents: readonly DetectedAgent[];
  readonly disk: { readonly free: number } | null;
  /** What is wrong with the state directory, worst first. */
  readonly state: readonly StateProblem[];
  readonly configFile: string;
  readonly configMode: number | null;
  readonly electron: 'there' | 'not_fetched' | 'packaged' | 'no_display';
};

type StateProblem =
  | { readonly type: 'link' }
  | { readonly type: 'not_ours' }
  | { readonly type: 'not_writable'; readonly code: string }
  | { readonly type: 'open_to_others'; readonly mode: string };

const GIT = [2, 31] as const;
const NODE = [22, 18] as const;
const FULL = 500 * 1024 ** 2;
const SCARCE = 5 * 1024 ** 3;

/** What this machine has and lacks, each lack with what to do about it. Pure: what was looked at is given. */
export function doctorChecks(facts: DoctorFacts): readonly Check[] {
  return [
    git(facts),
    node(facts),
    isolation(facts),
    disk(facts),
    stateDirectory(facts),
    configuration(facts),
    desktop(facts),
    ...agentChecks(facts.agents),
  ];
}

export const isHealthy = (checks: readonly Check[]): boolean =>
  checks.every(({ state }) => state !== 'failed');

function git({ info }: DoctorFacts): Check {
  if (info.git === null)
    return check(
      'git',
      'Git',
      'failed',
      'Git was not found on your PATH.',
      'Install Git; omk cannot work without it.',
    );
  return isAtLeast(info.git, GIT)
    ? check('git', 'Git', 'ok', info.git)
    : check('git', 'Git', 'failed', `${info.git} is too old.`, `Install Git ${GIT.join('.')} or newer.`);
}

function node({ info }: DoctorFacts): Check {
  return isAtLeast(info.node, NODE)
    ? check('node', 'Node', 'ok', info.node)
    : check(
        'node',
        'Node',
        'failed',
        `${info.node} is too old.`,
        `Run omk with Node ${NODE.join('.')} or newer.`,
      );
}

function isolation({ info }: DoctorFacts): Check {
  const { level, note } = info.isolation;
  if (level === 'L2' || level === 'L3') return check('isolation', 'Isolation', 'ok', `${level}. ${note}`);
  const linux = info.platform.startsWith('linux');
  return check(
    'isolation',
    'Isolation',
    'warning',
    `${level}. ${note}`,
    linux
      ? 'Allow user namespaces for your user and have unshare (util-linux) installed. Until then agents can write whatever you can, and proofs say so.'
      : 'Namespaces exist on Linux only. Agents can write whatever you can here, and proofs say so.',
    linux ? 'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0' : null,
  );
}

function disk({ disk: space, info }: DoctorFacts): Check {
  if (space === null)
    return check(
      'disk',
      'Disk',
      'warning',
      'How much is free could not be read.',
      'Look at the disk of the state directory.',
    );
  const found = `${bytes(space.free)} free`;
  if (space.free < FULL)
    return check(
      'disk',
      'Disk',
      'failed',
      `${found}.`,
      `Free some space on the disk of ${info.stateDir}, or set OMK_HOME to another one.`,
    );
  return space.free < SCARCE
    ? check(
        'disk',
        'Disk',
        'warning',
        `${found}: a goal with large dependencies may not fit.`,
        'Free some space, or set OMK_HOME to another disk.',
      )
    : check('disk', 'Disk', 'ok', found);
}

function stateDirectory({ state: [problem], info }: DoctorFacts): Check {
  const title = 'State directory';
  const { stateDir } = info;
  if (problem === undefined) return check('state', title, 'ok', `${stateDir}, yours alone`);
  switch (problem.type) {
    case 'link':
      return check('state', title, 'failed', `${stateDir} is a link.`, 'Set OMK_HOME to a real folder.');
    case 'not_ours':
      return check(
        'state',
        title,
        'failed',
        `${stateDir} belongs to somebody else.`,
        'Set OMK_HOME to a folder of your own.',
      );
    case 'not_writable':
      return check(
        'state',
        title,
        'failed',
        `${stateDir} cannot be written (${problem.code}).`,
        'Give yourself the permission, or set OMK_HOME to another folder.',
        `chmod u+rwx ${quoted(stateDir)}`,
      );
    case 'open_to_others':
      return check(
        'state',
        title,
        'warning',
        `${stateDir} is open to others (mode ${problem.mode}).`,
        'Close it: it holds what agents said and did.',
        `chmod 700 ${quoted(stateDir)}`,
      );
  }
}

function configuration({ configFile, configMode }: DoctorFacts): Check {
  const title = 'Configuration';
  if (configMode === null) return check('config', title, 'ok', `No ${configFile}; the defaults hold.`);
  return (configMode & 0o022) === 0
    ? check('config', title, 'ok', configFile)
    : check(
        'config',
        title,
        'warning',
        `${configFile} can be changed by others.`,
        'It names programs that omk starts: make it yours alone.',
        `chmod go-w ${quoted(configFile)}`,
      );
}

function desktop({ electron }: DoctorFacts): Check {
  const title = 'Desktop window';
  switch (electron) {
    case 'there':
    case 'packaged':
      return check('electron', title, 'ok', 'Electron is installed.');
    case 'no_display':
      return check(
        'electron',
        title,
        'warning',
        'There is no display here.',
        'npm start opens the same application in a browser.',
      );
    case 'not_fetched':
      return check(
        'electron',
        title,
        'warning',
        'Electron’s binary is not there.',
        'npm start fetches it, or else opens the same application in a browser.',
        'npx install-electron',
      );
  }
}

/** Looks at what only the file system knows. Runs nothing. */
export function lookAround(o: {
  readonly stateDir: string;
  readonly configFile: string;
  readonly env: Readonly<Record<string, string>>;
}): Pick<DoctorFacts, 'disk' | 'state' | 'configFile' | 'configMode' | 'electron'> {
  return {
    disk: freeSpace(o.stateDir),
    state: stateProblems(o.stateDir),
    configFile: o.configFile,
    configMode: statSync(o.configFile, { throwIfNoEntry: false })?.mode ?? null,
    electron: electronState(o.env),
  };
}

function freeSpace(dir: string): DoctorFacts['disk'] {
  try {
    const { bavail, bsize } = statfsSync(dir);
    return { free: bavail * bsize };
  } catch {
    return null; // file systems that do not tell exist
  }
}

function stateProblems(dir: string): readonly StateProblem[] {
  const stat = lstatSync(dir, { throwIfNoEntry: false });
  if (stat === undefined) return [{ type: 'not_writable', code: 'ENOENT' }];
  const problems: StateProblem[] = [];
  if (stat.isSymbolicLink()) problems.push({ type: 'link' });
  if (stat.uid !== userInfo().uid) problems.push({ type: 'not_ours' });
  try {
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const code =
      cause !== null && typeof cause === 'object' && 'code' in cause ? String(cause.code) : 'EACCES';
    problems.push({ type: 'not_writable', code });
  }
  if ((stat.mode & 0o077) !== 0)
    problems.push({ type: 'open_to_others', mode: (stat.mode & 0o777).toString(8).padStart(4, '0') });
  return problems;
}

function electronState(env: Readonly<Record<string, string>>): DoctorFacts['electron'] {
  if (process.versions['electron'] !== undefined) return 'packaged';
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
    const pointer = join(folder, 'path.txt');
    const there =
      existsSync(pointer) && existsSync(join(folder, 'dist', readFileSync(pointer, 'utf8').trim()));
    if (!there) return 'not_fetched';
  } catch {
    return 'not_fetched'; // not even the package
  }
  const hasDisplay =
    process.platform !== 'linux' || env['DISPLAY'] !== undefined || env['WAYLAND_DISPLAY'] !== undefined;
  return hasDisplay ? 'there' : 'no_display';
}

function isAtLeast(version: string, minimum: readonly number[]): boolean {
  const parts = version.split('.').map((part) => Number.parseInt(part, 10));
  for (const [at, wanted] of minimum.entries()) {
    const part = parts[at] ?? 0;
    if (Number.isNaN(part)) return false;
    if (part !== wanted) return part > wanted;
  }
  return true;
}

const quoted = (path: string): string =>
  /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
