import { expect, test } from 'vitest';
import { measure, median, table, updatedTable } from './benchmark.ts';

test('the median of an even number of values lies between the middle two', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test('a benchmark is run as often as asked, and judged against the machine of that moment', async () => {
  const values = [30, 10, 20];
  const result = await measure(
    {
      id: 'P0',
      name: 'a | b',
      unit: 'ms',
      goal: '<= 1',
      run: async () => ({ value: values.pop() ?? 0, counters: { left: values.length } }),
    },
    3,
  );
  expect(result.median).toBe(20);
  expect(result.counters).toEqual({ left: 0 });
  expect(result.ratio).toBeCloseTo(20 / result.calibrationMs);
  expect(table([result])).toContain('| P0 | a \\| b | 20.0 ms |');
});

test('what is measured again takes the place of its row, and the others stay in their order', () => {
  const common = { name: 'n', unit: 'ms', goal: 'g', values: [], calibrationMs: 1, ratio: 1, counters: {} };
  const result = (id: string, middle: number) => ({ ...common, id, median: middle });
  const page = `# Page\n\n${table([result('P2', 1), result('P10', 2)])}\n`;
  expect(updatedTable(page, [result('P3', 3), result('P10', 4)])).toBe(
    table([result('P2', 1), result('P3', 3), result('P10', 4)]),
  );
  expect(updatedTable('', [result('P3', 3)])).toBe(table([result('P3', 3)]));
});
