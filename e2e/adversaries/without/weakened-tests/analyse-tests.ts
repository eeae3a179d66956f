export * from '../../../../src/main/runtime/verification/analyse-tests.ts';
export const findWeakenedTests = (): [] => [];
