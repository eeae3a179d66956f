export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * Canonical JSON text: object keys in code-unit order, no white space, `undefined` members dropped.
 * Digests and the hash chain are computed over this text, so two equal values always have equal bytes.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sortKeys(value));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value as Record<string, unknown>).filter(
    ([, member]) => member !== undefined,
  );
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  // `__proto__` as a key must stay data, so the copy has no prototype setter to trip over.
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [key, member] of entries) copy[key] = sortKeys(member);
  return copy;
}
