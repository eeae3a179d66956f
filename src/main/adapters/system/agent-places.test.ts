import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { goalId } from '../../runtime/testing/results.ts';
import { movableAgentPlaces } from './agent-places.ts';

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) {
    const away = join(root, 'away');
    if (existsSync(away)) chmodSync(away, 0o700);
    rmSync(root, { recursive: true, force: true });
  }
});

const silent = { info: () => {}, warn: () => {}, error: () => {} };

function world() {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'omk-places-')));
  roots.push(base);
  const root = join(base, 'away');
  const folders = [join(base, 'work', 'slices'), join(base, 'work', 'rooms')];
  for (const dir of folders) mkdirSync(dir, { recursive: true });
  const file = join(base, 'work', 'slices', 'answer');
  writeFileSync(file, 'of an agent');
  const fresh = () => movableAgentPlaces({ root, foldersOf: () => folders, log: silent });
  return { base, root, folders, file, places: fresh(), fresh };
}

const names = (root: string): string[] => {
  chmodSync(root, 0o700);
  return readdirSync(root);
};

test('while a result is judged the paths that agents know lead nowhere, and afterwards all is as it was', async () => {
  const { root, folders, file, places } = world();
  const seen = await places.whileAway(goalId, async () => ({
    there: folders.filter((dir) => existsSync(dir)),
    mode: statSync(root).mode & 0o777,
    elsewhere: places.elsewhere().map((dir) => existsSync(dir)),
  }));
  expect(seen).toEqual({ done: { there: [], mode: 0o300, elsewhere: [true, true] }, places: 'away' });
  expect(readFileSync(file, 'utf8')).toBe('of an agent');
  expect(names(root)).toEqual([]);
  expect(places.elsewhere()).toEqual([]);
});

test('work in the folders goes on before they are moved, and waits while they are away', async () => {
  const { file, places } = world();
  const order: string[] = [];
  let begin: () => void = () => {};
  const first = new Promise<void>((resolve) => (begin = resolve));
  const using = places.inPlace(goalId, async () => {
    await first;
    order.push(`used ${existsSync(file)}`);
  });
  const away = places.whileAway(goalId, async () => {
    order.push(`away ${existsSync(file)}`);
    await Promise.resolve();
  });
  const later = places.inPlace(goalId, async () => order.push(`later ${existsSync(file)}`));
  begin();
  await Promise.all([using, away, later]);
  expect(order).toEqual(['used true', 'away false', 'later true']);
});

test('two results of one goal are judged one after the other', async () => {
  const { file, places } = world();
  let inside = 0;
  const judge = () =>
    places.whileAway(goalId, async () => {
      inside += 1;
      await Promise.resolve();
      const alone = inside === 1 && !existsSync(file);
      inside -= 1;
      return alone;
    });
  expect((await Promise.all([judge(), judge(), judge()])).map((one) => one.done)).toEqual([true, true, true]);
  expect(existsSync(file)).toBe(true);
});

test('folders come back when the work fails', async () => {
  const { file, places } = world();
  await expect(places.whileAway(goalId, async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(file)).toBe(true);
});

test('what cannot be moved stays, and is said', async () => {
  const { base, root, folders, file, places } = world();
  rmSync(folders[1] ?? '', { recursive: true });
  symlinkSync(base, folders[1] ?? '');
  const { done, places: state } = await places.whileAway(goalId, async () => existsSync(file));
  expect({ done, state }).toEqual({ done: true, state: 'there' });
  expect(names(root)).toEqual([]);
});

test('a path that somebody makes again meanwhile is noticed, and loses nobody’s bytes', async () => {
  const { folders, file, places } = world();
  const { places: state } = await places.whileAway(goalId, async () => {
    mkdirSync(folders[0] ?? '', { recursive: true });
    writeFileSync(file, 'of nobody');
  });
  expect(state).toBe('disturbed');
  expect(readFileSync(file, 'utf8')).toBe('of an agent');
  const beside = readdirSync(folders[0] ?? '').find((name) => name.startsWith('.made-while-away-')) ?? '';
  expect(readFileSync(join(folders[0] ?? '', beside, 'answer'), 'utf8')).toBe('of nobody');
});

test('after a SIGKILL the next start brings everything back, however often it is asked', async () => {
  const { root, folders, file, fresh } = world();
  const module = pathToFileURL(join(import.meta.dirname, 'agent-places.ts')).href;
  const script = `
    const { movableAgentPlaces } = await import(${JSON.stringify(module)});
    const log = { info() {}, warn() {}, error() {} };
    const places = movableAgentPlaces({ root: ${JSON.stringify(root)}, foldersOf: () => ${JSON.stringify(folders)}, log });
    await places.whileAway(${JSON.stringify(goalId)}, () => new Promise(() => { console.log('away'); setInterval(() => {}, 1e6); }));
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(existsSync(file)).toBe(false);
  const next = fresh();
  next.recover();
  expect(readFileSync(file, 'utf8')).toBe('of an agent');
  expect(names(root)).toEqual([]);
  next.recover();
  expect(await next.inPlace(goalId, async () => existsSync(file))).toBe(true);
});

test('a note that was cut off moves nothing', () => {
  const { root, file, fresh } = world();
  mkdirSync(root);
  writeFileSync(join(root, 'half.json'), '[{"from":"/');
  fresh().recover();
  expect(existsSync(file)).toBe(true);
  expect(names(root)).toEqual([]);
});
