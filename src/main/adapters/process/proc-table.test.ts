import { expect, it } from 'vitest';
import { parsePsLine, parseStat, readProcess, readProcessTable } from './proc-table.ts';

it('finds this process with its parent, group and start', () => {
  const row = readProcessTable().find(({ pid }) => pid === process.pid);
  expect(row).toMatchObject({ ppid: process.ppid, zombie: false });
  expect(row).toEqual(readProcess(process.pid));
  expect(readProcess(2 ** 30)).toBeNull();
});

it('is not fooled by a name with brackets, spaces and line ends', () => {
  const rest = Array.from({ length: 40 }, (_, i) => i + 100).join(' ');
  expect(parseStat(`42 (a) S 1 (\n) Z 7 8 9 ${rest}`)).toMatchObject({
    pid: 42,
    ppid: 7,
    pgid: 8,
    sid: 9,
    zombie: true,
  });
  expect([parseStat(null), parseStat(''), parseStat('garbage')]).toEqual([null, null, null]);
});

it('reads the table of systems that have ps only', () => {
  expect(parsePsLine('  501     1   501 Ss   Mon Jan  6 09:08:07 2025     /usr/sbin/my daemon')).toEqual({
    pid: 501,
    ppid: 1,
    pgid: 501,
    sid: 501,
    start: 'Mon Jan  6 09:08:07 2025',
    zombie: false,
    name: '/usr/sbin/my daemon',
  });
  expect(parsePsLine('PID PPID')).toBeNull();
});
