import type { Failure } from '../../../shared/goal/vocabulary.ts';
import { err } from '../../../shared/kernel/result.ts';
import type { Result } from '../../../shared/kernel/result.ts';

type Kind = Pick<Failure, 'retry' | 'blame'>;

/** What of a failure is known by its code alone; see each place for the sentence. */
const kinds = {
  'git.missing': { retry: 'ask', blame: 'external' },
  'git.failed': { retry: 'later', blame: 'infra' },
  'git.timed_out': { retry: 'later', blame: 'infra' },
  'git.cancelled': { retry: 'later', blame: 'infra' },
  'git.too_much_output': { retry: 'never', blame: 'infra' },
  'disk.full': { retry: 'ask', blame: 'infra' },
  'disk.low': { retry: 'ask', blame: 'external' },
  'project.vanished': { retry: 'ask', blame: 'external' },
  'project.unreadable': { retry: 'ask', blame: 'external' },
  'project.unsupported': { retry: 'ask', blame: 'person' },
  'project.no_commits': { retry: 'ask', blame: 'person' },
  'workspace.missing': { retry: 'ask', blame: 'infra' },
  'workspace.unsafe': { retry: 'ask', blame: 'infra' },
  'workspace.io_failed': { retry: 'later', blame: 'infra' },
  'slice.missing': { retry: 'never', blame: 'infra' },
  'slice.changing': { retry: 'later', blame: 'agent' },
  'slice.too_large': { retry: 'never', blame: 'agent' },
  'slice.unsafe_path': { retry: 'never', blame: 'agent' },
  'tree.missing': { retry: 'ask', blame: 'infra' },
  'tree.not_empty': { retry: 'never', blame: 'infra' },
  'tree.unsafe_path': { retry: 'never', blame: 'agent' },
  'tree.collision': { retry: 'never', blame: 'agent' },
  'tree.mismatch': { retry: 'later', blame: 'infra' },
  'landing.ref_exists': { retry: 'ask', blame: 'person' },
  'landing.ref_conflict': { retry: 'ask', blame: 'person' },
  'landing.denied': { retry: 'ask', blame: 'person' },
  'landing.locked': { retry: 'later', blame: 'person' },
  'landing.project_vanished': { retry: 'ask', blame: 'person' },
} as const satisfies Record<string, Kind>;

export type GitFailureCode = keyof typeof kinds;

/** Builds a failure of this adapter; what each code justifies is decided here, once. */
export function failure(
  code: GitFailureCode,
  message: string,
  detail?: Readonly<Record<string, unknown>>,
): Failure {
  return {
    code,
    message: message.slice(0, 2_000),
    ...kinds[code],
    ...(detail ? { detail: { ...detail } } : {}),
  };
}

export const failed = (
  code: GitFailureCode,
  message: string,
  detail?: Readonly<Record<string, unknown>>,
): Result<never, Failure> => err(failure(code, message, detail));

export const diskFull = (detail: Readonly<Record<string, unknown>>): Failure =>
  failure('disk.full', 'The disk is full. Free some space, then continue.', detail);

/** `code` of a Node error, '' for anything else. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Translates an error of the file system, once. `doing` completes "omk could not …". */
export function ioFailure(error: unknown, doing: string): Failure {
  const code = errorCode(error);
  const detail = { errno: code, error: error instanceof Error ? error.message.slice(0, 500) : String(error) };
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(detail);
  return failure(
    'workspace.io_failed',
    `omk could not ${doing}${code === '' ? '' : ` (${code})`}. Check the disk and its permissions.`,
    detail,
  );
}

/** Runs `work` and turns what the file system throws into a failure; anything that is no system error goes on up. */
export async function guarded<T>(
  doing: string,
  work: () => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  try {
    return await work();
  } catch (error) {
    if (errorCode(error) === '') throw error;
    return err(ioFailure(error, doing));
  }
}
