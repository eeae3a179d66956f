import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { captureOutput } from './capture.ts';

const capture = (chunks: Iterable<string | Buffer>, keepHead: number, keepTail: number) =>
  captureOutput(Readable.from(chunks, { objectMode: false }), { keepHead, keepTail });

it('keeps everything that fits, also a character on the border of head and tail', async () => {
  const text = 'aä日b';
  for (let cut = 0; cut <= Buffer.byteLength(text); cut += 1)
    expect(await capture([Buffer.from(text)], cut, 100)).toEqual({ text, bytes: 7, dropped: 0 });
  expect(await capture([], 5, 5)).toEqual({ text: '', bytes: 0, dropped: 0 });
});

it('keeps head and tail of what is too long, and counts the middle', async () => {
  expect(await capture(['0123', '456', '7', '89abcdef'], 3, 4)).toEqual({
    text: '012\n[9 bytes left out]\ncdef',
    bytes: 16,
    dropped: 9,
  });
});

it('holds little of a very long output', async () => {
  function* flood(): Generator<Buffer> {
    for (let i = 0; i < 2_000; i += 1) yield Buffer.alloc(50_000, (i % 26) + 97);
  }
  const result = await capture(flood(), 1_000, 1_000);
  expect(result.bytes).toBe(100_000_000);
  expect(result.text.length).toBeLessThan(2_100);
});

it('ends with what it has when the stream breaks', async () => {
  const stream = new Readable({ read: () => undefined });
  stream.push('half');
  setImmediate(() => stream.destroy(new Error('gone')));
  expect((await captureOutput(stream, { keepHead: 10, keepTail: 10 })).text).toBe('half');
});
