import { describe, expect, it } from 'vitest';
import { age, bytes, count, duration, integer, money, percent, tokens, workTime } from './units.ts';

describe('amounts', () => {
  it.each([
    [duration(400), '0.4 s'],
    [duration(38_400), '38 s'],
    [duration(130_000), '2 min 10 s'],
    [duration(6_780_000), '1 h 53 min'],
    [duration(-5), '0 s'],
    [workTime(3_120_000), '0 h 52'],
    [age(30_000), 'just now'],
    [age(7_200_000), '2 h'],
    [tokens(999), '999'],
    [tokens(18_200), '18.2k'],
    [tokens(999_900), '1 M'],
    [tokens(1_240_000), '1.24 M'],
    [money(0.001), '< $0.01'],
    [money(12), '$12.00'],
    [bytes(999), '999 B'],
    [bytes(3_200_000_000), '3.2 GB'],
    [integer(-1204), '−1,204'],
    [count(1, 'try', 'tries'), '1 try'],
    [count(1_204, 'file'), '1,204 files'],
  ])('reads %s as %s', (shown, expected) => {
    expect(shown).toBe(expected);
  });

  it('never rounds a share to full before it is, nor to nothing once something is used', () => {
    expect([percent(0.9999), percent(0.0001), percent(1), percent(1.04)]).toEqual([
      '99 %',
      '1 %',
      '100 %',
      '104 %',
    ]);
  });
});
