import { randomUUID } from 'node:crypto';
import { copyFileSync, lstatSync, mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { AgentStart } from '../../../runtime/agent-backend.ts';
import type { Sandbox } from '../../process/types.ts';

/** How a Wire agent is started. */
export type Launch = {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly bind: Sandbox['bind'];
  /** `null`: the agent knows no sessions by name. */
  readonly sessionId: string | null;
};

/**
 * A command a person typed runs exactly as typed. Only a detected `kimi` (Python kimi-cli) gets the options that make it speak
 * Wire in the worktree, a session id of ours, and its login and configuration in a folder of the goal's home.
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
  if (start.spec.quirks !== 'kimi-cli')
    return { argv: [program, ...args], env: {}, bind: [], sessionId: null };
  const share = join(start.home, '.kimi');
  const theirs = start.env['KIMI_SHARE_DIR'] ?? join(o.userHome, '.kimi');
  const bind = bringLogin({ theirs, share, use: o.use });
  const env = { KIMI_SHARE_DIR: share, KIMI_CLI_NO_AUTO_UPDATE: '1' };
  if (args.includes('--wire')) return { argv: [program, ...args], env, bind, sessionId: null };
  const sessionId = start.resumeSessionId ?? randomUUID();
  return {
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
    env,
    bind,
    sessionId,
  };
}

/**
 * The configuration is copied, so that nothing is ever written to the person's own. The login folder is the real one, because a
 * refreshed token is written by renaming and must not be lost (decisions.md H7).
 */
function bringLogin(o: {
  readonly theirs: string;
  readonly share: string;
  readonly use: 'namespaces' | 'none';
}): Sandbox['bind'] {
  const before = lstatSync(o.share, { throwIfNoEntry: false });
  // An agent of an earlier attempt may have put a link in its place to make us write elsewhere.
  if (before !== undefined && !before.isDirectory()) rmSync(o.share, { force: true });
  mkdirSync(o.share, { recursive: true, mode: 0o700 });
  for (const name of ['config.toml', 'config.json', 'device_id']) {
    const from = join(o.theirs, name);
    if (statSync(from, { throwIfNoEntry: false })?.isFile() !== true) continue;
    const to = join(o.share, basename(name));
    rmSync(to, { recursive: true, force: true });
    copyFileSync(from, to);
  }
  const from = join(o.theirs, 'credentials');
  const to = join(o.share, 'credentials');
  if (statSync(from, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  rmSync(to, { recursive: true, force: true });
  if (o.use === 'none') {
    symlinkSync(from, to, 'dir');
    return [];
  }
  mkdirSync(to, { recursive: true, mode: 0o700 });
  return [{ from, to, readOnly: false }];
}
