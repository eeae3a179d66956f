import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export type KimiCommand = {
  readonly argv: readonly [string, string, 'acp'];
  /** The model by environment alone: no configuration file, no login, nothing outside 127.0.0.1. */
  readonly env: Readonly<Record<string, string>>;
};

/**
 * The real Kimi Code of node_modules against a model on loopback. On the command line of omk:
 * `--agent-command "acp:<argv joined by spaces>"` and one `--agent-env NAME` for every name in `env`.
 *
 * @param baseUrl of `startModelServer`
 * @returns `null` with the reason when the package is not installed
 */
export function kimiCommand(
  baseUrl: string,
): { readonly ok: true; readonly value: KimiCommand } | { readonly ok: false; readonly reason: string } {
  // The program itself, not the link in .bin: links would be resolved by a shell that is not there.
  const node = process.execPath;
  const main = join(root, 'node_modules', '@moonshot-ai', 'kimi-code', 'dist', 'main.mjs');
  if (!existsSync(main)) return { ok: false, reason: '@moonshot-ai/kimi-code is not installed' };
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 19))
    return { ok: false, reason: `Kimi Code needs Node 22.19, this is ${process.versions.node}` };
  return {
    ok: true,
    value: {
      argv: [node, main, 'acp'],
      env: {
        KIMI_MODEL_NAME: 'fake-model',
        KIMI_MODEL_API_KEY: 'sk-fake',
        KIMI_MODEL_BASE_URL: baseUrl,
        KIMI_MODEL_PROVIDER_TYPE: 'openai',
        KIMI_MODEL_MAX_CONTEXT_SIZE: '131072',
        KIMI_MODEL_CAPABILITIES: 'tool_use',
      },
    },
  };
}
