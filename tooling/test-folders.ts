/** Unit and integration tests: part of the gate that runs before every commit. */
export const quickTests = ['src', 'tooling', 'e2e', 'test/verdicts', 'test/integration'] as const;

/** Suites of whole goals, real agents, real runners, kills and every byte of a proof: minutes, so only `npm test` runs them. */
export const slowTests = ['test/proof', 'test/contract', 'test/gates', 'test/goal', 'test/crash'] as const;
