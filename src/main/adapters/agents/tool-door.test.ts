import { chmodSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ok } from '../../../shared/kernel/result.ts';
import type { AgentTools } from '../../runtime/agent-backend.ts';
import { createRuntimeTools } from '../../runtime/performers/agent-tools.ts';
import { createDoorRig, report, waitingTools } from './testing/door-rig.ts';

const rig = createDoorRig((keep) =>
  createRuntimeTools({
    note: (note) => {
      keep(note);
      return ok(null);
    },
    ask: async () => null,
    taken: () => [],
  }),
);
const { attempt, knock, enter, works, warnings } = rig;

/** Open ends of sockets and servers, once what was let go of is gone. */
async function openPipes(): Promise<number> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return process.getActiveResourcesInfo().filter((kind) => kind.startsWith('Pipe')).length;
}

describe('who does not know the token', () => {
  it.each([
    ['none', {}],
    ['an empty one', { token: '' }],
    ['no text', { token: 7 }],
    ['a long one', { token: 'x'.repeat(10_000) }],
    ['a call in its place', report(1)],
  ])('is turned away with %s, and nothing of it is recorded', async (_what, hello) => {
    const { door, notes } = await attempt('one');
    const peer = knock(door);
    peer.say(hello);
    peer.say(report(2));
    expect(await peer.refused()).toBe('That is not the token of this attempt.');
    expect(peer.lines).toHaveLength(1);
    expect(notes).toEqual([]);
    await works(door);
  });

  it('is turned away with the token of another goal, which notices nothing', async () => {
    const mine = await attempt('mine');
    const other = await attempt('other');
    const peer = knock(other.door);
    peer.say({ token: mine.door.token });
    peer.say(report(1));
    expect(await peer.refused()).toBe('That is not the token of this attempt.');
    expect([mine.notes, other.notes]).toEqual([[], []]);
    await Promise.all([works(mine.door), works(other.door)]);
  });

  it('is turned away with the token of the attempt before, also in the same folder', async () => {
    const before = await attempt('one');
    await before.door.close();
    const after = await attempt('one');
    expect(after.door.token).not.toBe(before.door.token);
    const peer = knock(after.door);
    peer.say({ token: before.door.token });
    expect(await peer.refused()).toBe('That is not the token of this attempt.');
  });

  it('is cut off when it says nothing, or never ends its line', async () => {
    const { door } = await attempt('one', { helloMs: 20 });
    const [silent, slow] = [knock(door), knock(door)];
    slow.socket.write('{"token":');
    expect(await silent.refused()).toBe('The token did not come in time.');
    expect(await slow.refused()).toBe('The token did not come in time.');
  });

  it('keeps nobody out, however many of them there are', async () => {
    const { door } = await attempt('one');
    const silent = Array.from({ length: 200 }, () => knock(door));
    silent.slice(0, 100).forEach((peer) => peer.socket.end());
    await works(door);
    // The oldest made room.
    await silent[0]?.closed;
    await door.close();
    await Promise.all(silent.map((peer) => peer.closed));
  });
});

describe('who knows the token', () => {
  it('is told that there are too many of them, and comes in once one has left', async () => {
    const { door } = await attempt('one');
    const inside = await Promise.all(Array.from({ length: 8 }, () => enter(door)));
    const ninth = knock(door);
    ninth.say({ token: door.token });
    expect(await ninth.refused()).toBe('omk is reached by 8 connections already; close one first.');
    inside[0]?.socket.end();
    await inside[0]?.closed;
    await works(door);
  });

  it('may wait for sixteen answers on one connection, without a listener for each', async () => {
    const { tools, signals, until } = waitingTools();
    const { door } = await attempt('one', { tools });
    const peer = await enter(door);
    for (let id = 1; id <= 20; id += 1) peer.say(report(id));
    expect(await peer.line((line) => line['id'] === 20)).toEqual({
      id: 20,
      ok: false,
      output: 'Too many calls at once; wait for their answers.',
    });
    await until(16);
    expect([signals.length, door.pending]).toEqual([16, 16]);
    door.cancelAll();
    expect(await peer.line((line) => line['id'] === 16)).toMatchObject({ ok: false });
    expect(door.pending).toBe(0);
    expect(warnings).toEqual([]);
  });

  it('lets go of its calls when it leaves, and of no one else’s', async () => {
    const { tools, signals, until } = waitingTools();
    const { door } = await attempt('one', { tools });
    const [leaving, staying] = [await enter(door), await enter(door)];
    leaving.say(report(1));
    await until(1);
    staying.say(report(2));
    await until(2);
    leaving.socket.destroy();
    await new Promise<void>((resolve) => signals[0]?.addEventListener('abort', () => resolve()));
    expect(signals[1]?.aborted).toBe(false);
    await new Promise((resolve) => setImmediate(resolve));
    expect(door.pending).toBe(1);
  });

  it('is cut off when it floods, whether it reads the answers or not', async () => {
    const { door, notes } = await attempt('one');
    const flood = `${Array.from({ length: 5_000 }, (_, id) => JSON.stringify(report(id))).join('\n')}\n`;
    const [reading, deaf] = [await enter(door), await enter(door)];
    deaf.socket.pause();
    for (const peer of [deaf, reading]) peer.socket.write(flood);
    await reading.closed;
    expect(reading.lines.length).toBeLessThanOrEqual(1_002);
    deaf.socket.resume();
    await deaf.closed;
    // The tools themselves take a hundred, and never more than sixteen at once.
    expect(notes.length).toBeLessThanOrEqual(100);
    expect((await enter(door)).lines).toHaveLength(1);
    expect(warnings).toEqual([]);
  });

  it.each([
    ['no id', { name: 'report_evidence', args: {} }],
    ['half an id', { id: 0.5, name: 'report_evidence', args: {} }],
    ['no name', { id: 1 }],
    ['an endless name', { id: 1, name: 'x'.repeat(1_000) }],
    ['a command of the operator', { t: 'call', id: 1, path: 'goals.cancel', input: {} }],
  ])('is turned away for a call with %s', async (_what, frame) => {
    const { door, notes } = await attempt('one');
    const peer = await enter(door);
    peer.say(frame);
    expect(await peer.refused()).toBe('A call has an id, which is a whole number, a name and arguments.');
    expect(notes).toEqual([]);
  });

  it.each([
    ['a line that is too long', `"${'x'.repeat(300_000)}"\n`, 'That line is too long.'],
    ['a line without an end', 'x'.repeat(300_000), 'That line is too long.'],
    ['garbage', '\u0000\u0001 not json\n'.repeat(50), 'omk reads lines of JSON here.'],
    ['values that are no objects', '[]\n7\nnull\n'.repeat(20), 'omk reads lines of JSON here.'],
  ])('is turned away for %s', async (_what, bytes, why) => {
    const { door } = await attempt('one');
    const peer = await enter(door);
    peer.socket.write(bytes);
    expect(await peer.refused()).toBe(why);
    await works(door);
  });

  it('is answered when its arguments are nested beyond all measure', async () => {
    const { door } = await attempt('one');
    const peer = await enter(door);
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    peer.socket.write(`{"id":1,"name":"report_evidence","args":${deep}}\n`);
    expect(await peer.line((line) => line['id'] === 1)).toMatchObject({
      ok: false,
      output: 'The arguments are too long; say it in fewer words.',
    });
  });

  it('is answered when a tool breaks its promise', async () => {
    const tools: AgentTools = { list: [], call: () => Promise.reject(new Error('secret of the host')) };
    const { door } = await attempt('one', { tools });
    const peer = await enter(door);
    peer.say(report(1));
    expect(await peer.line((line) => line['id'] === 1)).toEqual({
      id: 1,
      ok: false,
      output: 'Nobody answered. Go on without it.',
    });
  });
});

describe('the end of an attempt', () => {
  it('is told to calls that come between its turn and its end', async () => {
    let running = true;
    const { door, notes } = await attempt('one', { mayCall: () => running });
    const peer = await enter(door);
    running = false;
    peer.say(report(1));
    expect(await peer.line((line) => line['id'] === 1)).toMatchObject({
      ok: false,
      output: 'No turn of yours runs now.',
    });
    expect(notes).toEqual([]);
  });

  it('leaves no connection, call, file or handle', async () => {
    const before = await openPipes();
    const { tools, signals, until } = waitingTools();
    const { dir, door } = await attempt('one', { tools });
    const [calling, idle, unknown] = [await enter(door), await enter(door), knock(door)];
    calling.say(report(1));
    await until(1);
    await door.close();
    await Promise.all([calling.closed, idle.closed, unknown.closed]);
    expect([signals[0]?.aborted, door.pending, readdirSync(dir)]).toEqual([true, 0, []]);
    const late = knock(door);
    late.say({ token: door.token });
    await late.closed;
    expect(late.lines).toEqual([]);
    await door.close();
    expect(await openPipes()).toBe(before);
  });

  it('comes also where the agent put a folder in the place of the socket, or shut its own folder', async () => {
    const { dir, door } = await attempt('one');
    rmSync(door.socketPath);
    mkdirSync(door.socketPath);
    await door.close();
    const other = await attempt('other');
    const peer = await enter(other.door);
    chmodSync(other.dir, 0o500);
    try {
      await other.door.close();
    } finally {
      chmodSync(other.dir, 0o700);
    }
    await peer.closed;
    expect(readdirSync(dir)).toHaveLength(1);
  });
});

it('is for the person’s own account alone, whatever the mask says', async () => {
  const mask = process.umask(0);
  try {
    const { dir, door } = await attempt('one');
    expect(statSync(door.socketPath).mode & 0o777).toBe(0o600);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
  } finally {
    process.umask(mask);
  }
});

it('is not opened where something else is in its place, and then nothing listens', async () => {
  const before = await openPipes();
  mkdirSync(join(rig.root, 'one', 'omk-tools.sock'), { recursive: true });
  await expect(attempt('one')).rejects.toThrow(/is a directory/);
  expect(await openPipes()).toBe(before);
});
