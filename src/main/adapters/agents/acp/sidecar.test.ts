import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AgentEvent } from '../../../runtime/agent-backend.ts';
import { openSidecar } from './sidecar.ts';
import { createSidecarTracker } from './sidecar-tracker.ts';

const recorded = join(dirname(fileURLToPath(import.meta.url)), '../../../../../test/fixtures/acp/session');
const sessionId = 'session_1';
let dir: string;
let agents: string;
let main: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'omk-sidecar-'));
  agents = join(dir, 'wd_ws_0', sessionId, 'agents');
  main = join(agents, 'main', 'wire.jsonl');
  mkdirSync(dirname(main), { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const line = (record: object): string => `${JSON.stringify(record)}\n`;
const usage = (output: number): string =>
  line({ type: 'usage.record', usage: { inputOther: 1, output, inputCacheRead: 0, inputCacheCreation: 0 } });
const outputs = (sidecar: ReturnType<typeof openSidecar>): (number | undefined)[] =>
  sidecar.poll().lines.map(({ record }) => (record.type === 'usage' ? record.usage?.output : undefined));

function track() {
  const events: AgentEvent[] = [];
  const tracker = createSidecarTracker({
    sidecar: openSidecar(dir, sessionId),
    sessionId,
    emit: (event) => events.push(event),
    now: () => 0,
  });
  return { tracker, events };
}

it('a recorded session gives the end of our turn and the tokens of every agent, under ids that stay', () => {
  cpSync(recorded, agents, { recursive: true });
  const { tracker, events } = track();
  tracker.expect('[[agent]]');
  tracker.poll();
  expect(tracker.facts).toMatchObject({
    found: true,
    turn: { ended: { reason: 'completed' } },
    worked: true,
  });
  expect(tracker.usage).toEqual({ input: 2_260, output: 56, cacheRead: 400, cacheWrite: 0 });
  expect(tracker.said).toBe('Subagent done.');
  const ids = events.filter((event) => event.type === 'usage').map((event) => event.usageId);
  expect(new Set(ids).size).toBe(4);
  expect(
    events
      .filter((event) => event.type === 'tool')
      .map((event) => [event.subagent, event.command, event.state]),
  ).toEqual([
    ['agent-0', 'echo from-subagent', 'running'],
    ['agent-0', 'echo from-subagent', 'ok'],
  ]);
  expect(tracker.approvals('0:call_sub_0_0')).toMatchObject([
    { agent: 'agent-0', command: 'echo from-subagent' },
  ]);

  const again = track();
  again.tracker.catchUp();
  expect(again.events.map((event) => (event.type === 'usage' ? event.usageId : event.type))).toEqual(ids);
  expect(again.tracker.facts).toMatchObject({ turn: null, ownTurn: { running: false } });
});

it('a resumed session is read to its end, however large, and nothing of it is taken for what happens now', () => {
  const prompt = { type: 'turn.prompt', input: [{ type: 'text', text: 'ours' }], origin: { kind: 'user' } };
  const filler = line({ type: 'something.new', text: 'x'.repeat(1_000_000) }).repeat(10);
  const earlier = (turnId: number): string => line({ ...prompt, turnId }) + filler;
  writeFileSync(main, earlier(1) + usage(1) + earlier(2) + usage(2) + earlier(3) + usage(3));
  const { tracker, events } = track();
  tracker.catchUp();
  expect(events.map((event) => (event.type === 'usage' ? event.delta.output : event.type))).toEqual([
    1, 2, 3,
  ]);
  tracker.expect('ours');
  expect(tracker.poll()).toBe(false);
  expect(tracker.facts).toMatchObject({ turn: null, ownTurn: { running: false } });
  appendFileSync(main, line({ ...prompt, turnId: 4 }));
  tracker.poll();
  expect(tracker.facts).toMatchObject({ turn: { ended: null } });
  expect(events).toHaveLength(3);
});

it('a turn with another text than ours is one of the agent itself', () => {
  const { tracker, events } = track();
  tracker.expect('ours');
  const prompt = (turnId: number, text: string, kind: string): string =>
    line({ type: 'turn.prompt', turnId, input: [{ type: 'text', text }], origin: { kind } });
  writeFileSync(
    main,
    prompt(1, '<task done>', 'background_task') + prompt(2, 'killed before\n\nours', 'user'),
  );
  tracker.poll();
  expect(tracker.facts).toMatchObject({ turn: { ended: null }, ownTurn: { running: true } });
  appendFileSync(main, line({ type: 'turn.ended', turnId: 1, reason: 'completed' }));
  tracker.poll();
  expect(tracker.facts).toMatchObject({ turn: { ended: null }, ownTurn: { running: false, endedAt: 0 } });
  expect(events).toEqual([
    { type: 'autonomous_turn', state: 'begin' },
    { type: 'autonomous_turn', state: 'end' },
  ]);
});

it('an earlier prompt that is carried out late is not taken for ours', () => {
  const { tracker } = track();
  tracker.expect('second');
  writeFileSync(
    main,
    line({
      type: 'turn.prompt',
      turnId: 1,
      input: [{ type: 'text', text: 'first' }],
      origin: { kind: 'user' },
    }) + line({ type: 'turn.ended', turnId: 1, reason: 'completed' }),
  );
  tracker.poll();
  expect(tracker.facts.turn).toBeNull();
});

it('lines are read once, whole, and in order, however they are written', () => {
  const sidecar = openSidecar(dir, sessionId);
  expect(sidecar.found).toBe(false);
  const text = usage(1) + 'no json at all\n' + line({ type: 'something.new' }) + usage(2);
  writeFileSync(main, text.slice(0, 30));
  expect(outputs(sidecar)).toEqual([]);
  appendFileSync(main, text.slice(30));
  const { lines, grown } = sidecar.poll();
  expect(grown).toBe(true);
  expect(lines.map((one) => one.line)).toEqual([0, 3]);
  expect(sidecar.poll()).toEqual({ lines: [], grown: false });
  expect(sidecar.found).toBe(true);
});

it('calls that were cut short, or whose provider counts nothing, cost an unknown number of tokens', () => {
  const { tracker, events } = track();
  tracker.expect('x');
  writeFileSync(main, line({ type: 'usage.record', usage: { inputOther: 0, output: 0 } }));
  tracker.poll();
  expect(tracker.usage).toBeNull();
  expect(events).toEqual([]);
});

it('a file that was rewritten is no longer believed', () => {
  const sidecar = openSidecar(dir, sessionId);
  writeFileSync(main, usage(1) + usage(2));
  expect(outputs(sidecar)).toEqual([1, 2]);
  truncateSync(main, 0);
  expect(outputs(sidecar)).toEqual([]);
  appendFileSync(main, usage(3).repeat(10));
  expect(outputs(sidecar)).toEqual([]);
});

it('links and pipes in the place of files are not followed, and block nobody', () => {
  const elsewhere = join(dir, 'elsewhere.jsonl');
  writeFileSync(elsewhere, usage(9));
  symlinkSync(elsewhere, main);
  mkdirSync(join(agents, 'agent-0'));
  execFileSync('mkfifo', [join(agents, 'agent-0', 'wire.jsonl')]);
  mkdirSync(join(agents, 'agent-1', 'wire.jsonl'), { recursive: true });
  expect(openSidecar(dir, sessionId).poll()).toEqual({ lines: [], grown: false });
});

it('a session id is never a path', () => {
  writeFileSync(main, usage(1));
  for (const id of ['../session_1', 'a/b', '..', '', '.']) {
    expect(openSidecar(dir, id).poll().lines).toEqual([]);
  }
});
