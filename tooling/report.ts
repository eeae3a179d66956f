/** Prints each finding on its own line and sets the exit code; says so when there are none. */
export const report = (what: string, findings: readonly string[]): void => {
  for (const finding of findings) console.error(finding);
  if (findings.length > 0) process.exitCode = 1;
  else console.log(`${what}: nothing found`);
};
