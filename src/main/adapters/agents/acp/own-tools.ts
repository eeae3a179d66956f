import type { AgentHost, AgentStart, AgentTools, TurnResult } from '../../../runtime/agent-backend.ts';
import { openToolDoor } from '../tool-door.ts';

/** How an agent can start omk's MCP server: the executable of `tool-server.ts`, run inside the agent's sandbox. */
export type ToolServerProgram = {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
};

/** omk's tools for one session: what the agent is told of them, and what is known of their calls. */
export type OwnTools = {
  readonly mcpServers: readonly object[];
  readonly host: AgentHost;
  /** Words that must not be written into a transcript. */
  readonly secrets: readonly string[];
  /** Paths that have to stay visible to the agent. */
  readonly needs: readonly string[];
  /** Why they are not there, for the person; `null` when they are, or when none were to be offered. */
  readonly problem: string | null;
  /** Where signs of life go from now on. */
  onActivity: (() => void) | null;
  /** Calls count only while this runs. */
  during(turn: () => Promise<TurnResult>): Promise<TurnResult>;
  close(): Promise<void>;
};

/** The agent sees its tools as `mcp__omk__…`, or in another way of its own that ends in the tool's name. */
const SERVER = 'omk';
/** A call that waits for a person is life enough. */
const BEAT_MS = 200;

export async function openOwnTools(o: {
  readonly program: ToolServerProgram | null;
  readonly start: Pick<AgentStart, 'host' | 'tmpDir'>;
  readonly deadlineMs: number;
}): Promise<OwnTools> {
  const { host, tmpDir } = o.start;
  const { tools } = host;
  let turns = 0;
  const own: OwnTools = {
    mcpServers: [],
    host,
    secrets: [],
    needs: [],
    problem: null,
    onActivity: null,
    during: (turn) => turn(),
    close: async () => {},
  };
  if (tools === undefined || o.program === null) return own;
  const [command, ...args] = o.program.argv;
  try {
    const door = await openToolDoor({
      dir: tmpDir,
      tools,
      deadlineMs: o.deadlineMs,
      mayCall: () => turns > 0,
      onActivity: () => offered.onActivity?.(),
    });
    const env = { ...o.program.env, OMK_TOOLS_SOCKET: door.socketPath, OMK_TOOLS_TOKEN: door.token };
    const beat = setInterval(() => door.pending > 0 && offered.onActivity?.(), BEAT_MS);
    beat.unref();
    const offered: OwnTools = {
      ...own,
      mcpServers: [
        { name: SERVER, command, args, env: Object.entries(env).map(([name, value]) => ({ name, value })) },
      ],
      host: allowOwn(host, tools),
      secrets: [door.token],
      needs: o.program.argv,
      async during(turn) {
        turns += 1;
        try {
          return await turn();
        } finally {
          turns -= 1;
          if (turns === 0) door.cancelAll();
        }
      },
      async close() {
        clearInterval(beat);
        await door.close();
      },
    };
    return offered;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      ...own,
      problem: `The agent goes without omk's tools: their socket could not be made (${why}).`,
    };
  }
}

/**
 * Agents ask before they use any MCP tool. For omk's own that asks nobody: a call says something to omk and does nothing else,
 * and who pretends to be omk's server runs already.
 */
function allowOwn(host: AgentHost, tools: AgentTools): AgentHost {
  const names = new Set(tools.list.map(({ name }) => `mcp__${SERVER}__${name}`));
  return {
    ...host,
    approve: (request, signal) =>
      names.has(request.tool) && request.command === null && request.paths.length === 0
        ? Promise.resolve({ decision: 'allow_once', feedback: null })
        : host.approve(request, signal),
  };
}
