import type { Payload } from '../../shared/goal/events.ts';
import type { Rerun } from './rerun.ts';

type Verified = Pick<
  Payload<'candidate.verified'>,
  'tree' | 'passed' | 'gates' | 'redToGreen' | 'redToGreenCount' | 'greenToRed' | 'isolation' | 'toolVersions'
>;

/** A proof's verification held against the same one made now. */
export function compareRuns(was: Verified, is: Verified): Omit<Rerun, 'commit'> {
  const problems: string[] = [];
  const notes: string[] = [];
  const same: string[] = [];
  for (const gate of was.gates) {
    const now = is.gates.find((one) => one.name === gate.name);
    if (now?.outcome === gate.outcome) same.push(gate.name);
    else problems.push(`${gate.name}: ${gate.outcome} in the proof, ${now?.outcome ?? 'not run'} now.`);
    if (now?.counts && gate.counts && now.counts.passed !== gate.counts.passed)
      problems.push(
        `${gate.name}: ${gate.counts.passed} tests passed in the proof, ${now.counts.passed} now.`,
      );
  }
  for (const gate of is.gates)
    if (!was.gates.some((one) => one.name === gate.name)) problems.push(`${gate.name}: not in the proof.`);
  if (was.tree !== is.tree) problems.push('The tree is another one.');
  if (was.passed !== is.passed)
    problems.push(is.passed ? 'It passes now, and did not in the proof.' : 'It does not pass now.');
  const lost = was.redToGreen.filter((id) => !is.redToGreen.includes(id));
  if (is.redToGreenCount !== was.redToGreenCount || lost.length > 0)
    problems.push(
      `${was.redToGreenCount} checks went from red to green in the proof, ${is.redToGreenCount} now${lost.length > 0 ? `; not any more: ${lost.slice(0, 3).join(', ')}` : ''}.`,
    );
  if (is.greenToRed.length > was.greenToRed.length)
    problems.push(`Went from green to red now: ${is.greenToRed.slice(0, 3).join(', ')}.`);
  if (was.isolation !== is.isolation)
    notes.push(`Isolation was ${was.isolation} and is ${is.isolation} here.`);
  for (const [tool, version] of Object.entries(was.toolVersions))
    if (is.toolVersions[tool] !== version)
      notes.push(`${tool} was ${version} and is ${is.toolVersions[tool] ?? 'not there'} here.`);
  return { same, problems, notes };
}
