import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { GoalId, QuestionId } from '../../shared/kernel/ids.ts';
import type { AppCommand } from '../../shared/api/agents.ts';
import { createAppCommands } from './app-commands.ts';
import { crashPage } from './crash-screen.ts';
import { folderArgument } from './folder-argument.ts';
import { isPage } from './page-origin.ts';
import { trayWords } from './tray-words.ts';

describe('commands for the page', () => {
  const command = (n: number): AppCommand => ({ command: 'new-goal', path: `/srv/${n}` });

  test('what was asked before the page listened waits for it, in order', async () => {
    const commands = createAppCommands();
    commands.send(command(1));
    commands.send(command(2));
    const items = commands.stream(new AbortController().signal)[Symbol.asyncIterator]();
    commands.send(command(3));
    expect(
      [await items.next(), await items.next(), await items.next()].map((one) => one.value as AppCommand),
    ).toEqual([command(1), command(2), command(3)]);
  });

  test('a page that was loaded again gets what comes, and only once', async () => {
    const commands = createAppCommands();
    const old = new AbortController();
    const before = commands.stream(old.signal)[Symbol.asyncIterator]();
    const after = commands.stream(new AbortController().signal)[Symbol.asyncIterator]();
    commands.send(command(1));
    expect(await after.next()).toMatchObject({ value: command(1) });
    old.abort();
    expect(await before.next()).toMatchObject({ done: true });
  });

  test('between two pages a command waits for the next one', async () => {
    const commands = createAppCommands();
    const old = new AbortController();
    commands.stream(old.signal);
    old.abort();
    commands.send(command(1));
    const items = commands.stream(new AbortController().signal)[Symbol.asyncIterator]();
    expect(await items.next()).toMatchObject({ value: command(1) });
  });

  test('what a page did not take before it was loaded again is for the next one', async () => {
    const commands = createAppCommands();
    const old = new AbortController();
    commands.stream(old.signal);
    commands.send(command(1));
    old.abort();
    const items = commands.stream(new AbortController().signal)[Symbol.asyncIterator]();
    expect(await items.next()).toMatchObject({ value: command(1) });
  });

  test('a page that never comes does not make them pile up', async () => {
    const commands = createAppCommands();
    for (let n = 0; n < 1_000; n += 1) commands.send(command(n));
    const controller = new AbortController();
    const got: AppCommand[] = [];
    for await (const one of commands.stream(controller.signal)) {
      got.push(one);
      if (got.length === 20) controller.abort();
    }
    expect(got).toHaveLength(20);
    expect(got[0]).toEqual(command(0));
  });
});

describe('the folder argument', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omk-args-'));
  const app = join(folder, 'app');
  mkdirSync(app);
  mkdirSync(join(folder, 'repo'));
  writeFileSync(join(folder, 'file'), '');
  afterAll(() => rmSync(folder, { recursive: true }));
  const from = (...argv: string[]) => folderArgument(['electron', ...argv], { cwd: folder, appPath: app });

  test('is the last argument that is a folder', () => {
    expect(from(app, 'repo')).toBe(join(folder, 'repo'));
    expect(from(app, '--no-sandbox', join(folder, 'repo'), 'file', 'nothing', '')).toBe(join(folder, 'repo'));
  });

  test('is not the app itself, unless it was named again', () => {
    expect(from(app)).toBeNull();
    expect(from('./app', '--inspect=0')).toBeNull();
    expect(from(app, app)).toBe(app);
  });

  test('is any folder where the app is packaged', () => {
    expect(folderArgument(['omk', 'repo'], { cwd: folder, appPath: null })).toBe(join(folder, 'repo'));
    expect(folderArgument([], { cwd: folder, appPath: null })).toBeNull();
  });
});

test('only the page’s own origin is the page', () => {
  for (const url of ['app://omk', 'app://omk/', 'app://omk/index.html#/new']) expect(isPage(url)).toBe(true);
  const others = [
    'app://omk.evil/',
    'app://omkx',
    'app://other/',
    'file:///',
    'about:blank',
    'https://omk/',
    '',
    'APP://OMK/',
  ];
  for (const url of others) expect(isPage(url)).toBe(false);
});

test('the tray says what runs and what waits', () => {
  const goalId = GoalId.parse('goal-20260101-120000-000-0a1b2c3d');
  const one = { goalId, title: 't', questionId: QuestionId.parse('question-1') };
  expect(trayWords({ running: 0, waiting: [] })).toBe('nothing runs');
  expect(trayWords({ running: 1, waiting: [] })).toBe('1 goal runs');
  expect(trayWords({ running: 2, waiting: [one] })).toBe('2 goals run, 1 goal waits for you');
  expect(trayWords({ running: 0, waiting: [one, one] })).toBe('2 goals wait for you');
});

test('the crash screen has no script and escapes what it was told', () => {
  const text = '<img src=x onerror="alert(1)">&\'';
  const page = crashPage({ title: text, message: text, phase: text, file: text });
  expect(page).not.toMatch(/<img|<script|onerror="/);
  expect(page.match(/&#60;img src=x/g)).toHaveLength(4);
  expect(crashPage({ title: 'a', message: 'b', phase: null, file: null })).not.toContain('<dt>');
});
