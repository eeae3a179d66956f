export * from '../../../../src/main/runtime/verification/analyse-paths.ts';
export const findPathProblems = (): [] => [];
