/** A gate that ran is a gate that passed. */
export const runPassed = (run: { readonly notStarted: string | null }): boolean => run.notStarted !== 'never';
