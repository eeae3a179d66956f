import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTranscript } from './transcript.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'omk-transcript-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const lines = (path: string): unknown[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

it('keeps frames and text in order, private to the owner', () => {
  let now = 1_000;
  const path = join(dir, 'a', 'transcript.jsonl');
  const transcript = openTranscript(path, { now: () => now });
  transcript.frame('out', '{"id":1}');
  now = 1_250;
  transcript.text('err', 'a "quoted"\nline');
  expect(transcript.close()).toMatchObject({ lines: 2, dropped: 0 });
  expect(lines(path)).toEqual([
    { ms: 0, dir: 'out', frame: { id: 1 } },
    { ms: 250, dir: 'err', text: 'a "quoted"\nline' },
  ]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('never writes a secret, neither one with a known shape nor one let through by name', () => {
  const path = join(dir, 't.jsonl');
  const token = `ghp_${'a'.repeat(36)}`;
  const transcript = openTranscript(path, { secrets: ['correct horse battery', 'short'] });
  transcript.frame('in', JSON.stringify({ text: `use ${token} and correct horse battery, short` }));
  expect(transcript.close().redacted).toBe(2);
  const text = readFileSync(path, 'utf8');
  expect(text).not.toContain(token);
  expect(text).not.toContain('correct horse');
  expect(text).toContain('short');
});

it('stays readable line by line when a redaction takes the end of a frame with it', () => {
  const path = join(dir, 't.jsonl');
  const transcript = openTranscript(path, { now: () => 0 });
  transcript.frame('in', `{"text":"-----BEGIN PRIVATE KEY-----${'Mi9v'.repeat(16)}"}`);
  transcript.close();
  expect(lines(path)).toEqual([{ ms: 0, dir: 'in', text: '{"text":"[REDACTED]}' }]);
});

it('stops at its quota, says how much is missing, and appends when opened again', () => {
  const path = join(dir, 't.jsonl');
  const first = openTranscript(path, { quotaBytes: 120, now: () => 0 });
  for (let i = 0; i < 20; i += 1) first.frame('in', `{"i":${i}}`);
  const summary = first.close();
  expect(summary.lines + summary.dropped).toBe(20);
  expect(summary.dropped).toBeGreaterThan(10);
  expect(statSync(path).size).toBe(summary.bytes);
  const second = openTranscript(path);
  second.text('note', 'again');
  second.close();
  expect(lines(path)).toHaveLength(summary.lines + 1);
});

it('keeps the beginning and the end of what is more than its quota', () => {
  const path = join(dir, 't.jsonl');
  const transcript = openTranscript(path, { quotaBytes: 2_000, now: () => 0 });
  for (let i = 0; i < 1_000; i += 1) transcript.frame('in', `{"i":${i}}`);
  const summary = transcript.close();
  expect(summary.lines + summary.dropped).toBe(1_000);
  expect(statSync(path).size).toBeLessThanOrEqual(2_000);
  const kept = lines(path).map((line) => (line as { frame: { i: number } }).frame.i);
  expect([kept[0], kept.at(-1)]).toEqual([0, 999]);
});

it('goes on without a file when the disk refuses it, and counts what was lost', () => {
  const transcript = openTranscript(join('/dev/null', 'x', 't.jsonl'));
  transcript.frame('in', '{}');
  expect(transcript.close()).toMatchObject({ lines: 0, dropped: 1 });
});
