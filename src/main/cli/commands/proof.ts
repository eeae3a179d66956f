import { resolve } from 'node:path';
import { checkProofFile } from '../../host/proof-check.ts';
import { parseFlags } from '../args.ts';
import type { Io } from '../io.ts';
import { misused } from '../io.ts';
import { document } from '../output.ts';
import { inertLine } from '../../../shared/safe-text.ts';

/** `omk proof verify FILE`: offline, without a host and without the state directory's database. */
export async function verifyProofFile(args: readonly string[], io: Io): Promise<number> {
  const flags = parseFlags(args, { json: { type: 'boolean' } }, { positionals: 2 });
  const [action, file] = flags.positionals;
  if (action !== 'verify' || file === undefined) throw misused('Say which proof: omk proof verify FILE.');
  const checked = await checkProofFile(resolve(io.cwd, file));
  if (flags.flag('json')) document(io, checked);
  else {
    if (checked.ok) io.out(`Unchanged since omk wrote it: ${checked.checked} parts checked.\n`);
    for (const said of [...checked.problems, ...checked.notes]) io.out(`${inertLine(said)}\n`);
  }
  return checked.ok ? 0 : 1;
}
