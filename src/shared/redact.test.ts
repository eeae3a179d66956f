import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactJson, redactionMark, redactorOf, redactText, secretValues } from './redact.ts';

// Joined here, so that no scanner takes this file for a leak.
const seeded = {
  github: `ghp_${'a1B2'.repeat(9)}`,
  githubFineGrained: `github_pat_${'11ABCDEFG0'.repeat(4)}_x`,
  gitlab: `glpat-${'aB3-'.repeat(5)}`,
  aws: `AKIA${'ABCD1234'.repeat(2)}`,
  slack: `xoxb-${'123456789012-'.repeat(2)}abc`,
  stripe: `sk_live_${'4eC3'.repeat(6)}`,
  anthropic: `sk-ant-api03-${'aB3_xY9-'.repeat(4)}${'Q1w2E3r4'.repeat(6)}`,
  moonshot: `sk-${'a1B2c3D4'.repeat(6)}`,
  google: `AIza${'SyB1'.repeat(8)}abc`,
  npm: `npm_${'a1B2c3'.repeat(6)}`,
  huggingFace: `hf_${'aB'.repeat(17)}`,
  jwt: `eyJ${'hbGci'.repeat(4)}.eyJ${'zdWIi'.repeat(4)}.${'SflK-_'.repeat(4)}`,
} as const;
const body = Array.from({ length: 6 }, (_, line) => `${'MIIEvQ1bADANBgkq'.repeat(3)}${line}hkiG9w0B`);
const key = (newline: string): string =>
  ['-----BEGIN RSA PRIVATE KEY-----', ...body, '-----END RSA PRIVATE KEY-----'].join(newline);

describe('redactText', () => {
  it.each(Object.entries(seeded))('takes out a %s key and leaves the text around it', (_, secret) => {
    expect(redactText(`before ${secret} after`)).toEqual({
      text: `before ${redactionMark} after`,
      count: 1,
    });
    expect(redactText(`"key":"${secret}"}`).text).toBe(`"key":"${redactionMark}"}`);
    expect(redactText(`\u001b[32m${secret}\u001b[0m`).text).toBe(`\u001b[32m${redactionMark}\u001b[0m`);
    expect(redactText(JSON.stringify(`the key:\n${secret}\nis mine`)).text).not.toContain(secret);
  });

  it('takes out what follows Bearer, a basic login and an AWS secret, and leaves the words', () => {
    expect(redactText(`Authorization: Bearer ${'aB3.'.repeat(8)}==\n`).text).toBe(
      `Authorization: Bearer ${redactionMark}\n`,
    );
    expect(redactText('authorization: Basic dXNlcjpodW50ZXIyaHVudGVy').text).toBe(
      `authorization: Basic ${redactionMark}`,
    );
    expect(redactText(`aws_secret_access_key = ${'wJalrXUtnF'.repeat(4)}\nregion = eu`).text).toBe(
      `aws_secret_access_key = ${redactionMark}\nregion = eu`,
    );
  });

  it.each([
    ['as it is', '\n'],
    ['with Windows line ends', '\r\n'],
    ['inside JSON', '\\n'],
    ['in a diff', '\n+'],
    ['as an array of strings', "',\n  '"],
    ['as joined strings', "\\n' +\n  '"],
    ['quoted in a mail', '\n> '],
  ])('takes out a whole private key %s', (_, newline) => {
    const { text, count } = redactText(`A:${key(newline)};B`);
    expect({ text, count }).toEqual({ text: `A:${redactionMark};B`, count: 1 });
  });

  it('takes out a key that was cut off, up to where no key can go on', () => {
    const cut = key('\n').slice(0, 200);
    expect(redactText(`${cut}`).text).toBe(redactionMark);
    expect(redactText(`${cut}\n{"next":1}`).text).toBe(`${redactionMark}{"next":1}`);
  });

  it.each([
    `if (pem.startsWith('-----BEGIN PRIVATE KEY-----')) return parse(pem.split('-----END PRIVATE KEY-----')[0]);`,
    '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----',
    'task-0123456789abcdef0123456789abcdef disk-0123456789abcdef0123456789abcdef',
    'sk-fading-circle-container-number-twelve-and-more',
    'scikit-learn sk-learn-contrib/imbalanced-learn/classification-report',
    'headers: { Authorization: `Bearer ${await session.accessTokenForThisRequest()}` }',
    "import bearer from 'passport-http-bearer lib/strategies/bearer.js'",
    'WWW-Authenticate: Bearer realm="example", error="invalid_token"',
    'commit 588aca8c57607029385c4b8e43019d697bb0c8a7 tree 4d0b171fedf8ea8db108c76bbf7020a5d2436e8e',
    'sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==',
    'const npm_config_registry_and_some_more_words = process.env.npm_config_registry;',
    'eyJhbGciOiJub25lIn0 and then eyJ again',
    'AKIA, AKIAxyz and ASIA as words',
  ])('leaves ordinary code as it is: %s', (text) => {
    expect(redactText(text)).toEqual({ text, count: 0 });
  });

  it('is idempotent, and changes nothing but stretches of the text', () => {
    const piece = fc.oneof(
      fc.constantFrom(...Object.values(seeded), key('\n'), key('\\n'), 'Bearer ', 'sk-', '-----BEGIN '),
      fc.string(),
      fc.constantFrom('\n', ' ', '"', '=', 'x'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const once = redactText(pieces.join(''));
        expect(redactText(once.text)).toEqual({ text: once.text, count: 0 });
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    ' '.repeat(1_000_000),
    'bearer '.repeat(100_000),
    'sk-'.repeat(200_000),
    'eyJ'.repeat(200_000),
    '-----BEGIN PRIVATE KEY-----'.repeat(20_000),
    '-'.repeat(500_000),
  ])('is not slowed down by text made for it', (text) => {
    const before = performance.now();
    redactText(text);
    // Quadratic matching of these takes minutes.
    expect(performance.now() - before).toBeLessThan(10_000);
  });
});

describe('redactJson', () => {
  it('redacts strings wherever they are, and every value that a key calls a secret', () => {
    const value = {
      note: `uses ${seeded.github}`,
      list: [{ deep: seeded.aws }, 3, null, true],
      api_key: 'short',
      Authorization: 'Digest x',
      github_token: 'abc',
      client_secret: '',
      tokens: 12,
      token: { input: 3 },
      budget_tokens: 'many',
    };
    expect(redactJson(value)).toEqual({
      note: `uses ${redactionMark}`,
      list: [{ deep: redactionMark }, 3, null, true],
      api_key: redactionMark,
      Authorization: redactionMark,
      github_token: redactionMark,
      client_secret: '',
      tokens: 12,
      token: { input: 3 },
      budget_tokens: 'many',
    });
  });

  it('keeps a key named __proto__ as data', () => {
    const value: unknown = JSON.parse('{"__proto__":{"a":"b"}}');
    expect(JSON.stringify(redactJson(value))).toBe('{"__proto__":{"a":"b"}}');
  });
});

describe('redactorOf', () => {
  it('also takes out known values, as they are and as JSON text', () => {
    const redact = redactorOf(['correct-horse-"battery"-9', 'short']);
    expect(redact('a correct-horse-"battery"-9 b short')).toEqual({
      text: `a ${redactionMark} b short`,
      count: 1,
    });
    expect(redact(JSON.stringify({ said: 'correct-horse-"battery"-9' })).text).toBe(
      JSON.stringify({ said: redactionMark }),
    );
    expect(redact(`x ${seeded.github}`).count).toBe(1);
  });
});

describe('secretValues', () => {
  it('picks variables named like keys whose value cannot be a word, a path or a switch', () => {
    expect(
      secretValues({
        MY_API_KEY: 'a1b2c3d4e5f6a7b8',
        REGISTRY_TOKEN: 'zzzzzzzzzzzz9zzzzzzz',
        POSTGRES_PASSWORD: 'postgres',
        SSH_KEY_PATH: '/home/me/.ssh/id_ed25519',
        TOKENIZER: 'parallel-with-many-words',
        PATH: 'a1b2c3d4e5f6a7b8',
        MISSING_TOKEN: undefined,
      }),
    ).toEqual(['a1b2c3d4e5f6a7b8', 'zzzzzzzzzzzz9zzzzzzz']);
  });
});
