import { expect, test } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';

test.each([
  ['90', 90_000],
  ['90s', 90_000],
  [' 2H ', 7_200_000],
  ['3 d', 259_200_000],
  ['0', 0],
])('%j is read', (text, ms) => expect(parseDuration(text)).toEqual({ ok: true, value: ms }));

test.each(['', '  ', '1.5h', '1h30m', '-5s', 'h', '9'.repeat(30), '5w', '1e3'])('%j is refused', (text) =>
  expect(parseDuration(text)).toMatchObject({ ok: false, error: { code: 'duration.invalid' } }),
);

test.each([
  [0, '0s'],
  [999, '0s'],
  [5_400_000, '90m'],
  [7_200_000, '2h'],
  [86_400_000, '1d'],
  [61_000, '61s'],
])('%i ms is written as %s and read back', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
  expect(parseDuration(text)).toEqual({ ok: true, value: Math.floor(ms / 1_000) * 1_000 });
});
