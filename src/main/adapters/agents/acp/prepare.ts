import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentStart, BackendError } from '../../../runtime/agent-backend.ts';
import { usesUserHome } from '../../../../shared/goal/user-home.ts';
import { err, ok } from '../../../../shared/kernel/result.ts';
import type { Result } from '../../../../shared/kernel/result.ts';
import { bringLogin, broughtNothing } from '../login/bring-login.ts';
import type { Brought } from '../login/bring-login.ts';
import { loginOf } from '../login/logins.ts';
import { ownFolder, readText, replaceFile } from '../login/own-files.ts';
import { kimiConfig } from './kimi-config.ts';
import type { Quirks } from './quirks.ts';

/** What an agent needs in its private home before it can start. */
export type Prepared = Brought & {
  /** Folder of session files, where the agent keeps them. */
  readonly sessionsDir: string | null;
};

/**
 * Writes the agent's configuration into the goal's home and brings its login there (decisions.md H7). Nothing but a renewed token
 * is ever written to the person's own home.
 */
export function prepareHome(
  o: Pick<AgentStart, 'spec' | 'home' | 'tmpDir' | 'env'> & {
    readonly use: 'namespaces' | 'none';
    readonly userHome: string;
    /** Where the person's own Kimi Code keeps its files, when that is not the usual place. */
    readonly kimiHome?: string;
    readonly quirks: Quirks;
  },
): Result<Prepared, BackendError> {
  try {
    for (const dir of [o.home, o.tmpDir]) mkdirSync(dir, { recursive: true, mode: 0o700 });
    if (usesUserHome(o.spec)) return ok(asItIs(o));
    return o.quirks.id === 'kimi-code' ? prepareKimi(o) : ok({ ...login(o), sessionsDir: null });
  } catch (error) {
    return err({
      code: 'spawn_failed',
      message: "The agent's private home could not be written; check the disk and its permissions.",
      retryable: true,
      detail: { reason: error instanceof Error ? error.message : String(error) },
    });
  }
}

/** In the person's own home all is there already, and nothing is written. */
const asItIs = ({ quirks, env, userHome }: Parameters<typeof prepareHome>[0]): Prepared => ({
  ...broughtNothing,
  sessionsDir:
    quirks.id === 'kimi-code'
      ? join(env['KIMI_CODE_HOME'] ?? join(userHome, '.kimi-code'), 'sessions')
      : null,
});

const login = (o: Parameters<typeof prepareHome>[0]): Brought =>
  bringLogin({ ...o, login: loginOf({ ...o.spec, quirks: o.quirks.id }) });

function prepareKimi(o: Parameters<typeof prepareHome>[0]): Result<Prepared, BackendError> {
  const dir = join(o.home, '.kimi-code');
  ownFolder(dir);
  // A model given by the environment needs neither the person's configuration nor their login.
  const fromEnv = o.env['KIMI_MODEL_NAME'] !== undefined;
  const theirs = o.env['KIMI_CODE_HOME'] ?? o.kimiHome ?? join(o.userHome, '.kimi-code');
  const config = kimiConfig(fromEnv ? null : readText(join(theirs, 'config.toml')));
  if (!config.ok)
    return err({ code: 'model_not_configured', message: config.error.message, retryable: false });
  replaceFile(join(dir, 'config.toml'), config.value);
  const brought = fromEnv ? broughtNothing : login({ ...o, env: { ...o.env, KIMI_CODE_HOME: theirs } });
  return ok({
    ...brought,
    env: {
      KIMI_CODE_HOME: dir,
      KIMI_DISABLE_TELEMETRY: '1',
      KIMI_CODE_NO_AUTO_UPDATE: '1',
      KIMI_DISABLE_CRON: '1',
    },
    sessionsDir: join(dir, 'sessions'),
  });
}
