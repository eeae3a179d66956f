import { expect, it } from 'vitest';
import { confinement } from './confinement.ts';

const giving = (level: 'L0' | 'L2') => ({ isolation: async () => ({ level, note: '' }) });

it('is what the goal wants where the system gives it, and nothing where it does not', async () => {
  const wanting = { isolation: 'namespaces', minIsolation: 'L0' } as const;
  expect(await confinement(giving('L2'), wanting)).toBe('namespaces');
  expect(await confinement(giving('L0'), wanting)).toBe('none');
  expect(await confinement(giving('L2'), { ...wanting, isolation: 'none' })).toBe('none');
});

it('is never less than the person allows: the start fails instead', async () => {
  for (const minIsolation of ['L2', 'L3'] as const)
    expect(await confinement(giving('L0'), { isolation: 'namespaces', minIsolation })).toBe('namespaces');
});
