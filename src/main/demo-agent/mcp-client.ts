import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/** An MCP server as a client names it for a session of the Agent Client Protocol. */
export const McpServer = z.object({
  name: z.string(),
  command: z.string(),
  args: z.array(z.string()),
  env: z.array(z.object({ name: z.string(), value: z.string() })),
});
export type McpServer = z.infer<typeof McpServer>;

const Message = z.object({
  id: z.number().optional(),
  result: z.record(z.string(), z.unknown()).optional(),
});
const Called = z.object({
  content: z.array(z.object({ text: z.string() })).min(1),
  isError: z.boolean().default(false),
});

export type McpClient = {
  call(name: string, args: object): Promise<{ readonly isError: boolean; readonly text: string }>;
  close(): void;
};

/** What an agent does with an MCP server of its session: starts it, shakes hands, calls. */
export async function openMcp(server: McpServer): Promise<McpClient> {
  const child = spawn(server.command, server.args, {
    env: { ...process.env, ...Object.fromEntries(server.env.map(({ name, value }) => [name, value])) },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting = new Map<number, (result: Readonly<Record<string, unknown>>) => void>();
  let ids = 0;
  const send = (message: object): void =>
    void child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, result } = Message.parse(JSON.parse(line));
    if (id !== undefined) waiting.get(id)?.(result ?? {});
  });
  const request = (method: string, params: object): Promise<Readonly<Record<string, unknown>>> => {
    const id = (ids += 1);
    send({ id, method, params });
    return new Promise((resolve) => waiting.set(id, resolve));
  };
  const clientInfo = { name: 'omk demonstration agent', version: '1' };
  await request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
  send({ method: 'notifications/initialized' });
  return {
    async call(name, args) {
      const { content, isError } = Called.parse(await request('tools/call', { name, arguments: args }));
      return { isError, text: content.map(({ text }) => text).join('\n') };
    },
    close: () => child.stdin.end(),
  };
}
