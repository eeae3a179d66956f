export * from '../../../../src/main/runtime/verification/analyse-secrets.ts';
export const findSecrets = (): [] => [];
export const findSecretNames = (): [] => [];
export const findSecretsInBytes = async (): Promise<[]> => [];
