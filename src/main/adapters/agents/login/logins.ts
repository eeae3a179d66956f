import type { AgentSpec } from '../../../../shared/goal/vocabulary.ts';

/** Parts of a person's configuration that say which way of signing in and which model they chose. */
export type Settings = {
  readonly path: string;
  readonly format: 'json' | 'toml';
  /** Names, with dots for what lies deeper. Hooks, servers and permissions are never among them. */
  readonly keys: readonly string[];
  /** The agent keeps more in this file: it is only made where there is none yet. */
  readonly once?: true;
};

/** Where an agent keeps its login. Every path is relative to a home. */
export type Login = {
  /** Folder in the home that holds what is its own, and the variable that names another one. */
  readonly folder: string;
  readonly variable: string | null;
  /** Files, or whole folders, that exist once somebody has signed in. The agent renews them, and that must reach the person. */
  readonly tokens: readonly string[];
  /** Written together with them. */
  readonly beside: readonly string[];
  /** Read by the agent, not changed by it. */
  readonly copies: readonly string[];
  readonly settings: readonly Settings[];
  /** What a person runs to sign in. */
  readonly signIn: string | null;
};

type Row = Login & {
  /** Its program, and the npm package that has it. */
  readonly programs: readonly string[];
  readonly packages: readonly string[];
};

const none = {
  variable: null,
  signIn: null,
  beside: [],
  copies: [],
  settings: [],
  programs: [],
  packages: [],
} as const;

const kimiCode: Row = {
  ...none,
  folder: '.kimi-code',
  signIn: 'kimi login',
  variable: 'KIMI_CODE_HOME',
  tokens: ['.kimi-code/credentials'],
  // Which server and which device a token belongs to.
  copies: ['.kimi-code/device_id', '.kimi-code/region'],
  programs: ['kimi'],
  packages: ['@moonshot-ai/kimi-code'],
};

const kimiCli: Row = {
  ...none,
  folder: '.kimi',
  signIn: 'kimi',
  variable: 'KIMI_SHARE_DIR',
  tokens: ['.kimi/credentials'],
  copies: ['.kimi/config.toml', '.kimi/config.json', '.kimi/device_id'],
};

const qwen: Row = {
  ...none,
  folder: '.qwen',
  signIn: 'qwen',
  tokens: ['.qwen/oauth_creds.json'],
  copies: ['.qwen/.env'],
  settings: [
    {
      path: '.qwen/settings.json',
      format: 'json',
      keys: ['$version', 'security.auth', 'selectedAuthType', 'model', 'modelProviders', 'env'],
    },
  ],
  programs: ['qwen'],
  packages: ['@qwen-code/qwen-code'],
};

const gemini: Row = {
  ...none,
  folder: '.gemini',
  signIn: 'gemini',
  tokens: ['.gemini/oauth_creds.json', '.gemini/gemini-credentials.json'],
  beside: ['.gemini/google_accounts.json'],
  copies: ['.gemini/installation_id', '.gemini/.env'],
  settings: [
    {
      path: '.gemini/settings.json',
      format: 'json',
      keys: ['$version', 'security.auth', 'selectedAuthType', 'model'],
    },
  ],
  programs: ['gemini'],
  packages: ['@google/gemini-cli'],
};

const claude: Row = {
  ...none,
  folder: '.claude',
  signIn: 'claude',
  variable: 'CLAUDE_CONFIG_DIR',
  tokens: ['.claude/.credentials.json'],
  settings: [
    {
      path: '.claude.json',
      format: 'json',
      keys: ['oauthAccount', 'hasCompletedOnboarding', 'userID'],
      once: true,
    },
    { path: '.claude/settings.json', format: 'json', keys: ['model', 'env'] },
  ],
  programs: ['claude-agent-acp', 'claude-code-acp'],
  packages: [
    '@zed-industries/claude-code-acp',
    '@zed-industries/claude-agent-acp',
    '@agentclientprotocol/claude-agent-acp',
  ],
};

const codex: Row = {
  ...none,
  folder: '.codex',
  signIn: 'codex login',
  variable: 'CODEX_HOME',
  tokens: ['.codex/auth.json'],
  settings: [
    {
      path: '.codex/config.toml',
      format: 'toml',
      keys: [
        'model',
        'model_provider',
        'model_providers',
        'model_reasoning_effort',
        'cli_auth_credentials_store',
        'preferred_auth_method',
        'forced_login_method',
        'chatgpt_base_url',
        'openai_base_url',
      ],
    },
  ],
  programs: ['codex-acp'],
  packages: ['@zed-industries/codex-acp', '@agentclientprotocol/codex-acp'],
};

const rows: readonly Row[] = [kimiCode, kimiCli, qwen, gemini, claude, codex];

/**
 * Where the agent of a command keeps its login: known by its program, by its package, or because the person named the files.
 * `null`: omk knows of none.
 */
export function loginOf(spec: Pick<AgentSpec, 'argv' | 'quirks' | 'loginFiles'>): Login | null {
  const known = rowOf(spec);
  const named = spec.loginFiles ?? [];
  if (named.length === 0) return known;
  const { tokens, ...rest } = known ?? { ...none, folder: '', tokens: [] };
  return { ...rest, tokens: [...new Set([...tokens, ...named])] };
}

function rowOf({ argv, quirks }: Pick<AgentSpec, 'argv' | 'quirks'>): Row | null {
  switch (quirks) {
    case 'kimi-code':
      return kimiCode;
    case 'kimi-cli':
      return kimiCli;
    case 'qwen-code':
      return qwen;
    case 'demo':
      return null;
    case 'generic': {
      const [program = '', ...words] = argv.map((word) => word.replaceAll('\\', '/'));
      const name = program
        .split('/')
        .at(-1)
        ?.replace(/\.(?:exe|cmd|m?js)$/, '');
      // A package is run as a script of its folder, or by name through a program that fetches it.
      const runs = (one: string): boolean =>
        [program, ...words.slice(0, 3)].some(
          (word) => word.includes(`/${one}/`) || word === one || word.startsWith(`${one}@`),
        );
      return (
        rows.find(({ programs, packages }) => programs.includes(name ?? '') || packages.some(runs)) ?? null
      );
    }
  }
}

/** Every place, relative to a home, where an agent omk knows keeps its login. */
export const loginPlaces: readonly string[] = [
  // Whole folders of their own: all that is in them belongs to one agent.
  kimiCode.folder,
  kimiCli.folder,
  ...[qwen, gemini, claude, codex].flatMap(({ tokens, beside }) => [...tokens, ...beside]),
];
