import { createGates as real } from '../../../../src/main/adapters/gates/gates.ts';

/** A gate sees every folder of omk. */
export const createGates: typeof real = (deps) => real({ ...deps, hidden: () => [] });
