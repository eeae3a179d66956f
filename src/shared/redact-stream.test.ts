import fc from 'fast-check';
import { expect, it } from 'vitest';
import { redactionMark, redactorOf, redactText } from './redact.ts';
import { createStreamRedactor, HOLD_LIMIT } from './redact-stream.ts';

const token = `ghp_${'a1B2'.repeat(9)}`;
const key = [
  '-----BEGIN PRIVATE KEY-----',
  ...Array.from({ length: 20 }, () => 'MIIEvQ1bADANBgkq'.repeat(4)),
  '-----END PRIVATE KEY-----',
].join('\n');

function inPieces(text: string, cuts: readonly number[], redact = redactText): string {
  const stream = createStreamRedactor(redact);
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b), text.length];
  let out = '';
  for (const [index, at] of places.slice(1).entries()) out += stream.push(text.slice(places[index], at));
  return out + stream.end();
}

it('redacts the same wherever the text is cut', () => {
  const piece = fc.oneof(
    fc.constantFrom(token, key, `Bearer ${token}`, '\n', 'x'.repeat(3_000), '-----BEGIN CERTIFICATE-----\n'),
    fc.string(),
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 10 }),
      fc.array(fc.nat(60_000), { maxLength: 12 }),
      (pieces, cuts) => {
        const text = pieces.join('');
        expect(inPieces(text, cuts)).toBe(redactText(text).text);
      },
    ),
    { numRuns: 400 },
  );
});

it('finds a secret in a line far longer than what is held back, wherever in it', () => {
  for (const at of [0, 1_000, HOLD_LIMIT - 50, HOLD_LIMIT - 10, HOLD_LIMIT, 3 * HOLD_LIMIT - 4_090]) {
    const line = `${'.'.repeat(at)}${token}${'.'.repeat(2 * HOLD_LIMIT)}`;
    for (const size of [1_000, 4_096, 65_536, 1_000_000]) {
      const cuts = Array.from({ length: Math.floor(line.length / size) }, (_, index) => (index + 1) * size);
      const out = inPieces(line, cuts);
      expect(out).toBe(line.replace(token, redactionMark));
    }
  }
});

it('finds a value it was told of in a line without end', () => {
  const value = 'b4tt3ry-staple-horse';
  const line = `${'.'.repeat(HOLD_LIMIT - 4_096 - 8)}${value}${'.'.repeat(HOLD_LIMIT)}`;
  const out = inPieces(line, [HOLD_LIMIT + 100], redactorOf([value]));
  expect(out).not.toContain(value);
});

it('holds a private key back until it has ended, and gives it up when it never does', () => {
  const stream = createStreamRedactor();
  expect(stream.push('first\n-----BEGIN PRIVATE KEY-----\n')).toBe('first\n');
  expect(stream.push(`${'MIIEvQ1bADANBgkq'.repeat(4)}\n`)).toBe('');
  expect(stream.push('-----END PRIVATE KEY-----\nafter\n')).toBe(`${redactionMark}\nafter\n`);
  expect(stream.push('-----BEGIN PRIVATE KEY-----\n')).toBe('');
  const flood = `${'MIIEvQ1bADANBgkq'.repeat(4)}\n`.repeat(2_000);
  expect(stream.push(flood)).toBe(redactionMark);
});

it('holds back no more than its limit, however long a line is', () => {
  const stream = createStreamRedactor();
  let given = 0;
  for (let at = 0; at < 200; at += 1) {
    given += stream.push('y'.repeat(10_000)).length;
    expect((at + 1) * 10_000 - given).toBeLessThanOrEqual(HOLD_LIMIT + 10_000);
  }
  expect(given + stream.end().length).toBe(2_000_000);
});

it('is not slowed down by headers of keys that never come', () => {
  const stream = createStreamRedactor();
  const before = performance.now();
  for (let at = 0; at < 200; at += 1) stream.push('-----BEGIN \n'.repeat(5_000));
  stream.end();
  // Looking for the end of each of them takes minutes.
  expect(performance.now() - before).toBeLessThan(10_000);
});
