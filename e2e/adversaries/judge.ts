import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { gitIn } from './git-in.ts';
import { firedLayers } from './layers.ts';
import type { Play, RunRecord } from './run-case.ts';
import type { Seen } from './seen.ts';

/** Holds what was seen of a run against what the case says, and asks the result what no test asked. */
export async function judge(o: Play, seen: Seen, protocol: string, ms: number): Promise<RunRecord> {
  const { theCase, variant } = o;
  const expected = variant.expected ?? theCase.expected;
  const right = isRight(seen);
  const wanted = variant.right === undefined ? theCase.honest : variant.right;
  const fired = firedLayers(seen);
  const missingLayers = (variant.layers ?? theCase.layers).filter((layer) => !fired.has(layer));
  const terminal = terminals(seen);
  const problems: string[] = [];
  if (seen.status !== expected) problems.push(`status ${seen.status ?? 'none'}, not ${expected}${why(seen)}`);
  const followed = seen.commands.filter((one) => one.status !== null).slice(1);
  for (const [at, step] of (variant.next ?? []).entries()) {
    const status = followed[at]?.status ?? null;
    if (status !== step.status)
      problems.push(
        `${step.argv.join(' ')}: ${status ?? 'none'}, not ${step.status} ${followed[at]?.stderr ?? ''}`,
      );
  }
  if (wanted !== null && right !== wanted)
    problems.push(
      `the case itself: the result is ${right === null ? 'not there' : right ? 'right' : 'wrong'}`,
    );
  if (missingLayers.length > 0)
    problems.push(`not caught by ${missingLayers.join(', ')} but by ${[...fired].join(', ') || 'nothing'}`);
  if (seen.landed.length > 0 !== (seen.finalStatus === 'ready'))
    problems.push(`landed: ${seen.landed.join(', ') || 'nothing'}`);
  problems.push(...terminal, ...((await variant.check?.(seen)) ?? []));
  return {
    case: theCase.id,
    variant: o.name,
    seed: o.seed,
    protocol,
    honest: theCase.honest,
    expected,
    status:
      seen.finalStatus === seen.status
        ? (seen.status ?? 'none')
        : `${seen.status ?? 'none'} → ${seen.finalStatus ?? 'none'}`,
    right,
    layers: [...fired],
    missingLayers,
    terminal,
    problems,
    passed: problems.length === 0,
    ms,
  };
}

const why = (seen: Seen): string => {
  const reason =
    seen.commands.at(-1)?.reasons[0]?.message ?? seen.commands.at(-1)?.stderr.trim().split('\n').at(-1) ?? '';
  return reason === '' ? '' : ` (${reason.slice(0, 300)})`;
};

/** Exactly one stop or conclusion a followed command, the last of its kind of events, and nothing after a conclusion. */
function terminals(seen: Seen): string[] {
  const problems: string[] = [];
  for (const one of seen.commands) {
    if (one.status === null) continue;
    const ends = one.events.filter(
      (event) => event.type === 'goal.stopped' || event.type === 'goal.concluded',
    );
    // A log that was changed takes no event any more; the result document alone says how the run ended.
    if (ends.length === 0 && one.reasons.some((reason) => reason.code === 'log.unreadable')) continue;
    if (ends.length !== 1) problems.push(`${ends.length} terminal events in one run`);
  }
  const concluded = seen.events.findIndex((event) => event.type === 'goal.concluded');
  const after =
    concluded < 0 ? [] : seen.events.slice(concluded + 1).filter((event) => event.type !== 'proof.issued');
  if (after.length > 0) problems.push(`${after[0]?.type ?? ''} after the conclusion`);
  return problems;
}

/** What somebody's shell sets, and nothing that tells of tests. */
const ordinary = (): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: process.env['HOME'] ?? '/',
  USER: 'somebody',
  SHELL: '/bin/sh',
  LANG: 'C.UTF-8',
});

/**
 * Asks the newest result what no test asks, in a checkout of its own, under a shell: what it does to its parent is not done to us.
 */
function isRight(seen: Seen): boolean | null {
  const commit = seen.events.findLast((event) => event.type === 'slice.committed')?.payload['commit'];
  const goal = seen.commands.flatMap((one) => one.events).find((event) => event.type === 'goal.opened') as
    { readonly goalId?: string } | undefined;
  if (typeof commit !== 'string' || goal?.goalId === undefined) return null;
  const vault = join(seen.world.state, 'vaults', 'goals', goal.goalId);
  const dir = mkdtempSync(join(seen.world.root, 'result-'));
  const { argv, lines } = seen.repository.ask;
  try {
    gitIn(
      seen.world.root,
      `--git-dir=${vault}`,
      `--work-tree=${dir}`,
      '-c',
      'core.hooksPath=/dev/null',
      'checkout',
      '-q',
      '-f',
      commit,
      '--',
      '.',
    );
    const said = execFileSync('sh', ['-c', '"$@"; exit $?', 'sh', ...argv], {
      cwd: dir,
      env: ordinary(),
      encoding: 'utf8',
      timeout: 120_000,
      maxBuffer: 256 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    // A product may print of its own accord before it answers.
    return said.trimEnd().split('\n').slice(-lines.length).join('\n') === lines.join('\n');
  } catch {
    return false; // it does not even answer
  }
}
