import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DetectedAgent } from '../../../shared/api/agents.ts';
import type { AgentSpec } from '../../../shared/goal/vocabulary.ts';

/** Agents that are started by one program with fixed arguments. Kimi is not: two products share its name (kimi.ts). */
export type KnownAgent = {
  readonly name: string;
  readonly title: string;
  readonly programs: readonly string[];
  readonly args: readonly string[];
  readonly quirks: AgentSpec['quirks'];
  /** Files of the person's home that exist once somebody has signed in; never read. */
  readonly signedIn: readonly string[];
};

export const knownAgents: readonly KnownAgent[] = [
  {
    name: 'qwen',
    title: 'Qwen Code',
    programs: ['qwen'],
    args: ['--acp'],
    quirks: 'qwen-code',
    signedIn: ['.qwen/oauth_creds.json'],
  },
  {
    name: 'gemini',
    title: 'Gemini CLI',
    programs: ['gemini'],
    args: ['--experimental-acp'],
    quirks: 'generic',
    signedIn: ['.gemini/oauth_creds.json'],
  },
  {
    name: 'claude',
    title: 'Claude Agent (ACP adapter)',
    programs: ['claude-agent-acp', 'claude-code-acp'],
    args: [],
    quirks: 'generic',
    signedIn: ['.claude/.credentials.json'],
  },
  {
    name: 'codex',
    title: 'Codex (ACP adapter)',
    programs: ['codex-acp'],
    args: [],
    quirks: 'generic',
    signedIn: ['.codex/auth.json'],
  },
];

/** What the existence of files says; a missing one only says that this way of signing in was not used. */
export function loginFromFiles(home: string, files: readonly string[]): DetectedAgent['login'] {
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
