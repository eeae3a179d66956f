import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AttemptId, GoalId, goalIdFrom } from './ids.ts';
import { canonicalJson } from './json.ts';

describe('canonical JSON', () => {
  test('has keys in one order, drops what is undefined, and takes any key as data', () => {
    expect(canonicalJson({ b: [2, { d: 1, c: undefined }], a: null })).toBe('{"a":null,"b":[2,{"d":1}]}');
    expect(canonicalJson(JSON.parse('{"__proto__":{"x":1},"a":2}'))).toBe('{"__proto__":{"x":1},"a":2}');
  });

  test('is the same for equal values and reads back as the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as unknown;
        expect(JSON.parse(canonicalJson(value))).toEqual(plain);
        expect(canonicalJson(plain)).toBe(canonicalJson(value));
      }),
    );
  });
});

describe('ids', () => {
  test('of goals are made from UTC time and parsed strictly', () => {
    const id = goalIdFrom(Date.UTC(2026, 0, 2, 3, 4, 5, 6), '0a1b2c3d');
    expect(id).toBe('goal-20260102-030405-006-0a1b2c3d');
    for (const bad of ['', ` ${id}`, `${id}\n`, 'goal-../x', `${id}/..`, id.toUpperCase(), 'latest']) {
      expect(GoalId.safeParse(bad).success).toBe(false);
    }
  });

  test('of attempts hold nothing that a path or a ref could trip over', () => {
    expect(AttemptId.safeParse('attempt-0f-1').success).toBe(true);
    for (const bad of ['attempt-', 'attempt-../x', 'attempt-a b', `attempt-${'a'.repeat(61)}`]) {
      expect(AttemptId.safeParse(bad).success).toBe(false);
    }
  });
});
