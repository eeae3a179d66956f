import { connect } from 'node:net';
import { dirname, basename } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * omk's MCP server: a small executable that an agent starts because omk named it in its session. It runs inside the agent's own
 * sandbox, knows no tool itself, and passes every call through the attempt's door (`tool-door.ts`) to the host.
 *
 * It imports nothing of omk's, so that the one file is all that has to be reachable from inside.
 */

type Message = Readonly<Record<string, unknown>>;
type Answer = { readonly ok: boolean; readonly output: string };

const PROTOCOLS = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'];
/** Clients that give up on slow tools start anew at each of these. */
const PROGRESS_MS = 10_000;
const GONE = 'omk cannot be reached from here any more.';

const socketPath = process.env['OMK_TOOLS_SOCKET'] ?? '';
const token = process.env['OMK_TOOLS_TOKEN'] ?? '';

const isMessage = (value: unknown): value is Message =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const parse = (line: string): Message | null => {
  try {
    const value: unknown = JSON.parse(line);
    return isMessage(value) ? value : null;
  } catch {
    return null;
  }
};
const send = (message: object): void =>
  void process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

/** The host at the other end of the door. */
function reachHost(): {
  readonly tools: Promise<unknown>;
  readonly call: (name: unknown, args: unknown) => Promise<Answer>;
} {
  const waiting = new Map<number, (answer: Answer) => void>();
  let ids = 0;
  let gone: string | null = null;
  let refused = '';
  let resolveTools: (tools: unknown) => void = () => {};
  const tools = new Promise<unknown>((resolve) => {
    resolveTools = resolve;
  });
  const socket = connect(basename(socketPath));
  // Now and not once it is connected: a call may come before that, and the token has to be first.
  socket.write(`${JSON.stringify({ token })}\n`);
  socket.on('error', () => {}); // its close follows
  socket.once('close', () => {
    gone = `${GONE} ${refused}`.trim();
    resolveTools([]);
    for (const answer of waiting.values()) answer({ ok: false, output: gone });
    waiting.clear();
  });
  createInterface({ input: socket })
    .on('line', (line) => {
      const message = parse(line);
      if (message === null) return;
      if ('tools' in message) resolveTools(message['tools']);
      if (typeof message['refused'] === 'string') refused = message['refused'];
      const answer = waiting.get(Number(message['id']));
      waiting.delete(Number(message['id']));
      answer?.({ ok: message['ok'] === true, output: String(message['output']) });
    })
    .on('error', () => {});
  return {
    tools,
    call(name, args) {
      if (gone !== null) return Promise.resolve({ ok: false, output: gone });
      ids += 1;
      const id = ids;
      socket.write(`${JSON.stringify({ id, name, args })}\n`);
      return new Promise((resolve) => waiting.set(id, resolve));
    },
  };
}

async function callTool(host: ReturnType<typeof reachHost>, id: unknown, params: Message): Promise<void> {
  const meta = params['_meta'];
  const progressToken = isMessage(meta) ? meta['progressToken'] : undefined;
  let beats = 0;
  const beating =
    progressToken === undefined
      ? undefined
      : setInterval(() => {
          beats += 1;
          send({ method: 'notifications/progress', params: { progressToken, progress: beats } });
        }, PROGRESS_MS);
  const { ok, output } = await host.call(params['name'], params['arguments'] ?? {});
  clearInterval(beating);
  send({ id, result: { content: [{ type: 'text', text: output }], isError: !ok } });
}

async function listTools(host: ReturnType<typeof reachHost>, id: unknown): Promise<void> {
  const tools = await host.tools;
  const described = Array.isArray(tools) ? tools.filter(isMessage) : [];
  send({
    id,
    result: {
      tools: described.map(({ name, description, parameters }) => ({
        name,
        description,
        inputSchema: parameters,
      })),
    },
  });
}

function main(): void {
  if (socketPath === '' || token === '') {
    process.stderr.write('This program is started by omk, for an agent that works for it.\n');
    process.exitCode = 2;
    return;
  }
  try {
    // A socket's path is limited, a folder's is not.
    process.chdir(dirname(socketPath));
  } catch {
    process.stderr.write(`${GONE}\n`);
    process.exitCode = 1;
    return;
  }
  const host = reachHost();
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      const message = parse(line);
      if (message === null) return send({ id: null, error: { code: -32700, message: 'Not a JSON message' } });
      const { id, method } = message;
      if (id === undefined || typeof method !== 'string') return; // notifications change nothing here
      const params = isMessage(message['params']) ? message['params'] : {};
      switch (method) {
        case 'initialize': {
          const asked = String(params['protocolVersion']);
          return send({
            id,
            result: {
              protocolVersion: PROTOCOLS.includes(asked) ? asked : PROTOCOLS[0],
              capabilities: { tools: {} },
              serverInfo: { name: 'omk', version: '1' },
            },
          });
        }
        case 'ping':
          return send({ id, result: {} });
        case 'tools/list':
          return void listTools(host, id);
        case 'tools/call':
          return void callTool(host, id, params);
        default:
          return send({ id, error: { code: -32601, message: `Method not found: ${method.slice(0, 100)}` } });
      }
    })
    .on('close', () => process.exit(0));
}

main();
