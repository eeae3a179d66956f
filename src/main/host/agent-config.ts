import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { parse as parseToml, stringify } from 'smol-toml';
import type { AgentEntry } from '../../shared/agent-entry.ts';
import { canonicalJson } from '../../shared/kernel/json.ts';
import { err, ok } from '../../shared/kernel/result.ts';
import type { Result } from '../../shared/kernel/result.ts';

type Problem = { readonly code: string; readonly message: string };
type Edited = Result<{ readonly file: string }, Problem>;

/**
 * Adds an agent as a table of its own at the end of the person's configuration; what is there, comments included, stays byte by
 * byte. The file is replaced as a whole or not at all.
 */
export function addAgent(configFile: string, entry: AgentEntry): Edited {
  const { name } = entry;
  const table = tableOf(entry);
  return edit(
    configFile,
    (text) => {
      const gap = text === '' || text.endsWith('\n\n') ? '' : text.endsWith('\n') ? '\n' : '\n\n';
      return `${text}${gap}${stringify({ agents: { [name]: table } }).trim()}\n`;
    },
    (before) => ({
      ...before,
      agents: { ...agentsIn(before), [name]: table },
    }),
  );
}

function tableOf({ protocol, command, env, loginFiles = [], home }: AgentEntry): Record<string, unknown> {
  return {
    command: `${protocol}:${command.trim()}`,
    ...(env.length > 0 && { env: [...env] }),
    ...(loginFiles.length > 0 && { login_files: [...loginFiles] }),
    ...(home !== undefined && { home }),
  };
}

/** Takes the table of an agent out, with nothing else. Refused where it is written in another way than as a table. */
export function removeAgent(configFile: string, name: string): Edited {
  return edit(
    configFile,
    (text) => withoutTable(text, name),
    (before) => {
      const agents = Object.fromEntries(Object.entries(agentsIn(before)).filter(([one]) => one !== name));
      const { agents: _, ...rest } = before;
      return Object.keys(agents).length === 0 ? rest : { ...rest, agents };
    },
  );
}

/** @param meant what the changed text has to say; if it does not, nothing is written */
function edit(
  configFile: string,
  change: (text: string) => string,
  meant: (before: Record<string, unknown>) => Record<string, unknown>,
): Edited {
  const file = resolved(configFile);
  try {
    const text = readOrEmpty(file);
    const before: Record<string, unknown> = parseToml(text);
    const after = change(text);
    if (!saysSame(parseToml(after), meant(before)))
      return err({
        code: 'config.unusual',
        message: `${configFile} is written in a way omk does not edit. Change it by hand.`,
      });
    replaceFile(file, after);
    return ok({ file: configFile });
  } catch (cause) {
    const code = cause !== null && typeof cause === 'object' && 'code' in cause ? String(cause.code) : null;
    return err(
      code === null
        ? {
            code: 'config.unreadable',
            message: `${configFile} is not valid TOML. Correct it, then save again.`,
          }
        : {
            code: 'config.not_written',
            message: `${configFile} could not be written (${code}). Check its permissions and the disk.`,
          },
    );
  }
}

/** An empty `agents` says the same as none. */
const saysSame = (one: Record<string, unknown>, other: Record<string, unknown>): boolean =>
  canonicalJson(plain(one)) === canonicalJson(plain(other));
function plain(value: Record<string, unknown>): unknown {
  const { agents, ...rest } = value;
  const none = agents === undefined || (typeof agents === 'object' && Object.keys(agents ?? {}).length === 0);
  return JSON.parse(JSON.stringify(none ? rest : value)) as unknown;
}

function agentsIn(file: Record<string, unknown>): Record<string, unknown> {
  const { agents } = file;
  return typeof agents === 'object' && agents !== null ? { ...agents } : {};
}

/** From its header to the next one; comments directly above that one stay with it. */
function withoutTable(text: string, name: string): string {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => isHeaderOf(line, name));
  if (start < 0) return text;
  const next = lines.findIndex((line, at) => at > start && /^\s*\[/.test(line));
  let end = next < 0 ? lines.length : next;
  while (next >= 0 && end > start + 1 && /^\s*#/.test(lines[end - 1] ?? '')) end -= 1;
  return [...lines.slice(0, start), ...lines.slice(end)].join('\n');
}

function isHeaderOf(line: string, name: string): boolean {
  const key = /^\s*\[\s*agents\s*\.\s*(.+?)\s*\]\s*(?:#.*)?$/.exec(line)?.[1];
  return key !== undefined && (key === name || key === `"${name}"` || key === `'${name}'`);
}

/** A linked configuration, as keepers of dotfiles make it, is written where it really is. */
function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path; // it is not there yet
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause !== null && typeof cause === 'object' && 'code' in cause && cause.code === 'ENOENT') return '';
    throw cause;
  }
}

function replaceFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const mode = (statSync(path, { throwIfNoEntry: false })?.mode ?? 0o600) & 0o777;
  const beside = join(dirname(path), `.omk-config-${randomBytes(6).toString('hex')}`);
  const fd = openSync(beside, 'wx', mode);
  try {
    try {
      writeSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(beside, path);
  } catch (cause) {
    rmSync(beside, { force: true });
    throw cause;
  }
}
