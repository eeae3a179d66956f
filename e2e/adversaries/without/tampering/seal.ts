export * from '../../../../src/main/adapters/gates/seal.ts';
export const touched = (): [] => [];
