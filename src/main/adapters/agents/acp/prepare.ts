import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { AgentStart, BackendError } from '../../../runtime/agent-backend.ts';
import { err, ok } from '../../../../shared/kernel/result.ts';
import type { Result } from '../../../../shared/kernel/result.ts';
import type { Sandbox } from '../../process/types.ts';
import { kimiConfig } from './kimi-config.ts';
import type { Quirks } from './quirks.ts';

/** What an agent needs in its private home before it can start. */
export type Prepared = {
  /** Variables that win over everything. */
  readonly env: Readonly<Record<string, string>>;
  readonly bind: Sandbox['bind'];
  readonly writable: readonly string[];
  /** Folder of session files, where the agent keeps them. */
  readonly sessionsDir: string | null;
};

/**
 * Writes the agent's configuration into the goal's home and brings its login there (decisions.md H7). A login is linked as
 * the whole folder, because a refreshed token is written by renaming, which a single linked file would not survive.
 * Nothing is ever written to the person's own home.
 */
export function prepareHome(
  o: Pick<AgentStart, 'home' | 'tmpDir' | 'env'> & {
    readonly use: 'namespaces' | 'none';
    readonly userHome: string;
    readonly quirks: Quirks;
  },
): Result<Prepared, BackendError> {
  try {
    for (const dir of [o.home, o.tmpDir]) mkdirSync(dir, { recursive: true, mode: 0o700 });
    return o.quirks.id === 'kimi-code'
      ? prepareKimi(o)
      : ok({ env: {}, bind: [], writable: [], sessionsDir: null });
  } catch (error) {
    return err({
      code: 'spawn_failed',
      message: "The agent's private home could not be written; check the disk and its permissions.",
      retryable: true,
      detail: { reason: error instanceof Error ? error.message : String(error) },
    });
  }
}

function prepareKimi(o: Parameters<typeof prepareHome>[0]): Result<Prepared, BackendError> {
  const dir = join(o.home, '.kimi-code');
  ownFolder(dir);
  // A model given by the environment needs neither the person's configuration nor their login.
  const fromEnv = o.env['KIMI_MODEL_NAME'] !== undefined;
  const theirs = o.env['KIMI_CODE_HOME'] ?? join(o.userHome, '.kimi-code');
  const config = kimiConfig(fromEnv ? null : readText(join(theirs, 'config.toml')));
  if (!config.ok)
    return err({ code: 'model_not_configured', message: config.error.message, retryable: false });
  replaceFile(join(dir, 'config.toml'), config.value);
  const login = fromEnv ? { bind: [], writable: [] } : bringLogin({ theirs, dir, use: o.use });
  return ok({
    env: {
      KIMI_CODE_HOME: dir,
      KIMI_DISABLE_TELEMETRY: '1',
      KIMI_CODE_NO_AUTO_UPDATE: '1',
      KIMI_DISABLE_CRON: '1',
    },
    ...login,
    sessionsDir: join(dir, 'sessions'),
  });
}

function bringLogin(o: {
  readonly theirs: string;
  readonly dir: string;
  readonly use: 'namespaces' | 'none';
}) {
  // Which server and which device a token belongs to: read by the agent, not changed by it.
  for (const name of ['device_id', 'region']) {
    const from = join(o.theirs, name);
    if (!isFile(from)) continue;
    rmSync(join(o.dir, name), { force: true });
    copyFileSync(from, join(o.dir, name));
    chmodSync(join(o.dir, name), 0o600);
  }
  const from = join(o.theirs, 'credentials');
  const to = join(o.dir, 'credentials');
  const before = lstatSync(to, { throwIfNoEntry: false });
  if (statSync(from, { throwIfNoEntry: false })?.isDirectory() !== true) return { bind: [], writable: [] };
  if (before !== undefined && (before.isSymbolicLink() || o.use === 'none'))
    rmSync(to, { recursive: true, force: true });
  if (o.use === 'none') {
    symlinkSync(from, to, 'dir');
    return { bind: [], writable: [] };
  }
  mkdirSync(to, { recursive: true, mode: 0o700 });
  return { bind: [{ from, to, readOnly: false }], writable: [] };
}

/** A folder of the goal's own: an agent may have put a link in its place to make us write elsewhere. */
function ownFolder(dir: string): void {
  const stat = lstatSync(dir, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isDirectory()) rmSync(dir, { force: true });
  mkdirSync(dir, { recursive: true, mode: 0o700 });
}

/** Replaces by renaming: never writes through a link, never leaves half a file. */
function replaceFile(path: string, content: string): void {
  const tmp = `${path}.omk-${process.pid}`;
  rmSync(tmp, { recursive: true, force: true });
  writeFileSync(tmp, content, { mode: 0o600, flag: 'wx' });
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
    rmSync(path, { recursive: true, force: true });
  renameSync(tmp, path);
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null; // no configuration of their own: the agent says that it has no model
  }
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;
