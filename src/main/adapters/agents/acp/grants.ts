import type { ApprovalRequest } from '../../../runtime/agent-backend.ts';

/** What was decided about an act that comes a second time, as a request to do it. Each decision is used once. */
export type Grants = {
  allow(request: ApprovalRequest): void;
  /** `false`: what the request says does not tell acts apart, so it cannot be recognised later. */
  refuse(request: ApprovalRequest, reason: string): boolean;
  take(
    request: ApprovalRequest,
  ): { readonly allowed: true } | { readonly allowed: false; readonly reason: string } | null;
  clear(): void;
};

const MAX_GRANTS = 1_000;

/**
 * An agent that asks for permission and then has omk do it would have the person asked twice. What was allowed is recognised by exactly
 * the command, or the one file with what would be written to it, judged as omk's own act; anything else is asked about anew.
 *
 * @param realPath where a path leads that the agent named
 */
export function createGrants(realPath: (path: string) => string): Grants {
  const actOf = ({ command, commandComplete, cwd, paths, diff, byHost }: ApprovalRequest): string | null => {
    if (command !== null) return commandComplete ? JSON.stringify(['run', command, cwd ?? null]) : null;
    const [path] = paths;
    // Permission for a path alone would be permission for whatever is written there later.
    if (path === undefined || paths.length > 1 || diff === null || byHost !== true) return null;
    return JSON.stringify(['write', realPath(path), diff]);
  };

  const allowed = new Map<string, number>();
  const refusals = new Map<string, string>();
  return {
    allow(request) {
      const act = actOf(request);
      if (act === null || allowed.size >= MAX_GRANTS) return;
      allowed.set(act, (allowed.get(act) ?? 0) + 1);
    },
    refuse(request, reason) {
      const act = actOf(request);
      if (act === null || refusals.size >= MAX_GRANTS) return false;
      refusals.set(act, reason);
      return true;
    },
    take(request) {
      const act = actOf(request);
      if (act === null) return null;
      const reason = refusals.get(act);
      refusals.delete(act);
      if (reason !== undefined) return { allowed: false, reason };
      const times = allowed.get(act) ?? 0;
      if (times === 0) return null;
      if (times === 1) allowed.delete(act);
      else allowed.set(act, times - 1);
      return { allowed: true };
    },
    clear() {
      allowed.clear();
      refusals.clear();
    },
  };
}
