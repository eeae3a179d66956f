export const findWeakenedTests = (): [] => [];
