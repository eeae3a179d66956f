export const findSecrets = (): [] => [];
