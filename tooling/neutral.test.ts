import { expect, test } from 'vitest';
import { isExampleHome, machineTraces } from './neutral.ts';

test('a lockfile that names a registry is found, one without addresses is not', () => {
  expect(machineTraces('package-lock.json', '"resolved": "https://packages.example/a.tgz"', [])).toHaveLength(
    1,
  );
  expect(machineTraces('package-lock.json', '"url": "https://example.org/sponsor"', [])).toEqual([]);
});

test('a registry or a credential in npm configuration is found wherever the file lies', () => {
  expect(machineTraces('test/.npmrc', 'registry=https://packages.example/', [])).toHaveLength(1);
  expect(machineTraces('.npmrc', '@scope:registry = https://packages.example/', [])).toHaveLength(1);
  expect(machineTraces('.npmrc', '//packages.example/:_authToken=x', [])).toHaveLength(1);
  expect(machineTraces('.npmrc', 'loglevel=error', [])).toEqual([]);
});

test('the checkout itself is found in any file, with its line', () => {
  const [finding] = machineTraces('docs/a.md', 'one\nsee /srv/build/omk/src', ['/srv/build/omk']);
  expect(finding).toMatch(/^docs\/a\.md:2 /);
});

test('a home directory is found unless it is nobody’s', () => {
  const home = (name: string): string => ['', 'home', name, 'x'].join('/');
  expect(machineTraces('a.ts', home('carol'), [])).toHaveLength(1);
  expect(machineTraces('a.ts', ['C:', 'Users', 'carol', 'x'].join('\\'), [])).toHaveLength(1);
  expect(machineTraces('a.ts', home('user'), [])).toEqual([]);
  expect(machineTraces('a.ts', home('.config'), [])).toEqual([]);
});

test('the home of somebody whose name stands in examples is no trace', () => {
  expect(isExampleHome('/home/dev')).toBe(true);
  expect(isExampleHome(['', 'home', 'lin'].join('/'))).toBe(false);
});
