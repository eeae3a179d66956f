import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createTailBuffer } from './tail-buffer.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);

it('keeps the end, within the limit, in whole characters, however the bytes arrive', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 60 });
  fc.assert(
    fc.property(
      text,
      fc.integer({ min: 0, max: 80 }),
      fc.integer({ min: 1, max: 7 }),
      (said, limit, step) => {
        const whole = bytes(said);
        const buffer = createTailBuffer(limit);
        for (let at = 0; at < whole.length; at += step) {
          buffer.push(whole.subarray(at, at + step));
          expect(said.includes(buffer.read().text)).toBe(true);
        }
        buffer.end();
        const { text: kept, truncated } = buffer.read();
        expect(said.endsWith(kept)).toBe(true);
        expect(truncated).toBe(whole.length > limit);
        expect(bytes(kept).length).toBeLessThanOrEqual(limit);
        // A character is given up only when it does not fit.
        if (truncated) expect(bytes(kept).length).toBeGreaterThan(limit - 4);
        else expect(kept).toBe(said);
      },
    ),
  );
});

it('holds back a character that has not fully arrived, and shows what will never be one', () => {
  const buffer = createTailBuffer(100);
  const euro = bytes('€');
  buffer.push(euro.subarray(0, 2));
  expect(buffer.read().text).toBe('');
  buffer.push(euro.subarray(2));
  expect(buffer.read().text).toBe('€');
  buffer.push(euro.subarray(0, 1));
  buffer.end();
  expect(buffer.read().text).toBe('€\ufffd');
});

it('does not hold a flood', () => {
  const buffer = createTailBuffer(1_000);
  const chunk = Buffer.alloc(100_000, 'x');
  for (let sent = 0; sent < 200; sent += 1) buffer.push(chunk);
  expect(buffer.read()).toEqual({ text: 'x'.repeat(1_000), truncated: true });
});
