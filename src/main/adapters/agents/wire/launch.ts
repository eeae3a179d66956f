import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentStart } from '../../../runtime/agent-backend.ts';
import { usesUserHome } from '../../../../shared/goal/user-home.ts';
import { bringLogin, broughtNothing } from '../login/bring-login.ts';
import type { Brought } from '../login/bring-login.ts';
import { loginOf } from '../login/logins.ts';
import { ownFolder } from '../login/own-files.ts';

/** How a Wire agent is started. */
export type Launch = Brought & {
  readonly argv: readonly [string, ...string[]];
  /** `null`: the agent knows no sessions by name. */
  readonly sessionId: string | null;
};

/**
 * A command a person typed runs exactly as typed. Only a detected `kimi` (Python kimi-cli) gets the options that make it speak
 * Wire in the worktree and a session id of ours. A login that omk knows of comes into the goal's home either way.
 *
 * Throws when the goal's home cannot be written.
 */
export function prepareLaunch(
  start: Pick<AgentStart, 'spec' | 'workDir' | 'home' | 'tmpDir' | 'env' | 'mode' | 'resumeSessionId'>,
  o: { readonly userHome: string; readonly use: 'namespaces' | 'none' },
): Launch {
  for (const dir of [start.home, start.tmpDir]) mkdirSync(dir, { recursive: true, mode: 0o700 });
  const [program, ...args] = start.spec.argv;
  if (program === undefined) throw new Error('The agent has no command.');
  const own = usesUserHome(start.spec);
  const login = own ? broughtNothing : bringLogin({ ...start, ...o, login: loginOf(start.spec) });
  if (start.spec.quirks !== 'kimi-cli') return { ...login, argv: [program, ...args], sessionId: null };
  const share = join(start.home, '.kimi');
  if (!own) ownFolder(share);
  const brought = {
    ...login,
    env: { ...(!own && { KIMI_SHARE_DIR: share }), KIMI_CLI_NO_AUTO_UPDATE: '1' },
  };
  if (args.includes('--wire')) return { ...brought, argv: [program, ...args], sessionId: null };
  const sessionId = start.resumeSessionId ?? randomUUID();
  return {
    ...brought,
    argv: [
      program,
      ...args,
      '--wire',
      '--work-dir',
      start.workDir,
      '--session',
      sessionId,
      ...(start.mode === 'yolo' ? ['--yolo'] : []),
    ],
    sessionId,
  };
}
