import { resolve } from 'node:path';
import { checkProofFile } from '../../host/proof-check.ts';
import { parseFlags } from '../args.ts';
import type { Io } from '../io.ts';
import { misused } from '../io.ts';
import { inert } from '../../../shared/safe-text.ts';

/** `omk proof verify FILE`: offline, without a host and without the state directory's database. */
export async function verifyProofFile(args: readonly string[], io: Io): Promise<number> {
  const flags = parseFlags(args, { json: { type: 'boolean' } });
  const [action, file] = flags.positionals;
  if (action !== 'verify' || file === undefined) throw misused('Say which proof: omk proof verify FILE.');
  const checked = await checkProofFile(resolve(io.cwd, file));
  if (flags.flag('json')) io.out(`${JSON.stringify(checked, null, 2)}\n`);
  else if (checked.ok) io.out(`Unchanged since omk wrote it: ${checked.checked} parts checked.\n`);
  else for (const problem of checked.problems) io.out(`${inert(problem)}\n`);
  return checked.ok ? 0 : 1;
}
