export * from '../../../../src/main/runtime/verification/locked.ts';
export const supportFile = (): null => null;
