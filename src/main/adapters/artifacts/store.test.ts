import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { onTinyDisk } from '../../../../test/tiny-disk.ts';
import { Digest } from '../../../shared/kernel/ids.ts';
import { redactionMark } from '../../../shared/redact.ts';
import { createArtifacts } from './store.ts';

const dirs: string[] = [];
afterEach(() => {
  for (const dir of dirs.splice(0)) {
    chmodSync(dir, 0o700);
    rmSync(dir, { recursive: true, force: true });
  }
});
function place(): string {
  const dir = mkdtempSync(join(tmpdir(), 'omk-artifacts-'));
  dirs.push(dir);
  return join(dir, 'artifacts');
}

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');
const pathOf = (root: string, digest: string): string => join(root, digest.slice(0, 2), digest);
const filesUnder = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
/** Every file has the name of its own bytes: nothing half-written is evidence. */
function expectWhole(root: string): void {
  for (const file of filesUnder(root)) expect(file).toBe(pathOf(root, sha256(readFileSync(file))));
}

const token = `ghp_${'a1B2'.repeat(9)}`;

describe('artifacts', () => {
  it('keeps bytes under their digest, readable in pieces, for their owner only', async () => {
    const root = place();
    const artifacts = createArtifacts(root);
    const bytes = Buffer.from([0, 255, 254, 10, 13, 0xc3, 0x28, 0xf0, 0x9f, 10, 128]);
    const put = await artifacts.put(bytes);
    if (!put.ok) throw new Error(put.error.message);
    expect(put.value).toBe(sha256(bytes));
    expect(await artifacts.read(put.value, 0, 100)).toEqual({ bytes, size: 11 });
    expect((await artifacts.read(put.value, 9, 100))?.bytes).toEqual(bytes.subarray(9));
    expect((await artifacts.read(put.value, 500, 100))?.bytes.length).toBe(0);
    expect(artifacts.has(put.value)).toBe(true);
    expect(await artifacts.verify(put.value)).toBe(true);
    for (const file of filesUnder(root)) expect(statSync(file).mode & 0o777).toBe(0o600);
    for (const dir of [root, join(root, put.value.slice(0, 2))])
      expect(statSync(dir).mode & 0o777).toBe(0o700);
  });

  it('says that evidence is missing, changed, cut or longer than it was', async () => {
    const root = place();
    const artifacts = createArtifacts(root);
    const missing = Digest.parse(sha256('never stored'));
    expect(await artifacts.read(missing, 0, 10)).toBeNull();
    expect(artifacts.has(missing)).toBe(false);
    expect(await artifacts.verify(missing)).toBe(false);
    const put = await artifacts.put('evidence');
    if (!put.ok) throw new Error(put.error.message);
    for (const other of ['Evidence', 'evidenc', 'evidence ', '']) {
      writeFileSync(pathOf(root, put.value), other);
      expect(await artifacts.verify(put.value)).toBe(false);
    }
    // Stored again it is whole again.
    await artifacts.put('evidence');
    expect(await artifacts.verify(put.value)).toBe(true);
  });

  it('redacts before the first byte is written, and digests what it wrote', async () => {
    const root = place();
    const artifacts = createArtifacts(root);
    const writer = artifacts.writer(1_000_000);
    for (const byte of Buffer.from(`\xff\xfe token ${token}\n`, 'latin1')) writer.write(Uint8Array.of(byte));
    const closed = await writer.close();
    if (!closed.ok) throw new Error(closed.error.message);
    const stored = readFileSync(pathOf(root, closed.value.digest));
    expect(stored).toEqual(Buffer.from(`\xff\xfe token ${redactionMark}\n`, 'latin1'));
    expectWhole(root);
  });

  it('also takes out what it was told is secret', async () => {
    const root = place();
    const artifacts = createArtifacts(root, (text) => ({ text: text.replaceAll('xyzzy', '…'), count: 0 }));
    await artifacts.put('say xyzzy\n');
    for (const file of filesUnder(root)) expect(readFileSync(file, 'utf8')).not.toContain('xyzzy');
  });

  it('keeps no more than its quota, says how much was dropped, and marks it in the bytes', async () => {
    const root = place();
    const writer = createArtifacts(root).writer(1_000);
    for (let line = 0; line < 500; line += 1) writer.write(Buffer.from(`line ${line}\n`));
    const closed = await writer.close();
    if (!closed.ok) throw new Error(closed.error.message);
    expect(closed.value.bytes).toBe(1_000);
    const stored = readFileSync(pathOf(root, closed.value.digest), 'utf8');
    expect(stored.slice(0, 1_000)).toMatch(/^line 0\nline 1\n/);
    expect(stored.slice(1_000)).toBe(`\n[… ${closed.value.dropped} bytes not kept …]\n`);
    expectWhole(root);
  });

  it('survives a flood without holding it', async () => {
    const root = place();
    const writer = createArtifacts(root).writer(10_000);
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    const before = process.memoryUsage().rss;
    for (let sent = 0; sent < 500; sent += 1) writer.write(chunk);
    const closed = await writer.close();
    expect(closed.ok && closed.value.bytes).toBe(10_000);
    expect(closed.ok && closed.value.bytes + closed.value.dropped).toBe(500 * 1024 * 1024);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  it('gives equal bytes written at once by many the same file', async () => {
    const root = place();
    const artifacts = createArtifacts(root);
    const digests = await Promise.all(Array.from({ length: 50 }, () => artifacts.put('the same')));
    expect(new Set(digests.map((one) => one.ok && one.value)).size).toBe(1);
    expect(filesUnder(root)).toHaveLength(1);
    expectWhole(root);
  });

  it('leaves nothing under a digest while a writer is open, and clears what a killed host left', async () => {
    const root = place();
    const writer = createArtifacts(root).writer(1_000_000);
    writer.write(Buffer.from('half of it\n'));
    expect(filesUnder(root).every((file) => file.startsWith(join(root, 'tmp')))).toBe(true);
    createArtifacts(root);
    expect(filesUnder(root)).toEqual([]);
    expect((await writer.close()).ok).toBe(false);
    expect(filesUnder(root)).toEqual([]);
  });

  it('answers the same when closed twice, and ignores what is written afterwards', async () => {
    const writer = createArtifacts(place()).writer(100);
    writer.write(Buffer.from('once'));
    const first = await writer.close();
    writer.write(Buffer.from('twice'));
    expect(await writer.close()).toBe(first);
  });

  it('says in one sentence that the folder cannot be written', async () => {
    const root = place();
    mkdirSync(join(root, '..', 'elsewhere'), { recursive: true });
    writeFileSync(root, 'a file where the folder should be');
    const put = await createArtifacts(root).put('evidence');
    expect(put).toMatchObject({
      ok: false,
      error: { code: 'artifact.not_written', blame: 'infra', retry: 'ask' },
    });
    expect(!put.ok && put.error.message).toMatch(/^Evidence could not be stored .*permissions/);
  });

  it('says that the disk is full, keeps what was stored before, and stores again once there is room', (context) => {
    const module = JSON.stringify(join(import.meta.dirname, 'store.ts'));
    const ran = onTinyDisk(
      '256k',
      `
      import { createArtifacts } from ${module};
      import { readdirSync, rmSync, writeFileSync, existsSync } from 'node:fs';
      const disk = process.env.DISK as string;
      const artifacts = createArtifacts(disk + '/artifacts');
      const first = await artifacts.put('first');
      const big = await artifacts.put(Buffer.alloc(1_000_000, 'z'));
      const quota = artifacts.writer(10_000_000);
      for (let at = 0; at < 100; at += 1) quota.write(Buffer.alloc(10_000, 'q'));
      const streamed = await quota.close();
      const left = readdirSync(disk + '/artifacts/tmp').length;
      const small = await artifacts.put('small');
      console.log(JSON.stringify({ first, big, streamed, left, small,
        whole: first.ok && await artifacts.verify(first.value) }));
      `,
    );
    if (ran === null) return context.skip('nobody may mount a file system here');
    expect(ran.stderr).toBe('');
    const said = JSON.parse(ran.stdout) as Record<string, unknown>;
    const full = { ok: false, error: { code: 'artifact.disk_full', blame: 'infra' } };
    expect(said).toMatchObject({
      first: { ok: true },
      big: full,
      streamed: full,
      left: 0,
      small: { ok: true },
      whole: true,
    });
  });
});

it('does not need its folder to exist before', async () => {
  const root = join(place(), 'deep', 'down');
  expect((await createArtifacts(root).put('x')).ok).toBe(true);
  expect(existsSync(join(root, 'tmp'))).toBe(true);
});
