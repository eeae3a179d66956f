import { resolve } from 'node:path';
import { named, withoutOwnPrograms } from '../../host/build-adapters.ts';
import { readConfig } from '../../host/config.ts';
import { checkProofFile } from '../../host/proof-check.ts';
import type { ProofCheck } from '../../host/proof-check.ts';
import { goalBeside, rerunProof } from '../../host/rerun.ts';
import type { Rerun } from '../../host/rerun.ts';
import { runsText, shellText } from '../../../shared/goal/gate-table.ts';
import { parseFlags } from '../args.ts';
import type { Parsed } from '../args.ts';
import type { Io } from '../io.ts';
import { failed, misused } from '../io.ts';
import { document } from '../output.ts';
import { inert, inertLine } from '../../../shared/safe-text.ts';

const options = {
  json: { type: 'boolean' },
  rerun: { type: 'boolean' },
  'trust-gates': { type: 'boolean' },
  repo: { type: 'string' },
} as const;

/**
 * `omk proof verify FILE`: offline, without a host and without the state directory's database. With `--rerun` the gates run again on
 * the recorded commit, too.
 */
export async function verifyProofFile(args: readonly string[], io: Io): Promise<number> {
  const flags = parseFlags(args, options, { positionals: 2 });
  const [action, file] = flags.positionals;
  if (action !== 'verify' || file === undefined) throw misused('Say which proof: omk proof verify FILE.');
  if (!flags.flag('rerun') && (flags.flag('trust-gates') || flags.text('repo') !== null))
    throw misused('--trust-gates and --repo belong to --rerun.');
  const path = resolve(io.cwd, file);
  const checked = await checkProofFile(path);
  const rerun = flags.flag('rerun') && checked.ok ? await runAgain(path, flags, io) : null;
  if (flags.flag('json')) document(io, rerun === null ? checked : { ...checked, rerun });
  else print(io, checked, rerun);
  return checked.ok && (rerun === null || rerun.problems.length === 0) ? 0 : 1;
}

/** A proof may come from anybody, and its gates are commands: they are shown, and run only for somebody who trusts them. */
async function runAgain(path: string, flags: Parsed, io: Io): Promise<Rerun> {
  const config = readConfig();
  if (!config.ok) throw misused(config.error.message);
  const goal = await goalBeside(path);
  if (!goal) throw failed('The log beside this proof holds no goal.');
  if (!flags.flag('trust-gates')) {
    const commands = (goal.oracle?.gates ?? [])
      .filter((gate) => gate.selected)
      .map((gate) => {
        const cases =
          gate.cases === undefined ? '' : `${inert(runsText(gate) ?? '').replace(/^/gm, '    ')}\n`;
        return `  ${inertLine(`${gate.name}: ${shellText(gate.argv)}`)}\n${cases}`;
      });
    throw misused(
      `These commands of the proof would run here:\n${commands.join('')}Add --trust-gates if you trust them.`,
    );
  }
  const repo = flags.text('repo');
  const done = await rerunProof(goal, {
    proofPath: path,
    repository: repo === null ? null : resolve(io.cwd, repo),
    path: withoutOwnPrograms(config.value.path),
    env: (names) => named(config.value, names),
    progress: (text) => io.err(`${inertLine(text)}\n`),
    signal: io.unread,
  });
  if (!done.ok) throw failed(done.error.message);
  return done.value;
}

function print(io: Io, checked: ProofCheck, rerun: Rerun | null): void {
  if (checked.ok) io.out(`Unchanged since omk wrote it: ${checked.checked} parts checked.\n`);
  for (const said of [...checked.problems, ...checked.notes]) io.out(`${inertLine(said)}\n`);
  if (rerun === null) return;
  const all = rerun.problems.length === 0;
  io.out(
    all
      ? `Run again on commit ${rerun.commit}: ${rerun.same.length} of ${rerun.same.length} gates as in the proof.\n`
      : `Run again on commit ${rerun.commit}: not as in the proof.\n`,
  );
  for (const said of [...rerun.problems, ...rerun.notes]) io.out(`${inertLine(said)}\n`);
}
