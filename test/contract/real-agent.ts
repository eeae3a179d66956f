import { mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAcpBackend } from '../../src/main/adapters/agents/acp/backend.ts';
import { spawnManaged } from '../../src/main/adapters/process/spawn.ts';
import type { ManagedProcess } from '../../src/main/adapters/process/types.ts';
import type { AgentHost, AgentStart } from '../../src/main/runtime/agent-backend.ts';
import type { AgentSpec } from '../../src/shared/goal/vocabulary.ts';
import { follow, nobody } from './agent-rig.ts';
import type { OpenSession } from './agent-rig.ts';

export type RealAgent = OpenSession & { readonly process: ManagedProcess };

/** A temporary folder with what one agent needs: `work`, `home`, `tmp`, and `user`, the person's home. */
export function makeRooms(): string {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'omk-real-')));
  for (const name of ['work', 'home', 'tmp', 'user/.kimi-code/credentials'])
    mkdirSync(join(dir, name), { recursive: true });
  return dir;
}

/** Starts a real agent over ACP in these rooms, with nothing of the person's but what `env` names. */
export async function openReal(
  dir: string,
  command: { readonly argv: readonly string[]; readonly env: Readonly<Record<string, string>> },
  o: Partial<AgentStart> & {
    readonly use?: 'namespaces' | 'none';
    readonly quirks?: AgentSpec['quirks'];
  } = {},
): Promise<RealAgent> {
  // Commands that omk runs for the agent come after it.
  const spawned: ManagedProcess[] = [];
  const backend = createAcpBackend({
    spawn(options) {
      const one = spawnManaged(options);
      spawned.push(one);
      return one;
    },
    baseEnv: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', TERM: 'dumb' },
    userHome: join(dir, 'user'),
    version: '0.0.0',
  });
  const { use = 'none', quirks = 'generic', ...rest } = o;
  const host: AgentHost = nobody;
  const started = await backend.start({
    spec: { name: 'real', protocol: 'acp', argv: [...command.argv], envNames: [], quirks },
    workDir: join(dir, 'work'),
    home: join(dir, 'home'),
    tmpDir: join(dir, 'tmp'),
    env: command.env,
    resumeSessionId: null,
    mode: 'ask',
    host,
    transcriptPath: join(dir, 'transcript.jsonl'),
    sandbox: { use, hide: [], writable: [] },
    signal: new AbortController().signal,
    timeouts: { handshakeMs: 20_000, stallMs: 20_000, cancelMs: 5_000, stopMs: 5_000 },
    ...rest,
  });
  const [process] = spawned;
  if (!started.ok || process === undefined)
    throw new Error(started.ok ? 'no process' : `${started.error.code}: ${started.error.message}`);
  return { session: started.value, process, ...follow(started.value) };
}
