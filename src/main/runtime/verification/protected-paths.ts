/**
 * Files that tools obey without being asked, and that no change of a product needs to touch unseen (truth §3): a change of one
 * is a question, with what it could do. Files of the oracle, such as workflows of CI, are judged as such and are not here.
 */
type Protected = { readonly rule: string; readonly pattern: RegExp; readonly why: string };

/** A folder or a file of such a name, at any depth. */
const any = (names: string): RegExp => new RegExp(`(?:^|/)(?:${names})(?:/|$)`, 'i');
/** A file of such a name, at any depth. */
const file = (names: string): RegExp => new RegExp(`(?:^|/)(?:${names})$`, 'i');

const AGENTS = 'The change alters settings or instructions of coding agents, which the next agent obeys.';
const EDITORS =
  'The change alters settings of an editor, which can run programs when somebody opens this folder.';
const HOOKS = 'The change alters a hook that git runs on the machines of those who work here.';
const ENVIRONMENT = 'The change alters variables or logins that programs load before they start.';

const list: readonly Protected[] = [
  {
    rule: 'path.ownership',
    pattern: file(String.raw`CODEOWNERS|dependabot\.ya?ml|\.?renovate(?:rc)?(?:\.json5?)?|\.mergify\.ya?ml`),
    why: 'The change alters who reviews or updates this repository.',
  },
  {
    rule: 'path.agent_settings',
    pattern: any(
      String.raw`\.claude|\.kimi[^/]*|\.qwen|\.gemini|\.codex|\.cursor|\.windsurf|\.continue|\.aider[^/]*|\.amazonq|\.roo|\.kilocode|\.junie|\.augment|\.opencode|\.goose|\.trae|\.cline|\.clinerules|\.agents`,
    ),
    why: AGENTS,
  },
  {
    rule: 'path.agent_settings',
    pattern: file(
      String.raw`\.?mcp\.json|\.cursor(?:rules|ignore|indexingignore)|\.windsurfrules|\.roo(?:rules|modes|ignore)[^/]*|\.goosehints|\.rules|(?:CLAUDE|AGENTS?|GEMINI|QWEN|KIMI|CODEX)(?:\.(?:local|override))?\.md|\.?copilot-instructions\.md|[^/]+\.(?:instructions|prompt|chatmode)\.md|\.(?:claude|gemini|aider|cursor|copilot|codeium|ai)ignore|opencode\.jsonc?`,
    ),
    why: AGENTS,
  },
  {
    rule: 'path.editor_settings',
    pattern: any(String.raw`\.vscode|\.idea|\.run|\.devcontainer|\.zed|\.fleet|\.nova|\.vs|\.nvim`),
    why: EDITORS,
  },
  {
    rule: 'path.editor_settings',
    pattern: file(
      String.raw`[^/]+\.(?:code-workspace|sublime-project|iml)|\.?devcontainer\.json|\.dir-locals(?:-2)?\.el|\.n?vimrc|\.exrc|\.nvim\.lua|\.lvimrc|\.gitpod\.ya?ml`,
    ),
    why: EDITORS,
  },
  {
    rule: 'path.git_settings',
    // What is ignored or kept is work like any other.
    pattern: /(?:^|\/)\.git(?!(?:ignore|keep|pod\.ya?ml)$)[^/]*(?:\/|$)/i,
    why: 'The change alters how git or the service that hosts it treats this repository.',
  },
  {
    rule: 'path.git_settings',
    pattern: any(String.raw`\.husky|\.githooks?|git-?hooks`),
    why: HOOKS,
  },
  {
    rule: 'path.git_settings',
    pattern: file(
      String.raw`\.huskyrc(?:\.\w+)?|\.?husky\.config\.\w+|\.?lefthook(?:-local)?\.(?:ya?ml|json|toml)|\.pre-commit-(?:config|hooks)\.ya?ml|\.?lint-?staged(?:rc)?(?:\.config)?(?:\.\w+)?|\.overcommit\.yml|\.simple-git-hooks\.\w+|\.hgrc|\.lfsconfig`,
    ),
    why: HOOKS,
  },
  {
    rule: 'path.environment',
    // Examples are documentation: nothing loads them.
    pattern: file(
      String.raw`\.env(?!\.(?:example|sample|template|dist|defaults?)$|-(?:example|sample|template)$)(?:[._-][^/]*)?|\.envrc[^/]*|\.netrc|_netrc|\.curlrc|\.wgetrc|\.pgpass|\.my\.cnf|\.npmrc|\.pypirc|\.condarc|\.gemrc|\.bundle/config|nuget\.config|\.dockercfg|\.bash(?:rc|_profile)|\.zshrc|\.profile`,
    ),
    why: ENVIRONMENT,
  },
  {
    rule: 'path.environment',
    pattern: any(String.raw`\.ssh|\.aws|\.gnupg|\.kube`),
    why: ENVIRONMENT,
  },
];

/** The first thing that makes a path one to ask about, or `null`. */
export const protectedPath = (path: string): Pick<Protected, 'rule' | 'why'> | null =>
  list.find(({ pattern }) => pattern.test(path)) ?? null;
