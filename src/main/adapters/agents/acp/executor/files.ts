import { randomBytes } from 'node:crypto';
import { constants, readlinkSync } from 'node:fs';
import { chmod, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { missing, refused } from './refusal.ts';
import type { Place } from './places.ts';

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

/** More than any source file; the rest is read in parts by commands. */
const MAX_READ = 16 * 1024 * 1024;
const FOLDER = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;
const TEMPORARY = '.omk-write-';

/**
 * The text of a file, or of some of its lines. A command of the agent may swap a folder for a link while we look, so what was
 * opened is compared with what was meant.
 *
 * @param lines `from` counts from 1; `null` for all
 */
export async function readText(
  place: Place,
  lines: { readonly from: number; readonly limit: number | null } | null,
): Promise<string> {
  if (!place.exists) throw missing(place.asked);
  const file = await opened(place, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    meant(file, place.real, place);
    const stat = await file.stat();
    if (stat.isDirectory()) throw refused(`${place.asked} is a folder, not a file.`);
    if (!stat.isFile()) throw refused(`${place.asked} is no ordinary file, so it is not read.`);
    if (stat.size > MAX_READ)
      throw refused(`${place.asked} is larger than 16 MiB; read a part of it with a command.`);
    const text = decoded(await file.readFile(), place);
    if (lines === null) return text;
    const from = lines.from - 1;
    return splitLines(text)
      .slice(from, lines.limit === null ? undefined : from + lines.limit)
      .join('');
  } finally {
    await file.close();
  }
}

/**
 * Replaces a file or makes it, folders included, all at once: nobody sees half of it, and a hard link elsewhere keeps its bytes.
 * The folder is held open, so that whatever becomes of its name meanwhile, nothing is written in another one.
 */
export async function writeText(place: Place, content: string): Promise<void> {
  const folder = await openFolder(place, dirname(place.real));
  try {
    const within = pathOf(folder, dirname(place.real));
    const target = join(within, basename(place.real));
    const before = await lstat(target).catch(() => null);
    if (before?.isDirectory() === true) throw refused(`${place.asked} is a folder, not a file.`);
    if (before !== null && !before.isFile())
      throw refused(`${place.asked} is no ordinary file, so it is not written.`);
    const temporary = join(within, `${TEMPORARY}${randomBytes(6).toString('hex')}`);
    try {
      const file = await open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644);
      try {
        await file.writeFile(content);
      } finally {
        await file.close();
      }
      if (before !== null) await chmod(temporary, before.mode & 0o777);
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw failed('written', place.asked, error);
    }
  } finally {
    await folder.close();
  }
}

/** Made where it is not there yet, each folder in the one above that is held open. */
async function openFolder(place: Place, dir: string): Promise<FileHandle> {
  const folder = await open(dir, FOLDER).catch(async (error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw failed('written', place.asked, error);
    const above = await openFolder(place, dirname(dir));
    try {
      const made = join(pathOf(above, dirname(dir)), basename(dir));
      await mkdir(made, { mode: 0o755 });
      return await open(made, FOLDER);
    } catch (inner) {
      throw failed('written', place.asked, inner);
    } finally {
      await above.close();
    }
  });
  try {
    meant(folder, dir, place);
    return folder;
  } catch (error) {
    await folder.close();
    throw error;
  }
}

/** A path into a folder that is held open, whatever its name leads to now. */
const pathOf = (folder: FileHandle, dir: string): string =>
  process.platform === 'linux' ? `/proc/self/fd/${folder.fd}` : dir;

async function opened(place: Place, flags: number): Promise<FileHandle> {
  try {
    return await open(place.real, flags);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw missing(place.asked);
    throw failed('opened', place.asked, error);
  }
}

/** What is open is what was judged. */
function meant(handle: FileHandle, real: string, place: Place): void {
  if (process.platform !== 'linux') return;
  if (readlinkSync(`/proc/self/fd/${handle.fd}`) === real) return;
  throw refused(`${place.asked} became another file while it was looked at; try again.`);
}

/** Bytes that are no text would come back changed, and be written so. */
function decoded(bytes: Uint8Array, place: Place): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refused(`${place.asked} is not UTF-8 text; look at it with a command.`);
  }
}

/** Lines with their ends, whatever these are. */
const splitLines = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

const failed = (done: string, path: string, error: unknown) =>
  refused(`${path} could not be ${done} (${codeOf(error)}).`, { path });

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'EUNKNOWN';
