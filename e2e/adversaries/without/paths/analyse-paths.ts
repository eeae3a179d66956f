export const findPathProblems = (): [] => [];
