import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect } from 'vitest';
import type { AgentTools } from '../../../runtime/agent-backend.ts';
import { openToolDoor } from '../tool-door.ts';
import type { ToolDoor } from '../tool-door.ts';

type Line = Readonly<Record<string, unknown>>;
type Peer = ReturnType<typeof reach>;

/** Something that connects; reads lines, and knows when it was cut off. */
function reach(socketPath: string) {
  const socket = connect(socketPath);
  const lines: Line[] = [];
  let wake = (): void => {};
  socket.on('error', () => {});
  createInterface({ input: socket })
    .on('line', (line) => {
      lines.push(JSON.parse(line) as Line);
      wake();
    })
    .on('error', () => {}); // the socket's own, said again
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return {
    socket,
    lines,
    closed,
    say: (message: unknown) => void socket.write(`${JSON.stringify(message)}\n`),
    /** The line that this is true of, once it is there. */
    line: (is: (line: Line) => boolean): Promise<Line> =>
      new Promise((resolve, reject) => {
        wake = () => {
          const found = lines.find(is);
          if (found) resolve(found);
        };
        wake();
        void closed.then(() => reject(new Error(`cut off after ${JSON.stringify(lines.at(-1))}`)));
      }),
    /** Why it was turned away. */
    refused: async (): Promise<unknown> => {
      await closed;
      return lines.at(-1)?.['refused'];
    },
  };
}

/** Tools whose calls are answered only when they are let go. */
export function waitingTools() {
  const signals: AbortSignal[] = [];
  let woken = (): void => {};
  const tools: AgentTools = {
    list: [],
    call: (_name, _args, signal) => {
      signals.push(signal);
      woken();
      return new Promise(() => {});
    },
  };
  const until = (count: number): Promise<void> =>
    new Promise((resolve) => {
      woken = () => void (signals.length >= count && resolve());
      woken();
    });
  return { tools, signals, until };
}

/** Doors of attempts in a temporary folder, which offer the real tools unless others are named, with those who knock at them; all of it ends with each test. */
export function createDoorRig(realTools: (note: (said: unknown) => void) => AgentTools) {
  let root = '';
  const doors: ToolDoor[] = [];
  const peers: Peer[] = [];
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'omk-door-')));
    warnings.length = 0;
    process.on('warning', onWarning);
  });
  afterEach(async () => {
    for (const peer of peers) peer.socket.destroy();
    await Promise.all(peers.splice(0).map((peer) => peer.closed));
    await Promise.all(doors.splice(0).map((door) => door.close()));
    process.off('warning', onWarning);
    rmSync(root, { recursive: true, force: true });
  });

  /** The door of one attempt with the real tools; what they recorded is in `notes`. */
  async function attempt(
    name: string,
    o: { readonly mayCall?: () => boolean; readonly tools?: AgentTools; readonly helloMs?: number } = {},
  ) {
    const dir = join(root, name);
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const notes: unknown[] = [];
    const door = await openToolDoor({
      dir,
      tools: o.tools ?? realTools((note) => notes.push(note)),
      deadlineMs: 60_000,
      mayCall: o.mayCall ?? (() => true),
      onActivity: () => {},
      ...(o.helloMs !== undefined && { helloMs: o.helloMs }),
    });
    doors.push(door);
    return { dir, door, notes };
  }

  function knock(door: ToolDoor): Peer {
    const peer = reach(door.socketPath);
    peers.push(peer);
    return peer;
  }

  async function enter(door: ToolDoor): Promise<Peer> {
    const peer = knock(door);
    peer.say({ token: door.token });
    await peer.line((line) => 'tools' in line);
    return peer;
  }

  /** Asks once and is answered: the door works. */
  async function works(door: ToolDoor): Promise<void> {
    const peer = await enter(door);
    peer.say(report(7));
    expect(await peer.line((line) => line['id'] === 7)).toMatchObject({ ok: true });
    peer.socket.end();
    await peer.closed;
  }

  return {
    attempt,
    knock,
    enter,
    works,
    /** What Node warned of since the test began. */
    warnings,
    get root() {
      return root;
    },
  };
}

/** A call that is recorded. */
export const report = (id: number) => ({ id, name: 'report_evidence', args: { claim: `claim ${id}` } });
