import { expect, it } from 'vitest';
import fc from 'fast-check';
import { createFrameReader } from './ndjson.ts';
import type { Frame, FrameLimits, FrameViolation } from './ndjson.ts';

function read(chunks: readonly (string | Uint8Array)[], limits?: FrameLimits) {
  const frames: Frame[] = [];
  const bad: string[] = [];
  const violations: FrameViolation[] = [];
  const reader = createFrameReader(
    {
      onFrame: (frame) => frames.push(frame),
      onBadLine: (line) => bad.push(line),
      onViolation: (violation) => violations.push(violation),
    },
    limits,
  );
  for (const chunk of chunks) reader.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  reader.end();
  return { frames, bad, violations };
}

it('delivers the same frames wherever the bytes are cut, also inside a character', () => {
  const messages = [{ a: 'für 日本 👩‍💻' }, { b: 'x\n"\\' }, { c: '' }];
  const bytes = Buffer.from(messages.map((m) => `${JSON.stringify(m)}\r\n`).join(''));
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 12 }), (cuts) => {
      const at = [0, ...cuts.toSorted((x, y) => x - y), bytes.length];
      const chunks = at.slice(1).map((end, i) => bytes.subarray(at[i], end));
      expect(read(chunks).frames).toEqual(messages);
    }),
  );
});

it('delivers a last line without a line end, and skips empty lines', () => {
  expect(read(['\n\n{"a":1}\n  \n{"b":2}'])).toMatchObject({ frames: [{ a: 1 }, { b: 2 }], bad: [] });
});

it('counts what is not a JSON object and goes on', () => {
  const { frames, bad } = read(['hello\n[1]\n42\nnull\n{"a":1\n{"ok":true}\n']);
  expect(frames).toEqual([{ ok: true }]);
  expect(bad).toEqual(['hello', '[1]', '42', 'null', '{"a":1']);
});

it('ends at one bad line over the limit and delivers nothing more', () => {
  const limits = { maxLineBytes: 100, maxBadLines: 2 };
  expect(read(['x\ny\n{"a":1}\n'], limits)).toMatchObject({ violations: [], frames: [{ a: 1 }] });
  expect(read(['x\ny\nz\n{"a":1}\n'], limits)).toMatchObject({
    violations: ['too_many_bad_lines'],
    frames: [],
  });
});

it('ends at a line over the limit before the line is complete, and holds none of it', () => {
  const limits = { maxLineBytes: 10, maxBadLines: 5 };
  expect(read(['{"a":1}\n', '12345', '67890', '1'], limits)).toMatchObject({
    frames: [{ a: 1 }],
    violations: ['line_too_long'],
  });
  expect(read(['{"a":123}\n'], limits).violations).toEqual([]);
});

it('reads a line of 10 MB in small pieces in little time', () => {
  const line = Buffer.from(`${JSON.stringify({ text: 'x'.repeat(10_000_000) })}\n`);
  const chunks = Array.from({ length: Math.ceil(line.length / 4_096) }, (_, i) =>
    line.subarray(i * 4_096, (i + 1) * 4_096),
  );
  const started = performance.now();
  expect(read(chunks).frames).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(3_000);
});
