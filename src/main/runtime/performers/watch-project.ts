import { usesUserHome } from '../../../shared/goal/user-home.ts';
import type { PerformContext, Performer } from '../performer.ts';
import type { Fingerprint, Gates, Projects } from '../ports.ts';

type Deps = {
  readonly projects: Pick<Projects, 'fingerprint'>;
  readonly gates: Pick<Gates, 'isolation'>;
  /** Files of the person's home that decide what runs next, each with a digest. */
  readonly watchedFiles: () => Readonly<Record<string, string>>;
};

/** Parts of a repository that make git run something, or read something else than it says. */
const ruling = ['config', 'hooks', 'info'];

/**
 * A step, with the person's project looked at before and after (truth §3). What differs is recorded before the step's outcome,
 * so that nothing is concluded from the one without the other. Dying in between leaves the difference unseen.
 */
export function watchProject(deps: Deps, performer: Performer): Performer {
  return async (context) => {
    const { path } = context.goal.opened.project;
    const open = await isOpen(deps, context);
    const look = async () => ({
      project: await deps.projects.fingerprint(path),
      home: open ? deps.watchedFiles() : {},
    });
    const before = await look();
    const report = await performer(context);
    const after = await look();
    const git = differing(before.project.git, after.project.git);
    const breach = open ? git.filter((name) => ruling.includes(name)) : [];
    const what = [
      ...differing(before.home, after.home),
      ...git.filter((name) => !breach.includes(name)).map((name) => `git: ${name}`),
      ...changedFiles(before.project, after.project),
    ];
    if (what.length > 0 || breach.length > 0)
      await context.projectChanged({ what: shortened(what), breach, byOperator: !open });
    return report;
  };
}

/** Could the step itself have done it? In namespaces the project is masked or read-only, and the home too unless it was given. */
async function isOpen(deps: Deps, { goal, attempt }: PerformContext): Promise<boolean> {
  const { level } = await deps.gates.isolation(goal.opened.policy.isolation);
  if (level === 'L0' || level === 'L1') return true;
  return attempt.kind !== 'verify' && usesUserHome(goal.opened.agent);
}

function differing(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => before[name] !== after[name]).toSorted();
}

function changedFiles(before: Fingerprint, after: Fingerprint): readonly string[] {
  const paths = new Set([...before.checkout.keys(), ...after.checkout.keys()]);
  return [...paths].filter((path) => before.checkout.get(path) !== after.checkout.get(path)).toSorted();
}

const SHOWN = 19;

const shortened = (what: readonly string[]): readonly string[] =>
  what.length <= SHOWN + 1 ? what : [...what.slice(0, SHOWN), `and ${what.length - SHOWN} more`];
