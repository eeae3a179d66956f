import type { ChangedFile, Finding } from '../../../shared/goal/vocabulary.ts';
import type { TreeEntry } from '../ports.ts';
import { lockClass } from './locked.ts';
import { protectedPath } from './protected-paths.ts';

export type PathFacts = {
  readonly base: readonly TreeEntry[];
  readonly theirs: readonly TreeEntry[];
  readonly changed: readonly Pick<ChangedFile, 'path' | 'change' | 'binary'>[];
  /** Left by the agent and in no commit. */
  readonly outside: readonly string[];
  /** Targets of links that are new or changed. */
  readonly links: ReadonlyMap<string, string>;
  /** Bytes of changed binaries; one that is missing is larger than anybody would look at. */
  readonly sizes: ReadonlyMap<string, number>;
};

const MAX_BINARY_NOTE = 20;

/** What the paths and modes of a change say by themselves (truth §3). Oracle files are judged elsewhere. */
export function findPathProblems(facts: PathFacts): Finding[] {
  const was = new Map(facts.base.map((entry) => [entry.path, entry]));
  const findings: Finding[] = [];
  for (const entry of facts.theirs) {
    const before = was.get(entry.path);
    if (before?.mode === entry.mode && before.oid === entry.oid) continue;
    if (entry.mode === '120000') findings.push(...linkFinding(entry.path, facts.links.get(entry.path)));
    if (entry.mode === '160000')
      findings.push(
        make('path.submodule', 'blocker', 'breach', entry.path, 'The change adds or moves a submodule.'),
      );
    if (
      before !== undefined &&
      before.mode !== entry.mode &&
      entry.mode !== '120000' &&
      entry.mode !== '160000'
    )
      findings.push(
        make(
          'path.mode',
          'note',
          'none',
          entry.path,
          `The mode changes from ${before.mode} to ${entry.mode}.`,
        ),
      );
    if (before !== undefined) continue;
    if (entry.path.split('/').some(isGitLike))
      findings.push(
        make('path.git_like', 'blocker', 'breach', entry.path, 'This name means .git on some systems.'),
      );
  }
  // No tree of ours may have such a name, so it is not in the result; that somebody tried is said all the same.
  for (const path of facts.outside)
    if (path.split('/').some((part) => part !== '.git' && isGitLike(part)))
      findings.push(
        make('path.git_like', 'blocker', 'breach', path, 'This name means .git on some systems.'),
      );
  findings.push(...collisions(facts, was));
  for (const file of facts.changed) {
    // The oracle is judged elsewhere.
    const asks = lockClass(file.path) === null ? protectedPath(file.path) : null;
    if (asks !== null) findings.push(make(asks.rule, 'blocker', 'question', file.path, asks.why));
  }
  const binaries = facts.changed.filter((file) => file.binary && file.change !== 'deleted');
  for (const file of binaries.slice(0, MAX_BINARY_NOTE)) {
    const size = facts.sizes.get(file.path);
    if (size === undefined)
      findings.push(
        make(
          'path.binary_large',
          'warning',
          'none',
          file.path,
          'A binary file of more than 1 MiB: nobody can read it, and it stays in the history for good.',
        ),
      );
    else
      findings.push(
        make(
          'path.binary',
          'warning',
          'none',
          file.path,
          `A binary file of ${Math.ceil(size / 1024)} kiB: nobody can read what it changes.`,
        ),
      );
  }
  if (binaries.length > MAX_BINARY_NOTE)
    findings.push(
      make('path.binary', 'note', 'none', '', `${binaries.length - MAX_BINARY_NOTE} more binary files.`),
    );
  return findings;
}

function linkFinding(path: string, target: string | undefined): Finding[] {
  if (target === undefined || leadsOut(path, target))
    return [make('path.link_outside', 'blocker', 'breach', path, 'This link leads out of the repository.')];
  return [make('path.link', 'warning', 'none', path, `A link to ${target.slice(0, 200)}.`)];
}

function leadsOut(path: string, target: string): boolean {
  if (target.startsWith('/') || target === '' || target.includes('\0') || /^[a-z]:/i.test(target))
    return true;
  let depth = path.split('/').length - 1;
  for (const part of target.split('/')) {
    if (part === '..') depth -= 1;
    else if (part !== '.' && part !== '') depth += 1;
    if (depth < 0) return true;
  }
  return /(?:^|\/)\.git(?:\/|$)/i.test(target);
}

/** Names that Windows or macOS read as `.git`: case, trailing dots and spaces, the short name, invisible characters. */
function isGitLike(part: string): boolean {
  const plain = part
    .normalize('NFKC')
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, '')
    .toLowerCase()
    .replace(/[. ]+$/, '')
    .replace(/:.*$/, '');
  return plain === '.git' || /^git~\d+$/.test(plain);
}

function collisions(facts: PathFacts, was: ReadonlyMap<string, TreeEntry>): Finding[] {
  const seen = new Map<string, string>();
  const findings: Finding[] = [];
  const folded = (path: string): string => path.normalize('NFC').toLowerCase();
  const prefixes = (path: string): string[] =>
    path.split('/').map((_, i, parts) => parts.slice(0, i + 1).join('/'));
  for (const entry of facts.theirs) {
    for (const path of prefixes(entry.path)) {
      const other = seen.get(folded(path));
      if (other === undefined) seen.set(folded(path), path);
      else if (
        other !== path &&
        !(was.has(entry.path) && [...was.keys()].some((p) => p === other || p.startsWith(`${other}/`)))
      ) {
        findings.push(
          make(
            'path.case_collision',
            'blocker',
            'breach',
            entry.path,
            `This name and ${other} are one file on some systems.`,
          ),
        );
        break;
      }
    }
  }
  return findings;
}

function make(
  rule: string,
  severity: Finding['severity'],
  effect: Finding['effect'],
  file: string,
  message: string,
): Finding {
  return { rule, severity, effect, file: file.slice(0, 1_000), line: null, message };
}
