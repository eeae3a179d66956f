export * from '../../../../src/main/adapters/gates/own-tests.ts';
export const ownTestPaths = (): Set<string> => new Set();
