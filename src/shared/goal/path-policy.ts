/**
 * What no agent may declare it reads or writes (reference §5.2, with its holes closed). It judges declared read and write
 * sets; what a diff really touched is judged at verification.
 */
export function isSafeGoalAgentPath(declared: string): boolean {
  const path = declared.trim();
  if (path === '') return false;
  if (path === 'project files') return true;
  if (/[\p{Cc}\p{Cs}]/u.test(path)) return false;
  if (path.startsWith('~') || /^[/\\]/.test(path) || /^[a-z]:/i.test(path)) return false;
  const parts = path.split(/[/\\]/).filter((part) => part !== '' && part !== '.');
  if (parts.length === 0) return path === '.' || path === './';
  const plain = parts.map(plainName);
  // After folding, so that a look-alike of `..` is one.
  if (plain.some((part) => part === '' || part.startsWith('.git') || /^git~\d+$/.test(part))) return false;
  return !isProtected(plain.join('/'));
}

/** The name as case-insensitive systems read it: invisible characters, trailing dots and spaces, streams, case. */
function plainName(part: string): string {
  const folded = part
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/:.*$/, '')
    .replace(/[. ]+$/, '')
    .toLowerCase();
  return folded;
}

/** Settings that machines obey without being asked: secrets, gates, CI, agents, package managers. Lower case, POSIX. */
const protectedPaths: readonly RegExp[] = [
  // Secrets and shells.
  /(?:^|\/)\.env(?:$|rc$|[._-][^/]*$)/,
  /(?:^|\/)\.(?:ssh|gnupg|aws|azure|kube|docker)(?:\/|$)/,
  /(?:^|\/)\.netrc$/,
  // Gates.
  /(?:^|\/)\.omk(?:\/|$)/,
  // CI of other vendors; .github and .gitlab-ci.yml begin with .git.
  /(?:^|\/)\.(?:circleci|buildkite|woodpecker|forgejo|semaphore|teamcity|azure-pipelines|builds|tekton|harness)(?:\/|$)/,
  /(?:^|\/)\.(?:travis|drone|woodpecker|appveyor|cirrus|build)\.ya?ml$/,
  /(?:^|\/)(?:azure-pipelines|bitbucket-pipelines|appveyor|cloudbuild|buildspec|bitrise|codemagic|wercker|screwdriver)\.ya?ml$/,
  /(?:^|\/)jenkinsfile(?:\.[^/]*)?$/,
  // Agents.
  /(?:^|\/)\.(?:claude|kimi|kimi-code|cursor|codex|gemini|qwen|windsurf|continue|cline|roo|opencode|junie|amp|copilot)(?:\/|$)/,
  /(?:^|\/)\.aider[^/]*(?:\/|$)/,
  /(?:^|\/)\.(?:cursorrules|windsurfrules|clinerules|roomodes|mcp\.json)(?:\/|$)/,
  // Package managers.
  /(?:^|\/)\.(?:npmrc|pnpmrc|pypirc|gemrc|condarc)$/,
  /(?:^|\/)\.yarnrc[^/]*$/,
  /(?:^|\/)\.yarn\/(?:plugins|releases)(?:\/|$)/,
  /(?:^|\/)\.pnpmfile\.[cm]?js$/,
  /(?:^|\/)(?:bunfig\.toml|pip\.conf|pip\.ini|nuget\.config)$/,
  /(?:^|\/)\.cargo\/(?:config|credentials)[^/]*$/,
  /(?:^|\/)\.bundle(?:\/|$)/,
  /(?:^|\/)\.mvn(?:\/|$)/,
];

const isProtected = (path: string): boolean => protectedPaths.some((pattern) => pattern.test(path));
