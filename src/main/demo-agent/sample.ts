import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What the demonstration asks for. */
export const sampleGoal =
  'Fix src/money.js: amounts below ten cents lose their zero when they are formatted, and amounts with one decimal are read wrong. The tests in test/money.test.js must pass.';

/** A small Node package with two real bugs: two of its six tests fail. */
export const sampleFiles: Readonly<Record<string, string>> = {
  'package.json': `${JSON.stringify({ name: 'ledger', version: '1.0.0', private: true, type: 'module', scripts: { test: 'node --test' } }, null, 2)}\n`,
  'README.md': '# ledger\n\nReads and writes amounts of money as whole cents.\n',
  'src/money.js': `/** Formats whole cents, such as 123456, as "1,234.56". */
export function formatCents(cents) {
  const sign = cents < 0 ? '-' : '';
  const whole = Math.trunc(Math.abs(cents) / 100);
  const rest = Math.abs(cents) % 100;
  return \`\${sign}\${whole.toLocaleString('en-US')}.\${rest}\`;
}

/** Reads "1,234.56" as whole cents. */
export function parseCents(text) {
  const sign = text.startsWith('-') ? -1 : 1;
  const [whole, rest = ''] = text.replace('-', '').replaceAll(',', '').split('.');
  return sign * (Number(whole) * 100 + Number(rest));
}
`,
  'test/money.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCents, parseCents } from '../src/money.js';

test('formats whole amounts with thousands separators', () => {
  assert.equal(formatCents(123456), '1,234.56');
});

test('formats negative amounts', () => {
  assert.equal(formatCents(-1099), '-10.99');
});

test('keeps the zero of amounts below ten cents', () => {
  assert.equal(formatCents(5), '0.05');
  assert.equal(formatCents(1203), '12.03');
});

test('reads amounts with separators', () => {
  assert.equal(parseCents('1,234.56'), 123456);
});

test('reads negative amounts', () => {
  assert.equal(parseCents('-10.99'), -1099);
});

test('reads one decimal as tens of cents', () => {
  assert.equal(parseCents('1.5'), 150);
});
`,
};

/** Writes the sample's files into a new folder; making it a repository is the caller's business. */
export function writeSample(dir: string): void {
  for (const [path, text] of Object.entries(sampleFiles)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
}
