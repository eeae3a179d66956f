export * from '../../../../src/main/runtime/verification/analyse-inline.ts';
export const findInlineChanges = (): [] => [];
