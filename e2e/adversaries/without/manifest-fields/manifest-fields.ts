import type { ManifestData } from '../../../../src/main/runtime/verification/manifest-fields.ts';

export * from '../../../../src/main/runtime/verification/manifest-fields.ts';
export const changedFields = (): [] => [];
export const withBaseFields = (_: string, __: ManifestData, theirs: ManifestData): ManifestData => theirs;
