import { expect, it } from 'vitest';
import { isInside, parseMountInfo, reachableMounts } from './mounts.ts';

const info = `21 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
22 21 0:20 / /proc rw,nosuid,nodev,noexec - proc proc rw
23 21 0:21 / /a rw - tmpfs x rw
24 23 0:22 / /a/b rw,nodev - tmpfs x rw
25 23 0:23 / /a rw,nosuid - tmpfs over rw
26 21 0:24 / /with\\040space\\134x ro - tmpfs x rw
27 25 0:25 / /a/c rw - tmpfs x rw

`;

it('reads paths with escapes and the flags that must be kept', () => {
  const mounts = parseMountInfo(info);
  expect(mounts.map((mount) => mount.point)).toContain('/with space\\x');
  expect(mounts[1]).toMatchObject({ id: 22, parent: 21, locked: ['nosuid', 'nodev', 'noexec'] });
});

it('leaves out what lies buried under a later mount', () => {
  const reached = reachableMounts(parseMountInfo(info));
  expect(reached.map(({ id }) => id)).toEqual([21, 25, 27, 22, 26]);
});

it('knows a folder from another with the same beginning', () => {
  expect([isInside('/a/b', '/a'), isInside('/a', '/a'), isInside('/ab', '/a'), isInside('/x', '/')]).toEqual([
    true,
    true,
    false,
    true,
  ]);
});
