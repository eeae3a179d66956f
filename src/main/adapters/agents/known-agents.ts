import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DetectedAgent } from '../../../shared/api/agents.ts';
import type { AgentSpec } from '../../../shared/goal/vocabulary.ts';
import { loginOf } from './login/logins.ts';

/** Agents that are started by one program with fixed arguments. Kimi is not: two products share its name (kimi.ts). */
export type KnownAgent = {
  readonly name: string;
  readonly title: string;
  readonly programs: readonly string[];
  readonly args: readonly string[];
  readonly quirks: AgentSpec['quirks'];
};

export const knownAgents: readonly KnownAgent[] = [
  {
    name: 'qwen',
    title: 'Qwen Code',
    programs: ['qwen'],
    args: ['--acp'],
    quirks: 'qwen-code',
  },
  {
    name: 'gemini',
    title: 'Gemini CLI',
    programs: ['gemini'],
    args: ['--experimental-acp'],
    quirks: 'generic',
  },
  {
    name: 'claude',
    title: 'Claude Agent (ACP adapter)',
    programs: ['claude-agent-acp', 'claude-code-acp'],
    args: [],
    quirks: 'generic',
  },
  {
    name: 'codex',
    title: 'Codex (ACP adapter)',
    programs: ['codex-acp'],
    args: [],
    quirks: 'generic',
  },
];

/** What the existence of its login files says; a missing one only says that this way of signing in was not used. */
export function loginFromFiles(home: string, spec: AgentSpec): DetectedAgent['login'] {
  const files = loginOf(spec)?.tokens ?? [];
  return files.some((file) => existsSync(join(home, file))) ? 'signed_in' : 'unknown';
}

/** `signed_in` when the folder holds any credential, `signed_out` when nothing was ever configured beside it. */
export function loginFromFolder(configDir: string): DetectedAgent['login'] {
  if (!existsSync(configDir)) return 'signed_out';
  if (listOrEmpty(join(configDir, 'credentials')).some((name) => name.endsWith('.json'))) return 'signed_in';
  // A configuration may hold a key; keys are not read.
  return existsSync(join(configDir, 'config.toml')) ? 'unknown' : 'signed_out';
}

function listOrEmpty(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}
