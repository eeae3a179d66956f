import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readStatic } from './static-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'omk-static-'));
const root = join(folder, 'page');
mkdirSync(join(root, 'assets', 'sub.js'), { recursive: true });
mkdirSync(join(root, '.git'));
writeFileSync(join(folder, 'secret.html'), 'secret');
writeFileSync(join(root, '.git', 'config.html'), 'secret');
writeFileSync(join(root, '.hidden.html'), 'secret');
writeFileSync(join(root, 'index.html'), '<p>page</p>');
writeFileSync(join(root, 'id_rsa'), 'secret');
writeFileSync(join(root, 'tool.sh'), 'secret');
writeFileSync(join(root, 'assets', 'inter-abc_1@2x.woff2'), Uint8Array.of(0, 255, 1));
writeFileSync(join(root, 'assets', 'engine.wasm'), '');
symlinkSync('../secret.html', join(root, 'link.html'));
symlinkSync('..', join(root, 'up'));
symlinkSync('index.html', join(root, 'inside.html'));
afterAll(() => rmSync(folder, { recursive: true }));

const text = async (path: string): Promise<string | null> => {
  const file = await readStatic(root, path);
  return file && new TextDecoder().decode(file.bytes);
};

test('the root is the page', async () => {
  expect(await readStatic(root, '/')).toMatchObject({ type: 'text/html; charset=utf-8' });
  expect(await text('/')).toBe('<p>page</p>');
  expect(await text('/index.html')).toBe('<p>page</p>');
  expect(await text('/inside.html')).toBe('<p>page</p>');
});

test('bytes stay bytes and types are named', async () => {
  const font = await readStatic(root, '/assets/inter-abc_1@2x.woff2');
  expect(font).toEqual({ bytes: Uint8Array.of(0, 255, 1), type: 'font/woff2' });
  expect(await readStatic(root, '/assets/engine.wasm')).toMatchObject({ type: 'application/wasm' });
});

test.each([
  '/../secret.html',
  '/assets/../../secret.html',
  '/%2e%2e/secret.html',
  '/..%2fsecret.html',
  '/%2e%2e%2fsecret.html',
  '/..%5csecret.html',
  '/..\\secret.html',
  '/assets/%252e%252e/%252e%252e/secret.html',
  '/./index.html',
  '//index.html',
  '/assets//engine.wasm',
  '/index.html%00.js',
  '/index.html\0',
  '/link.html',
  '/up/secret.html',
  '/up/page/index.html/',
  '/.hidden.html',
  '/.git/config.html',
  '/id_rsa',
  '/tool.sh',
  '/assets',
  '/assets/',
  '/assets/sub.js',
  '/nothing.html',
  'index.html',
  '',
  '/%',
  '/%zz',
  `/${'a/'.repeat(5_000)}index.html`,
  `/${'a'.repeat(10_000)}.html`,
])('%s is not found', async (path) => {
  expect(await text(path)).toBeNull();
});
