export * from '../../../../src/main/adapters/gates/check-base.ts';
export const enoughRuns = (_: unknown, runs: readonly unknown[]): boolean => runs.length > 0;
