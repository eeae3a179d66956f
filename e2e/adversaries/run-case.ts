import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Case, How, Prepared, Variant } from './case.ts';
import { command } from './command.ts';
import { gitIn } from './git-in.ts';
import { judge } from './judge.ts';
import type { Layer } from './layers.ts';
import { problemOf } from './problems.ts';
import type { Problem } from './problems.ts';
import type { Files, Repository } from './repositories.ts';
import { look } from './seen.ts';
import type { Command } from './seen.ts';

const here = import.meta.dirname;
/** Not below /tmp where that can be had: gates have a private one, which would hide a world by itself. */
const ROOT = existsSync('/var/tmp') ? '/var/tmp' : tmpdir();

export type RunRecord = {
  readonly case: string;
  readonly variant: string;
  readonly seed: number;
  readonly protocol: string;
  readonly honest: boolean;
  readonly expected: string;
  readonly status: string;
  /** Did the result do what was asked, for inputs no test shows? `null`: there was none. */
  readonly right: boolean | null;
  readonly layers: readonly string[];
  readonly missingLayers: readonly string[];
  /** Stops and conclusions that were not exactly one a command, or events after a conclusion. */
  readonly terminal: readonly string[];
  readonly problems: readonly string[];
  readonly passed: boolean;
  readonly ms: number;
};

export type Play = {
  readonly theCase: Case;
  readonly name: string;
  readonly variant: Variant;
  readonly seed: number;
  readonly without: Layer | null;
  /** Keeps the folders of a run that went wrong, for whoever looks into it. */
  readonly keep: boolean;
  /** As on a system that gives no namespaces. */
  readonly unconfined: boolean;
};

/** Plays one variant of a case with one seed in a world of its own, and says everything that was not as it should be. */
export async function play(o: Play): Promise<RunRecord> {
  const { variant, seed } = o;
  const problem = problemOf(seed);
  const repository = variant.repository(problem, seed);
  const world = prepare(repository);
  const protocols = variant.protocols ?? ['wire', 'acp'];
  const protocol = protocols[seed % protocols.length] ?? 'wire';
  const started = performance.now();
  try {
    variant.before?.(world);
    const commands = await drive(o, world, repository, problem, protocol);
    const seen = look(world, repository, commands, branches(world));
    const record = await judge(o, seen, protocol, Math.round(performance.now() - started));
    if (o.keep && !record.passed) console.log(`    kept: ${world.root}`);
    return record;
  } finally {
    if (!o.keep) rmSync(world.root, { recursive: true, force: true, maxRetries: 5 });
  }
}

function writeFiles(dir: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    if (typeof content === 'string') writeFileSync(join(dir, path), content);
    else symlinkSync(content.link, join(dir, path));
  }
}

function prepare(repository: Repository): Prepared {
  const root = realpathSync(mkdtempSync(join(ROOT, 'omk-adversary-')));
  const world = { root, repo: join(root, 'repo'), state: join(root, 'state'), home: join(root, 'home') };
  for (const dir of [world.repo, world.home]) mkdirSync(dir);
  writeFiles(world.repo, repository.files);
  gitIn(world.repo, 'init', '-q', '-b', 'main');
  gitIn(world.repo, 'add', '-A', '-f');
  gitIn(world.repo, 'commit', '-q', '-m', 'base');
  return world;
}

const branches = (world: Prepared): string[] =>
  gitIn(world.repo, 'branch', '--list', 'goal/*', '--format=%(refname:short)')
    .split('\n')
    .filter((one) => one !== '');

async function drive(
  o: Play,
  world: Prepared,
  repository: Repository,
  problem: Problem,
  protocol: string,
): Promise<Command[]> {
  const { theCase, variant, name, seed } = o;
  const commands: Command[] = [];
  const env = {
    ...variant.env?.(world),
    ...(o.without === null ? {} : { ADVERSARIES_WITHOUT: o.without }),
  };
  const hooked = o.without !== null && o.without !== 'probes';
  const omk = async (argv: readonly string[], how: How = {}): Promise<void> => {
    const besides: Promise<Command>[] = [];
    const meanwhile = (): void =>
      void besides.push(command(world, how.send ?? [], env, hooked, {}, () => {}));
    commands.push(await command(world, argv, env, hooked, how, meanwhile));
    await Promise.all(besides);
  };
  const probes = o.without === 'probes' ? [] : (variant.probes?.(repository, problem) ?? []);
  const probeFiles = probes.map((probe, at) => {
    const path = join(world.root, `probe-${at}.json`);
    writeFileSync(path, JSON.stringify(probe));
    return path;
  });
  const goal =
    variant.goal?.(problem) ??
    `Fix ${repository.product}: ${problem.goal}. The tests in ${repository.test} must pass.`;
  const agent = `${protocol}:${process.execPath} ${join(here, 'agent.ts')} --case ${theCase.id} --variant ${name} --seed ${seed} --protocol ${protocol}`;
  const args = [
    ...['goal', 'run', goal, '--repo', world.repo, '--agent-command', agent, '--trust-gates', '--yes-plan'],
    ...['--accept', 'auto', '--until-ready', '--json', '--max-attempts', '1'],
    // Scripts play one turn; planning would be another.
    ...['--planning', 'heuristic', '--review', 'none'],
    ...probeFiles.flatMap((path) => ['--probe', path]),
    ...(o.unconfined && variant.flags?.includes('--isolation') !== true ? ['--isolation', 'none'] : []),
    ...(variant.flags ?? []),
  ];
  const ended = (): boolean => commands.some((one) => one.status !== null);
  const proofPath = (): string => commands.findLast((one) => one.proofPath !== null)?.proofPath ?? '';
  if (variant.drive !== undefined) await variant.drive({ ...world, args, seed, omk, ended, proofPath });
  else await omk(args);
  for (const step of variant.next ?? []) await omk([...step.argv, '--until-ready', '--json']);
  return commands;
}
