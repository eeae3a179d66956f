import { Failure as FailureSchema } from '../../../shared/goal/vocabulary.ts';
import type { Failure } from '../../../shared/goal/vocabulary.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { err } from '../../../shared/kernel/result.ts';

export const cancelled: Failure = {
  code: 'gates.cancelled',
  message: 'The gates were stopped before they had an answer; run them again.',
  retry: 'later',
  blame: 'infra',
};

export function missingEnv(gate: string, names: readonly string[]): Failure {
  return {
    code: 'gate.env_missing',
    message: `The gate "${gate}" needs ${names.join(', ')}, which ${names.length === 1 ? 'is' : 'are'} not set; set ${names.length === 1 ? 'it' : 'them'} and resume.`,
    retry: 'ask',
    blame: 'external',
    detail: { gate, names: [...names] },
  };
}

export const baseGone: Failure = {
  code: 'gates.evidence_missing',
  message: 'The results of the gates on base are missing or damaged; check base again.',
  retry: 'ask',
  blame: 'infra',
};

export const sealBroken: Failure = {
  code: 'setup.seal_broken',
  message: 'The prepared dependencies are not what they were when they were sealed; prepare them again.',
  retry: 'later',
  blame: 'infra',
};

export function placeFailed(error: unknown): Failure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'EUNKNOWN';
  return {
    code: code === 'ENOSPC' || code === 'EDQUOT' ? 'gates.disk_full' : 'gates.place_failed',
    message:
      code === 'ENOSPC' || code === 'EDQUOT'
        ? 'The disk is full, so no clean tree can be written; free some space and resume.'
        : `A clean tree for the gates could not be prepared (${code}).`,
    retry: 'ask',
    blame: 'infra',
  };
}

export function sandboxFailed(why: string): Failure {
  return {
    code: 'gates.sandbox_failed',
    message: `The namespaces for a gate could not be set up (${why.replace(/\.$/, '').slice(0, 500)}); try again.`,
    retry: 'later',
    blame: 'infra',
  };
}

/** The candidate has a path that no tree of ours may have; the workspace refuses to write it. */
export const isUnwritable = (failure: Failure): boolean => failure.code === 'tree.unsafe_path';

/**
 * Turns what the system or another adapter throws into a `Failure`: readers of trees throw one with a `failure`, the file
 * system throws errors with a code. Anything else is a mistake of ours and goes on.
 */
export async function guarded<T>(work: () => Promise<Result<T, Failure>>): Promise<Result<T, Failure>> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const carried = 'failure' in error ? FailureSchema.safeParse(error.failure) : null;
    if (carried?.success === true) return err(carried.data);
    if ('code' in error && typeof error.code === 'string' && 'syscall' in error)
      return err(placeFailed(error));
    throw error;
  }
}
