import { parse as parseToml, stringify as stringifyToml } from 'smol-toml';
import type { Settings } from './logins.ts';

/** The chosen parts of a configuration, as a file of their own. `null`: there is nothing of them, or it cannot be read. */
export function chosenSettings(text: string, { format, keys }: Settings): string | null {
  const all = format === 'toml' ? readToml(text) : readJson(text);
  if (all === null) return null;
  const chosen: Record<string, unknown> = {};
  for (const key of keys) take(all, chosen, key.split('.'));
  if (Object.keys(chosen).length === 0) return null;
  return format === 'toml' ? stringifyToml(chosen) : `${JSON.stringify(chosen, undefined, 2)}\n`;
}

function take(
  from: Record<string, unknown>,
  to: Record<string, unknown>,
  [name = '', ...deeper]: readonly string[],
): void {
  const value = Object.hasOwn(from, name) ? from[name] : undefined;
  if (value === undefined) return;
  if (deeper.length === 0) {
    to[name] = value;
    return;
  }
  if (!isTable(value)) return;
  const inside: Record<string, unknown> = {};
  take(value, inside, deeper);
  if (Object.keys(inside).length > 0) to[name] = inside;
}

function readToml(text: string): Record<string, unknown> | null {
  try {
    return parseToml(text);
  } catch {
    return null; // the agent says itself what is wrong with it
  }
}

/** These agents allow comments in their JSON. */
function readJson(text: string): Record<string, unknown> | null {
  const bare = text.replaceAll(/"(?:\\.|[^"\\])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (part) =>
    part.startsWith('"') ? part : '',
  );
  try {
    const value: unknown = JSON.parse(bare);
    return isTable(value) ? value : null;
  } catch {
    return null; // as above
  }
}

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
