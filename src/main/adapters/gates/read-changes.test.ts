import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { TreeEntry, TreeReader } from '../../runtime/ports.ts';
import { Oid } from '../../../shared/kernel/ids.ts';
import { readChanges } from './read-changes.ts';

const key = `ghp_${'a1B2'.repeat(9)}`;
const utf16 = (text: string, order: 'le' | 'be', bom: boolean): Buffer => {
  const bytes = Buffer.from(`${bom ? '\ufeff' : ''}${text}`, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
};

function sideOf(files: Readonly<Record<string, string | Buffer>>) {
  const bytes = new Map(Object.entries(files).map(([path, content]) => [path, Buffer.from(content)]));
  const entries = [...bytes].map(([path, content]): TreeEntry => ({
    path,
    mode: '100644',
    oid: Oid.parse(createHash('sha1').update(content).digest('hex')),
  }));
  const tree: TreeReader = {
    list: async () => [],
    all: async () => entries,
    read: async (path, max) => {
      const content = bytes.get(path);
      return content === undefined || content.byteLength > max ? null : content;
    },
  };
  return { tree, entries };
}

const limits = {
  files: 10,
  file: 4 << 20,
  total: 8 << 20,
  code: 2 << 20,
  text: 1 << 20,
  texts: 8 << 20,
};
const found = async (
  theirs: Readonly<Record<string, string | Buffer>>,
  base: Readonly<Record<string, string | Buffer>> = {},
): Promise<string[]> =>
  (await readChanges(sideOf(base), sideOf(theirs), limits)).findings.map(
    (one) => `${one.rule} ${one.effect} ${one.file}`,
  );

it.each([
  ['behind a zero byte', `\0${key}\n`],
  ['behind a zero byte that comes late', `${'word\n'.repeat(2_000)}\0${key}\n`],
  ['at the start of a long file', `${key}\n${'word\n'.repeat(250_000)}`],
  ['at the end of a long file', `${'word\n'.repeat(250_000)}${key}\n`],
  ['across two windows', `${'.'.repeat((1 << 20) - 10)}${key}${'.\n'.repeat(400_000)}`],
  ['in UTF-16', utf16(`token=${key}\n`, 'le', false)],
  ['in UTF-16 with a mark', utf16(`größe\ntoken=${key}\n`, 'le', true)],
  ['in UTF-16 of the other order', utf16(`token=${key}\n`, 'be', false)],
  ['in UTF-16 of the other order with a mark', utf16(`token=${key}\n`, 'be', true)],
  ['in UTF-16 at an odd place', Buffer.concat([Buffer.from('x'), utf16(key, 'be', false)])],
  ['in UTF-32', Buffer.from(Buffer.from(key).toString('latin1').replaceAll(/./g, '$&\0\0\0'), 'latin1')],
])('a key %s is found', async (_, content) => {
  expect(await found({ 'data/a.dat': content })).toEqual(['secret.token breach data/a.dat']);
});

it('passwords and private keys are found there too', async () => {
  const pem = `-----BEGIN EC PRIVATE KEY-----\n${'MIIEowIBAAKCAQEA'.repeat(4)}\n-----END EC PRIVATE KEY-----\n`;
  expect(await found({ a: utf16(pem, 'le', true) })).toEqual(['secret.private_key breach a']);
  expect(await found({ a: utf16('password = "hJ8#kd92-Qz7!mPx4"', 'be', false) })).toEqual([
    'secret.assignment breach a',
  ]);
});

it('what was there before is not new', async () => {
  const before = { a: `\0${key}\n` };
  expect(await found({ a: `\0more\n${key}\n` }, before)).toEqual([]);
  expect(await found({ a: `\0${key}${'\n'.repeat(1 << 20)}` }, before)).toEqual([]);
});

it('ordinary binaries and long texts say nothing', async () => {
  const noise = Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * at * 31 + (at >> 7)) & 255));
  expect(await found({ 'logo.png': noise, 'words.txt': 'a word and more\n'.repeat(100_000) })).toEqual([]);
});

it('what is too large or too many asks, with how much it is', async () => {
  const { findings } = await readChanges(
    sideOf({}),
    sideOf({ ...Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`f/${at}`, 'x'])) }),
    limits,
  );
  expect(findings).toMatchObject([{ rule: 'code.not_examined', effect: 'question' }]);
  expect(findings[0]?.message).toContain('Not examined: 2 files (f/10, f/11)');
  expect(await found({ 'a.bin': Buffer.alloc(5 << 20) })).toEqual(['code.not_examined question a.bin']);
});

it('code is read with a zero byte in it, and asks when it is too long', async () => {
  const { texts } = await readChanges(sideOf({}), sideOf({ 'a.js': "const zero = '\0';\n" }), limits);
  expect(texts).toEqual([{ path: 'a.js', before: '', after: "const zero = '\0';\n" }]);
  expect(await found({ 'a.js': 'x;'.repeat(1_500_000) })).toEqual(['code.not_examined question a.js']);
});

it('the 2,051st file is read like the first', async () => {
  const many = Object.fromEntries(Array.from({ length: 2_050 }, (_, at) => [`docs/${at}.txt`, `${at}\n`]));
  const { texts, findings } = await readChanges(sideOf({}), sideOf({ ...many, 'zz.txt': key }));
  expect([texts.length, texts.at(-1)?.path, findings]).toEqual([2_051, 'zz.txt', []]);
});
