import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { MIN_SIZE, placeWindow, readWindowState, writeWindowState } from './window-state.ts';

const laptop = { x: 0, y: 25, width: 1_440, height: 875 };
const wide = { x: 1_440, y: 0, width: 2_560, height: 1_440 };
const saved = (x: number, y: number, width: number, height: number, maximized = false) => ({
  bounds: { x, y, width, height },
  maximized,
});

test('the first window is in the middle of the primary screen', () => {
  expect(placeWindow(null, [laptop, wide])).toEqual(saved(80, 43, 1_280, 840));
});

test('a window comes back where it was, on whichever screen', () => {
  const before = saved(1_600, 100, 1_000, 700, true);
  expect(placeWindow(before, [laptop, wide])).toEqual(before);
});

test('a window on a screen that is gone comes back in the middle of the primary one', () => {
  expect(placeWindow(saved(1_600, 100, 1_000, 700), [laptop])).toEqual(saved(220, 113, 1_000, 700));
});

test('a window that only just touches a screen counts as gone', () => {
  const place = placeWindow(saved(-960, 100, 1_000, 700), [laptop]);
  expect(place.bounds).toEqual({ x: 220, y: 113, width: 1_000, height: 700 });
});

test('a window larger than the screen, or too small to use, is made to fit', () => {
  expect(placeWindow(saved(0, 25, 9_000, 9_000), [laptop]).bounds).toEqual(laptop);
  expect(placeWindow(saved(100, 100, 1, 1), [laptop]).bounds).toMatchObject(MIN_SIZE);
  const small = { x: 0, y: 0, width: 640, height: 400 };
  expect(placeWindow(null, [small]).bounds).toEqual(small);
});

test('a window that hangs over an edge is pulled in', () => {
  expect(placeWindow(saved(1_000, 600, 800, 500), [laptop]).bounds).toEqual({
    x: 640,
    y: 400,
    width: 800,
    height: 500,
  });
});

test('numbers nobody ever had do no harm', () => {
  for (const value of [-1e9, 1e9, -2_147_483_648]) {
    const { bounds } = placeWindow(saved(value, value, 1e9, 1e9), [laptop]);
    expect(bounds.width).toBeLessThanOrEqual(laptop.width);
    expect(bounds.x).toBeGreaterThanOrEqual(laptop.x);
  }
  expect(placeWindow(saved(0, 0, 800, 600), []).bounds).toMatchObject({ width: 800, height: 600 });
});

const folder = mkdtempSync(join(tmpdir(), 'omk-window-'));
const path = join(folder, 'window.json');
afterAll(() => rmSync(folder, { recursive: true }));

test('the place is kept in a file only its owner reads', () => {
  writeWindowState(path, saved(1, 2, 800, 600, true));
  expect(readWindowState(path)).toEqual(saved(1, 2, 800, 600, true));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['window.json']);
});

test.each(['', 'null', '{"bounds":{"x":0.5,"y":0,"width":1,"height":1},"maximized":false}', '{"bounds":{}}'])(
  'a file that says %j is as good as none',
  (text) => {
    writeFileSync(path, text);
    expect(readWindowState(path)).toBeNull();
  },
);

test('a folder that is gone costs only the memory', () => {
  expect(() => writeWindowState(join(folder, 'no', 'window.json'), saved(0, 0, 800, 600))).not.toThrow();
  expect(readWindowState(join(folder, 'no', 'window.json'))).toBeNull();
});
