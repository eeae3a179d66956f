export * from '../../../../src/main/runtime/verification/analyse-detection.ts';
export const findTestDetection = (): [] => [];
