import { readdirSync, realpathSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { InspectionProblem } from '../../../shared/api/projects.ts';
import { err, ok } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { errorCode } from './failure.ts';
import { readLinked } from './object-id.ts';
import { readLink } from './walk.ts';

/** Where the parts of a repository are. Found by looking, without git and without obeying any setting in it. */
export type Repository = {
  /** Real path of the folder that has `.git`. */
  readonly topLevel: string;
  /** POSIX path of the dropped folder inside `topLevel`; '' when that was dropped itself. */
  readonly subfolder: string;
  /** HEAD and index of this checkout. */
  readonly gitDir: string;
  /** Refs, configuration, hooks and objects; differs from `gitDir` in a linked worktree. */
  readonly commonDir: string;
  readonly settings: Settings;
};

export type Settings = {
  readonly format: 'sha1' | 'sha256';
  /** `reftable` keeps refs where omk does not read them. */
  readonly refStorage: string;
  readonly partial: boolean;
  readonly trustsModes: boolean;
};

const problem = (code: InspectionProblem['code'], message: string): Result<never, InspectionProblem> =>
  err({ code, message });

/** Finds the repository a folder belongs to. Reads a few small files; executes and writes nothing. */
export function findRepository(path: string): Result<Repository, InspectionProblem> {
  try {
    return find(path);
  } catch (error) {
    const code = errorCode(error);
    if (
      code === 'ENOENT' ||
      code === 'ENOTDIR' ||
      code === 'ENAMETOOLONG' ||
      code === 'ERR_INVALID_ARG_VALUE'
    )
      return problem('project.not_found', 'There is no such folder. Choose another one.');
    if (code === 'ELOOP')
      return problem('project.not_found', 'This link leads to itself. Choose another folder.');
    if (code === 'EACCES' || code === 'EPERM')
      return problem('project.unreadable', 'omk may not read this folder. Check its permissions.');
    throw error;
  }
}

function find(path: string): Result<Repository, InspectionProblem> {
  if (!isAbsolute(path)) return problem('project.not_found', 'A folder is named by its full path.');
  const start = realpathSync(path);
  if (!statSync(start).isDirectory())
    return problem('project.not_a_folder', 'This is a file. Choose the folder of a repository.');
  readdirSync(start);
  for (let dir = start; ; dir = dirname(dir)) {
    const place = join(dir, '.git');
    const found = statIfThere(place);
    if (found?.isDirectory() && isGitDir(place)) return repository(start, dir, place);
    if (found?.isFile()) {
      const target = /^gitdir: (.+?)\s*$/.exec(readLinked(place, 16_384)?.toString('utf8') ?? '')?.[1];
      const gitDir = target === undefined ? null : resolve(dir, target);
      if (gitDir !== null && isGitDir(gitDir)) return repository(start, dir, gitDir);
      return problem(
        'project.unreadable',
        'The file .git here points to a repository that is not there. Repair or move the worktree first.',
      );
    }
    if (isGitDir(dir))
      return problem(
        'project.bare',
        basename(dir) === '.git'
          ? 'This is the inside of a repository. Choose the folder above it.'
          : 'This repository is bare: it has no files to work on. Choose a clone of it.',
      );
    if (dirname(dir) === dir)
      return problem(
        'project.not_a_repository',
        'This folder is not in a git repository. Run "git init" and commit once, or choose another folder.',
      );
  }
}

function repository(start: string, topLevel: string, place: string): Result<Repository, InspectionProblem> {
  const gitDir = realpathSync(place);
  const commonText = readLinked(join(gitDir, 'commondir'), 16_384)?.toString('utf8').trim();
  const commonDir = commonText ? realpathSync(resolve(gitDir, commonText)) : gitDir;
  const settings = readSettings(commonDir);
  if (settings.format !== 'sha1')
    return problem(
      'project.unsupported',
      'This repository uses SHA-256 object names, which omk cannot read yet.',
    );
  if (settings.refStorage !== 'files')
    return problem(
      'project.unsupported',
      'This repository keeps its branches in a format that omk cannot read yet.',
    );
  const subfolder = relative(topLevel, start).split(sep).join('/');
  return ok({ topLevel, subfolder, gitDir, commonDir, settings });
}

function statIfThere(path: string): Stats | null {
  try {
    return statSync(path);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EACCES' || code === 'EPERM') throw error;
    return null;
  }
}

/** The three things by which git itself knows one. */
function isGitDir(path: string): boolean {
  // A link as HEAD may dangle: its branch can be unborn, or packed.
  if (
    statIfThere(join(path, 'HEAD'))?.isFile() !== true &&
    readLink(Buffer.from(join(path, 'HEAD'))) === null
  )
    return false;
  const common = statIfThere(join(path, 'commondir'))?.isFile() === true;
  return common || (isFolder(join(path, 'objects')) && isFolder(join(path, 'refs')));
}

const isFolder = (path: string): boolean => statIfThere(path)?.isDirectory() === true;

/** Reads the few settings that change how the repository must be read. Includes are not followed: the file is data. */
function readSettings(commonDir: string): Settings {
  const values = new Map<string, string>();
  let section = '';
  for (const line of (readLinked(join(commonDir, 'config'), 1_000_000)?.toString('utf8') ?? '').split('\n')) {
    const text = line.trim();
    const header = /^\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/.exec(text);
    if (header) section = (header[1] ?? '').toLowerCase() + (header[2] === undefined ? '' : '.*');
    const setting = /^(?:\[[^\]]*\]\s*)?([A-Za-z][\w-]*)\s*(?:=\s*(.*?))?\s*$/.exec(text);
    if (setting)
      values.set(`${section}.${(setting[1] ?? '').toLowerCase()}`, setting[2]?.replaceAll('"', '') ?? 'true');
  }
  const format = values.get('extensions.objectformat')?.toLowerCase();
  return {
    format: format === undefined || format === 'sha1' ? 'sha1' : 'sha256',
    refStorage: values.get('extensions.refstorage')?.toLowerCase() ?? 'files',
    partial: values.has('extensions.partialclone') || values.get('remote.*.promisor') === 'true',
    trustsModes: values.get('core.filemode')?.toLowerCase() !== 'false',
  };
}
