import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createLog } from './log.ts';

const dirs: string[] = [];
afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});
function place(): string {
  const dir = mkdtempSync(join(tmpdir(), 'omk-log-'));
  dirs.push(dir);
  return join(dir, 'logs', 'host.jsonl');
}
const lines = (path: string): Record<string, unknown>[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

it('writes one JSON object a line, for its owner only, and goes on in the same file', () => {
  const path = place();
  createLog(path).info('The host started.', { goals: 2 });
  createLog(path).warn('Something odd.');
  expect(lines(path)).toMatchObject([
    { level: 'info', message: 'The host started.', goals: 2 },
    { level: 'warn', message: 'Something odd.' },
  ]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('redacts wherever a secret is, and stays JSON', () => {
  const path = place();
  const token = `ghp_${'a1B2'.repeat(9)}`;
  createLog(path).error(`failed with ${token}`, {
    cause: `Error\n${token}`,
    key: '-----BEGIN PRIVATE KEY-----\nMIIEvQ1bADANBgkqMIIEvQ1bADANBgkqMIIEvQ1bADANBgkq',
    after: 'still here',
  });
  expect(readFileSync(path, 'utf8')).not.toContain(token);
  expect(lines(path)[0]).toMatchObject({
    cause: 'Error\n[REDACTED]',
    key: '[REDACTED]',
    after: 'still here',
  });
});

it('lets no data take the place of what it says itself', () => {
  const path = place();
  createLog(path).error('Ours.', { message: 'theirs', level: 'info', at: 'never' });
  expect(lines(path)[0]).toMatchObject({ level: 'error', message: 'Ours.' });
});

it('never fails: not for data that is no JSON, not where it cannot write', () => {
  const path = place();
  const log = createLog(path);
  const circle: Record<string, unknown> = {};
  circle['itself'] = circle;
  log.info('circle', circle);
  log.info('big', { big: 1n });
  log.info('fine');
  expect(lines(path)).toHaveLength(1);
  const blocked = join(path, 'below', 'a', 'file');
  createLog(blocked).info('lost');
  expect(existsSync(blocked)).toBe(false);
});

it('keeps one older file beside it', () => {
  const path = place();
  createLog(path).info('first');
  writeFileSync(path, `${'x'.repeat(5 * 1024 * 1024 + 10)}\n`);
  const log = createLog(path);
  log.info('after');
  expect(lines(path)).toHaveLength(1);
  expect(statSync(`${path}.1`).size).toBeGreaterThan(5 * 1024 * 1024);
});
