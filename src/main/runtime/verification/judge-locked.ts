import type { Finding } from '../../../shared/goal/vocabulary.ts';
import { isBuildDefinition } from './judge-paths.ts';
import type { LockedChange } from './oracle-plan.ts';
import type { FieldChange } from './manifest-fields.ts';

/** What changing a locked file means (decisions §1, truth §6 B5–B11). */
export type LockedJudgement = {
  readonly findings: readonly Finding[];
  /** Changes that alter the oracle and that only a person may approve; paths, sorted. */
  readonly needApproval: readonly string[];
};

export type LockedTexts = ReadonlyMap<string, { readonly before: string; readonly after: string }>;

/** `fields` are changed locked fields of manifests, by path of the manifest. */
export function judgeLocked(
  changed: readonly LockedChange[],
  fields: ReadonlyMap<string, readonly FieldChange[]>,
  texts: LockedTexts,
): LockedJudgement {
  const findings: Finding[] = [];
  const needApproval = new Set<string>();
  for (const change of changed) {
    const free = change.change === 'added' && isFree(change.kind);
    if (!free && change.kind !== 'shadow') needApproval.add(change.path);
    const verdict = judge(change, texts.get(change.path));
    if (verdict !== null) findings.push({ ...verdict, file: change.path.slice(0, 1_000), line: null });
  }
  for (const [path, list] of fields) {
    for (const { field, breach } of list) {
      needApproval.add(path);
      findings.push({
        rule: field.startsWith('scripts.') ? 'oracle.script' : 'oracle.manifest',
        severity: breach ? 'blocker' : 'warning',
        effect: breach ? 'breach' : 'none',
        file: path.slice(0, 1_000),
        line: null,
        message: `"${field}" decides what gates do and was changed; verification used its value at base.`,
      });
    }
  }
  return { findings, needApproval: [...needApproval].toSorted() };
}

/** Adding these is work, not a change of what was agreed: they take no part in the deciding run. */
function isFree(kind: LockedChange['kind']): boolean {
  return kind === 'test' || kind === 'golden' || kind === 'support';
}

type Verdict = Pick<Finding, 'rule' | 'severity' | 'effect' | 'message'>;

const breach = (rule: string, message: string): Verdict => ({
  rule,
  severity: 'blocker',
  effect: 'breach',
  message,
});
const asks = (rule: string, message: string): Verdict => ({
  rule,
  severity: 'warning',
  effect: 'none',
  message,
});

function judge(
  { path, kind, change }: LockedChange,
  text: { readonly before: string; readonly after: string } | undefined,
): Verdict | null {
  if (change === 'type')
    return breach('oracle.type', 'A file of the oracle was replaced by a link or a folder.');
  switch (kind) {
    case 'shadow':
      return breach(
        'oracle.shadow',
        'A file with this name would be loaded instead of a test runner or a dependency.',
      );
    case 'support':
      return {
        rule: 'oracle.support',
        severity: 'note',
        effect: 'none',
        message: 'Left out of the deciding run.',
      };
    case 'checker':
      if (change === 'added')
        return asks('oracle.checker', 'New configuration of a checker; it took no part in verification.');
      if (
        change === 'modified' &&
        text !== undefined &&
        /(?:^|\/)[tj]sconfig[^/]*\.json$/i.test(path) &&
        !loosens(STRICTNESS, text)
      )
        return asks(
          'oracle.checker',
          'The type checker would look at other files or paths; verification used base.',
        );
      return breach(
        'oracle.checker',
        'Configuration of a linter, type checker or coverage was changed or deleted.',
      );
    case 'package-manager':
      if (
        /(?:^|\/)(?:\.python-version|\.node-version|\.nvmrc|\.ruby-version|\.tool-versions|rust-toolchain(?:\.toml)?)$/i.test(
          path,
        )
      )
        return asks(
          'oracle.tool_version',
          'Another version of a tool is asked for; verification used the one of base.',
        );
      return breach(
        'oracle.package_manager',
        'Settings that a package manager obeys before any test runs were changed.',
      );
    case 'runner':
      if (change === 'deleted') return breach('oracle.runner', 'Configuration of a test runner was deleted.');
      // What is built is as much product as oracle, so only a person can say what such a change means.
      if (isBuildDefinition(path))
        return asks('oracle.build', 'What is built, or how, was changed; verification used base.');
      if (change === 'modified' && text !== undefined && loosens(THRESHOLDS, text))
        return breach('oracle.threshold', 'Thresholds, or which tests and files count, were changed.');
      return asks('oracle.runner', 'Configuration of a test runner was changed; verification used base.');
    case 'golden':
      return change === 'added'
        ? null
        : asks('oracle.golden', 'Recorded expectations were changed; verification used base.');
    case 'gates':
      return asks('oracle.gates', 'Gate configuration was changed; verification used base.');
    case 'ci':
      return asks('oracle.ci', 'A CI workflow was changed.');
    case 'lockfile':
      return lockfile(text);
    case 'test':
      return null;
  }
}

/** Always a question, with what would be installed (decisions X11). */
function lockfile(text: { readonly before: string; readonly after: string } | undefined): Verdict {
  const fresh = text === undefined ? [] : newPackages(text.before, text.after);
  const what =
    fresh.length > 0 ? ` New: ${fresh.slice(0, 8).join(', ')}${fresh.length > 8 ? ' …' : ''}.` : '';
  return {
    rule: 'oracle.lockfile',
    severity: 'blocker',
    effect: 'question',
    message: `Pinned dependencies were changed; verification used those of base.${what}`.slice(0, 1_000),
  };
}

function newPackages(before: string, after: string): string[] {
  const packages = (text: string): Record<string, unknown> => {
    try {
      const value = (JSON.parse(text) as { packages?: unknown }).packages;
      return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
    } catch {
      return {}; // another kind of lockfile: only said to be different
    }
  };
  const was = packages(before);
  return Object.entries(packages(after))
    .filter(([path]) => path.startsWith('node_modules/') && !Object.hasOwn(was, path))
    .map(([path, one]) => {
      const scripts = one !== null && typeof one === 'object' && 'hasInstallScript' in one;
      return `${path.slice('node_modules/'.length)}${scripts ? ' (runs a script when installed)' : ''}`;
    });
}

const STRICTNESS =
  /"(?:strict\w*|no[A-Z]\w*|exact\w*|allowUn\w+|skip\w*LibCheck|checkJs|allowJs|useUnknown\w*|exclude|verbatim\w*|isolated\w*|forceConsistent\w*)"/;
const THRESHOLDS =
  /threshold|fail[_-]?under|check-coverage|exclude|ignore|passWithNoTests|allowOnly|bail|testMatch|testRegex|testNamePattern|testpaths|python_(?:files|functions|classes)|addopts|deselect|retry|retries|dangerouslyIgnore|\binclude\b|setupFiles|globalSetup|\balias\b|moduleNameMapper|environment|reporters?\b|pool\b|--(?:tag|pattern|dry-run|only-failures)\b|<(?:testsuites?|directory|file|groups?|extensions?)\b|bootstrap/i;

/** Do lines that match the pattern differ between the two texts, white space and order aside? */
function loosens(pattern: RegExp, text: { readonly before: string; readonly after: string }): boolean {
  const lines = (source: string): string =>
    source
      .split('\n')
      .map((line) => line.trim().replace(/,$/, ''))
      .filter((line) => pattern.test(line))
      .toSorted()
      .join('\n');
  return lines(text.before) !== lines(text.after);
}
