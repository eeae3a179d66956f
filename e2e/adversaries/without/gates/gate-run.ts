export * from '../../../../src/main/runtime/verification/gate-run.ts';
/** A gate that ran is a gate that passed. */
export const runPassed = (run: { readonly notStarted: string | null }): boolean => run.notStarted !== 'never';
