import { randomUUID } from 'node:crypto';
import {
  copyFile,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { GoalEvent } from '../../shared/goal/events.ts';
import { err, ok } from '../../shared/kernel/result.ts';
import type { Result } from '../../shared/kernel/result.ts';
import { evidenceOf } from '../../shared/proof/evidence.ts';
import { checkProofFile } from './proof-check.ts';
import { verifierText } from './verifier.ts';

type Problem = { readonly code: string; readonly message: string };

/**
 * Copies a goal's exported files, with every piece of evidence its log refers to in `evidence/`, into a new folder that verifies
 * wherever it is taken: the program that does it without omk lies in it. The folder appears at once and whole, or not at all.
 *
 * @returns how many parts of it were checked
 */
export async function exportGoal(o: {
  /** Where the host keeps the goal's files. */
  readonly from: string;
  readonly artifacts: string;
  readonly to: string;
}): Promise<Result<{ readonly checked: number }, Problem>> {
  const there = await whatIsAt(o.to);
  if (there === 'something')
    return err(problem('taken', `${o.to} exists and is not an empty folder. Name a new one.`));
  const unfinished = join(dirname(o.to), `.${basename(o.to)}.${randomUUID()}.tmp`);
  try {
    await mkdir(join(unfinished, 'evidence'), { recursive: true, mode: 0o700 });
    for (const name of await readdir(o.from)) {
      const file = await lstat(join(o.from, name));
      if (file.isFile() && !name.endsWith('.tmp'))
        await copyPrivately(join(o.from, name), join(unfinished, name));
    }
    for (const digest of await evidenceFor(join(o.from, 'events.jsonl')))
      await copyPrivately(
        join(o.artifacts, digest.slice(0, 2), digest),
        join(unfinished, 'evidence', digest),
      );
    await writeFile(join(unfinished, 'verify-proof.mjs'), await verifierText(), { mode: 0o600 });
    const checked = await checkProofFile(join(unfinished, 'proof.json'));
    if (!checked.ok)
      return err(problem('broken', `What omk has does not verify: ${checked.problems.join(' ')}`));
    if (there === 'empty folder') await rmdir(o.to);
    await rename(unfinished, o.to);
    return ok({ checked: checked.checked });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return err(problem('not_written', `The goal could not be exported to ${o.to}: ${why}.`));
  } finally {
    await rm(unfinished, { recursive: true, force: true }).catch(() => {});
  }
}

/** The same into a new folder below `parent`, named after the goal, and by a number besides where that is taken. */
export async function exportInto(
  o: Omit<Parameters<typeof exportGoal>[0], 'to'> & { readonly parent: string },
): Promise<Result<{ readonly path: string; readonly checked: number }, Problem>> {
  for (let number = 1; ; number += 1) {
    const path = join(o.parent, `omk-${basename(o.from)}${number === 1 ? '' : `-${number}`}`);
    if ((await whatIsAt(path)) !== 'nothing') continue;
    const done = await exportGoal({ ...o, to: path });
    return done.ok ? ok({ path, checked: done.value.checked }) : done;
  }
}

const problem = (reason: string, message: string): Problem => ({ code: `export.${reason}`, message });

async function whatIsAt(path: string): Promise<'nothing' | 'empty folder' | 'something'> {
  try {
    if (!(await lstat(path)).isDirectory()) return 'something';
    return (await readdir(path)).length === 0 ? 'empty folder' : 'something';
  } catch {
    return 'nothing';
  }
}

async function evidenceFor(log: string): Promise<readonly string[]> {
  const lines = (await readFile(log, 'utf8')).trimEnd().split('\n');
  return evidenceOf(lines.map((line) => GoalEvent.parse(JSON.parse(line))));
}

async function copyPrivately(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  const file = await open(to, 'r');
  try {
    await file.chmod(0o600);
    await file.sync();
  } finally {
    await file.close();
  }
}
