export * from '../../../../src/main/adapters/gates/overlay.ts';
export const changedLocked = async (): Promise<[]> => [];
