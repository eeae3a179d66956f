import { spawn } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok } from '../../../shared/kernel/result.ts';
import { createRuntimeTools } from '../../runtime/performers/agent-tools.ts';
import { openToolDoor } from './tool-door.ts';
import type { ToolDoor } from './tool-door.ts';

type Message = Readonly<Record<string, unknown>>;

let dir = '';
let door: ToolDoor;
beforeEach(async () => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'omk-server-')));
  const tools = createRuntimeTools({ note: () => ok(null), ask: async () => null, taken: () => [] });
  door = await openToolDoor({ dir, tools, deadlineMs: 60_000, mayCall: () => true, onActivity: () => {} });
});
afterEach(async () => {
  await door.close();
  rmSync(dir, { recursive: true, force: true });
});

/** The real program with everything an agent sends at once, to its end. */
async function serve(input: readonly (string | object)[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'tool-server.ts')], {
    env: { OMK_TOOLS_SOCKET: door.socketPath, OMK_TOOLS_TOKEN: door.token, ...env },
  });
  const answers: Message[] = [];
  const asked = input.filter((one) => typeof one === 'string' || 'id' in one).length;
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    answers.push(...lines.map((line) => JSON.parse(line) as Message));
    if (answers.length === asked) child.stdin.end();
  });
  let problems = '';
  child.stderr.on('data', (chunk: Buffer) => (problems += chunk.toString()));
  child.stdin.on('error', () => {});
  child.stdin.write(
    input
      .map((one) => `${typeof one === 'string' ? one : JSON.stringify({ jsonrpc: '2.0', ...one })}\n`)
      .join(''),
  );
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, problems, by: (id: unknown) => answers.find((one) => one['id'] === id) };
}

const call = (id: number, name: string, args: object = { claim: 'it works' }) => ({
  id,
  method: 'tools/call',
  params: { name, arguments: args },
});
const said = (text: string, isError: boolean) => ({
  result: { content: [{ type: 'text', text }], isError },
});

describe("omk's MCP server", () => {
  it('answers whatever comes in one burst, garbage included, and ends with its input', async () => {
    const { code, by } = await serve([
      { id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18' } },
      { method: 'notifications/initialized' },
      call(2, 'report_evidence'),
      { id: 3, method: 'tools/list' },
      'not json',
      { id: 4, method: 'resources/list' },
      call(5, 'goals.cancel', {}),
    ]);
    expect(code).toBe(0);
    expect(by(1)).toMatchObject({ result: { protocolVersion: '2025-06-18' } });
    expect(by(2)).toMatchObject(said('Recorded. It will be held against what omk finds itself.', false));
    expect(by(3)).toMatchObject({ result: { tools: [{}, {}, {}, {}] } });
    expect(by(null)).toMatchObject({ error: { code: -32700 } });
    expect(by(4)).toMatchObject({ error: { code: -32601 } });
    expect(by(5)).toMatchObject({ result: { isError: true } });
  });

  it('hands on why it was turned away', async () => {
    const { by } = await serve([call(1, 'report_evidence'), { id: 2, method: 'tools/list' }], {
      OMK_TOOLS_TOKEN: 'of-another-attempt',
    });
    expect(by(1)).toMatchObject(
      said('omk cannot be reached from here any more. That is not the token of this attempt.', true),
    );
    expect(by(2)).toMatchObject({ result: { tools: [] } });
  });

  it('says so when the attempt is over', async () => {
    await door.close();
    const { by } = await serve([call(1, 'report_evidence')]);
    expect(by(1)).toMatchObject(said('omk cannot be reached from here any more.', true));
    const gone = await serve([], { OMK_TOOLS_SOCKET: join(dir, 'gone', 'omk-tools.sock') });
    expect(gone).toMatchObject({ code: 1, problems: 'omk cannot be reached from here any more.\n' });
  });

  it('does nothing for anybody else', async () => {
    expect(await serve([], { OMK_TOOLS_TOKEN: '' })).toMatchObject({
      code: 2,
      problems: 'This program is started by omk, for an agent that works for it.\n',
    });
  });
});
