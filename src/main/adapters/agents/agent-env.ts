import { join } from 'node:path';

/** Names omk sets itself: letting one through by name would undo the isolation it stands for. */
const reserved = new Set(['HOME', 'TMPDIR', 'GIT_CONFIG_GLOBAL', 'GIT_CONFIG_NOSYSTEM']);

const identity = { name: 'omk agent', email: 'agent@omk.invalid' };

/**
 * The complete environment of an agent (decisions.md H6): private HOME and TMPDIR, XDG folders and caches inside them, git
 * with omk's identity and nobody's configuration, and the variables a person let through by name.
 *
 * @param base PATH, LANG and TERM of the host; anything else in it is dropped
 * @param extra variables the adapter derives for its agent; they win over everything
 */
export function agentEnv(o: {
  readonly base: Readonly<Record<string, string>>;
  readonly home: string;
  readonly tmpDir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly extra?: Readonly<Record<string, string>>;
}): Record<string, string> {
  const inherited = Object.entries(o.base).filter(([name]) => ['PATH', 'LANG', 'TERM'].includes(name));
  const named = Object.entries(o.env).filter(([name]) => !reserved.has(name));
  return {
    ...Object.fromEntries(inherited),
    XDG_CONFIG_HOME: join(o.home, '.config'),
    XDG_CACHE_HOME: join(o.home, '.cache'),
    XDG_DATA_HOME: join(o.home, '.local', 'share'),
    XDG_STATE_HOME: join(o.home, '.local', 'state'),
    npm_config_cache: join(o.home, '.cache', 'npm'),
    PIP_CACHE_DIR: join(o.home, '.cache', 'pip'),
    CARGO_HOME: join(o.home, '.cargo'),
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: identity.name,
    GIT_AUTHOR_EMAIL: identity.email,
    GIT_COMMITTER_NAME: identity.name,
    GIT_COMMITTER_EMAIL: identity.email,
    ...Object.fromEntries(named),
    HOME: o.home,
    TMPDIR: o.tmpDir,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    ...o.extra,
  };
}
