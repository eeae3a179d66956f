import { expect, it } from 'vitest';
import { protectedPath } from './protected-paths.ts';

it.each([
  [
    'path.agent_settings',
    '.claude/settings.json CLAUDE.md sub/claude.md AGENTS.md .mcp.json .cursorrules .cursor/rules/a.mdc .kimi/config.toml .kimi.toml .gemini/settings.json .aider.conf.yml docs/api.instructions.md .windsurfrules .clinerules/a.md .clinerules',
  ],
  [
    'path.editor_settings',
    '.vscode/tasks.json packages/a/.vscode/settings.json .idea/runConfigurations/a.xml .devcontainer/devcontainer.json app.code-workspace .gitpod.yml',
  ],
  [
    'path.git_settings',
    '.gitattributes docs/.gitattributes .gitmodules .github/settings.yml .husky/pre-commit .githooks/pre-push .lintstagedrc.json',
  ],
  ['path.ownership', '.GitHub/CODEOWNERS .github/dependabot.yml renovate.json'],
  ['path.environment', '.env .env.production config/.env.local .ENV .netrc .ssh/config'],
])('%s asks, in any case and at the depth where a tool reads it', (rule, paths) => {
  for (const path of paths.split(' ')) expect([path, protectedPath(path)?.rule]).toEqual([path, rule]);
});

it('what is work like any other does not', () => {
  const paths =
    '.gitignore docs/.gitkeep src/a.js .env.example config/env.js README.md docs/agents-guide.md src/claude.ts docs/environment.md src/cursor/index.ts src/hooks/use-a.ts lib/vscode.js .editorconfig src/agents/run.py docs/prompt.md src/netrc.go';
  for (const path of paths.split(' ')) expect([path, protectedPath(path)]).toEqual([path, null]);
});
