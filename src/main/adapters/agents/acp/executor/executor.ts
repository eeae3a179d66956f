import { methods } from '@agentclientprotocol/sdk';
import type { AgentStart, ApprovalRequest } from '../../../../runtime/agent-backend.ts';
import type { ManagedProcess, Sandbox, SpawnOptions } from '../../../process/types.ts';
import { count, fields, middleCut, text } from '../foreign.ts';
import { diffText } from '../permission.ts';
import { readCommand } from './command.ts';
import { readText, writeText } from './files.ts';
import { createPlaces } from './places.ts';
import type { Place } from './places.ts';
import { invalid, missing, refused } from './refusal.ts';
import { createTerminals } from './terminals.ts';
import type { TerminalReport } from './terminals.ts';

export type Permit = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

/**
 * Does for an agent what it would do itself otherwise: reads, writes and commands, inside the worktree and as the policy says. Then omk knows
 * all of it, owns the processes, and can refuse with a reason that the model reads (agents.md §1, 5).
 */
export type Executor = {
  /** Answers a request of the agent; rejects with the error it is answered with. */
  serve(method: string, params: unknown, signal: AbortSignal): Promise<unknown>;
  report(terminalId: string): TerminalReport | null;
  /** A write as it would be asked about if it came now; `null` where files are free or refused anyway. */
  preview(path: string, content: string): Promise<WriteAct | null>;
  /** Where a path leads that the agent named, as its requests name it; the path itself when that is nowhere. */
  realPath(path: string): string;
  /** Commands that run: a turn that waits for one is not stalled. */
  readonly running: number;
  /** Ends what still runs. Resolves with what survived. */
  endAll(): Promise<readonly number[]>;
};

/** One file with what would be written to it: shown to a person, and told apart from any other by it. */
export type WriteAct = Pick<ApprovalRequest, 'paths' | 'diff' | 'byHost'>;

export const servedMethods = [...Object.values(methods.client.fs), ...Object.values(methods.client.terminal)];

const MAX_TERMINALS = 64;
/** What Kimi Code asks for is half of it. */
const MAX_OUTPUT = 8 * 1024 * 1024;
const DEFAULT_OUTPUT = 1024 * 1024;
/** An existing file up to this size is shown as removed lines, where a person is asked about writing it. */
const MAX_BEFORE = 256 * 1024;

export function createExecutor(o: {
  readonly start: Pick<AgentStart, 'workDir' | 'home' | 'tmpDir' | 'sandbox'>;
  readonly spawn: (options: SpawnOptions) => ManagedProcess;
  /** The agent's own: commands run in the same places. */
  readonly sandbox: Sandbox;
  readonly env: Readonly<Record<string, string>>;
  /** `false`: nobody has asked the agent to do anything just now. */
  readonly inTurn: () => boolean;
  readonly permit: (request: ApprovalRequest, signal: AbortSignal) => Promise<Permit>;
  readonly onOutput: (terminalId: string) => void;
  /** The agent's own files that are empty as long as they do not exist. */
  readonly emptyUntilWritten: RegExp | null;
}): Executor {
  const { workDir } = o.start;
  const places = createPlaces({
    ...o.start,
    hide: o.start.sandbox.hide,
    readOnly: o.start.sandbox.readOnly ?? [],
    bind: o.sandbox.use === 'namespaces' ? o.sandbox.bind : [],
  });
  const terminals = createTerminals({ spawn: o.spawn, sandbox: o.sandbox, onOutput: o.onOutput });
  let asked = 0;

  const permitted = async (
    request: Omit<ApprovalRequest, 'id' | 'subagent' | 'byHost'>,
    signal: AbortSignal,
  ): Promise<void> => {
    asked += 1;
    const permit = await o.permit(
      { ...request, id: `served-${asked}`, subagent: null, byHost: true },
      signal,
    );
    if (!permit.allowed) throw refused(permit.reason);
    if (!o.inTurn()) throw refused(noTurn);
  };

  const read = async (params: unknown): Promise<unknown> => {
    const p = fields(params);
    const place = places.find(p['path']);
    switch (place.region) {
      case 'private':
        if (!place.exists && o.emptyUntilWritten?.test(place.real) === true) return { content: '' };
        break;
      case 'work':
      case 'git':
        break;
      case 'hidden':
        throw missing(place.asked);
      case 'outside':
        throw refused(
          `${place.asked} is outside the worktree ${workDir}, where files are read; look at it with a command if you need it.`,
        );
    }
    const line = count(p['line']);
    const limit = count(p['limit']);
    const lines = line === null && limit === null ? null : { from: Math.max(1, line ?? 1), limit };
    return { content: await readText(place, lines) };
  };

  const write = async (params: unknown, signal: AbortSignal): Promise<unknown> => {
    const p = fields(params);
    const content = text(p['content']);
    if (content === null) throw invalid('There is no content to write.');
    const place = places.find(p['path']);
    const { real } = place;
    if (place.region === 'hidden') throw refused(`${place.asked} cannot be written.`);
    if (place.readOnly) throw refused(readOnly);
    // Its own scratch paper: it keeps its plan there before anybody has asked it for anything.
    if (place.region === 'private' && !o.inTurn()) {
      await writeText(place, content);
      return {};
    }
    if (!o.inTurn()) throw refused(noTurn);
    const request = {
      tool: 'Write',
      summary: `Write ${place.named}`,
      command: null,
      commandComplete: true,
      paths: [place.named],
      diff: isShown(place) ? await diffOf(place, content) : null,
    };
    await permitted(request, signal);
    // A person may take long: where the path leads is looked at again.
    if (places.find(p['path']).real !== real)
      throw refused(`${place.asked} leads to another file than before; try again.`);
    await writeText(place, content);
    return {};
  };

  const create = async (params: unknown, signal: AbortSignal): Promise<unknown> => {
    const command = readCommand(params);
    if (command === null) throw invalid('There is no command to run.');
    if (!o.inTurn()) throw refused(noTurn);
    const folder = command.cwd === null ? null : places.find(command.cwd);
    if (folder !== null && !folder.exists) throw refused(`The folder ${folder.asked} does not exist.`);
    if (folder?.region === 'hidden') throw refused(`The folder ${folder.asked} does not exist.`);
    const request = {
      tool: 'Shell',
      summary: `Run ${middleCut(command.shown, 3_000)}`,
      command: command.shown,
      commandComplete: true,
      paths: [],
      diff: null,
      ...(folder === null || folder.region === 'work' ? {} : { cwd: folder.named }),
    };
    await permitted(request, signal);
    if (terminals.running >= MAX_TERMINALS)
      throw refused(`${MAX_TERMINALS} commands run already; wait for one of them to end.`);
    const wanted = count(fields(params)['outputByteLimit']);
    const terminalId = terminals.create({
      argv: command.argv,
      cwd: command.cwd ?? workDir,
      env: { ...o.env, ...command.env },
      outputLimit: Math.min(wanted ?? DEFAULT_OUTPUT, MAX_OUTPUT),
      command: command.shown,
    });
    return { terminalId };
  };

  const known = <T>(params: unknown, find: (id: string) => T | null): T => {
    const id = text(fields(params)['terminalId']);
    const found = id === null ? null : find(id);
    if (found === null) throw missing(`terminal ${id ?? ''}`);
    return found;
  };

  /** `null`: a path that leads nowhere is refused when something is to be done with it. */
  const tryFind = (path: string): Place | null => {
    try {
      return places.find(path);
    } catch {
      return null;
    }
  };

  return {
    async serve(method, params, signal) {
      switch (method) {
        case methods.client.fs.readTextFile:
          return read(params);
        case methods.client.fs.writeTextFile:
          return write(params, signal);
        case methods.client.terminal.create:
          return create(params, signal);
        case methods.client.terminal.output:
          return known(params, (id) => terminals.output(id));
        case methods.client.terminal.waitForExit:
          return known(params, (id) => terminals.exit(id));
        case methods.client.terminal.kill:
          await known(params, (id) => terminals.kill(id));
          return {};
        case methods.client.terminal.release:
          await known(params, (id) => terminals.release(id));
          return {};
        default:
          throw invalid(`omk does not serve ${method}.`);
      }
    },
    report: (id) => terminals.report(id),
    async preview(path, content) {
      const place = tryFind(path);
      if (place === null || !isShown(place) || place.readOnly) return null;
      return { paths: [place.named], diff: await diffOf(place, content), byHost: true };
    },
    realPath: (path) => tryFind(path)?.named ?? path,
    get running() {
      return terminals.running;
    },
    endAll: () => terminals.endAll(),
  };
}

const readOnly = 'You may only read here: files are not changed. Say what you would change instead.';
const noTurn = 'Nobody has asked for work just now, so nothing is written or run.';

/** Files of the worktree are not asked about; the agent's own scratch paper is by some policies. */
const isShown = ({ region }: Place): boolean => region === 'outside' || region === 'private';

async function diffOf(place: Place, content: string): Promise<string | null> {
  const before = place.exists ? await readText(place, null).catch(() => null) : '';
  return diffText([
    {
      type: 'diff',
      path: place.named,
      oldText: before === null || before.length > MAX_BEFORE ? '' : before,
      newText: content,
    },
  ]);
}
