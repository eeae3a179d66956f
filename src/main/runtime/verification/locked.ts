import { isBuildDefinition } from './judge-paths.ts';

/**
 * Which files belong to the oracle (truth §2, decisions H9, X5, X6, X17). Verification runs with the copies from base,
 * whatever an agent did to them. What a change of one means is decided by its class.
 */
export type LockClass =
  /** Test code and everything in folders of tests. */
  | 'test'
  /** Goldens, snapshots, recorded data that tests compare with. */
  | 'golden'
  /** Configuration that decides which tests run and how. */
  | 'runner'
  /** Linters, type checkers, formatters, coverage: what counts as clean. */
  | 'checker'
  | 'gates'
  | 'ci'
  /** Pins dependencies: a change needs a fresh setup, which only a person may approve. */
  | 'lockfile'
  /** Settings that a package manager or tool version manager obeys before any test runs. */
  | 'package-manager';

const CODE = String.raw`\.(?:[cm]?[jt]sx?|py|rb|rs|go|php|java|kt|kts|scala|cs|swift|ex|exs|clj|lua|sh|c|cc|cpp|cxx|h|hh|hpp|hxx|mm?)`;

/** A rule about the last part of a path, which is far quicker to ask than one about the whole. */
const named = (pattern: string): { readonly name: RegExp } => ({ name: new RegExp(`^(?:${pattern})$`, 'i') });

/** First match wins. Paths are relative to the tree, POSIX. */
const rules: readonly (readonly [LockClass, RegExp | { readonly name: RegExp }])[] = [
  ['gates', /^\.omk\//i],
  [
    'ci',
    /^\.(?:github\/(?:workflows|actions)|gitlab\/ci|circleci|buildkite|(?:forgejo|gitea)\/workflows|woodpecker|drone|teamcity|semaphore|azure-pipelines|pipelines|tekton|harness|gocd|concourse|builds|cirrus|jenkins|bitrise|codemagic|xcode-cloud)\//i,
  ],
  ['ci', /^(?:ci_scripts|azure-pipelines)\//i],
  [
    'ci',
    named(
      String.raw`[^/]*\.?gitlab-ci\.ya?ml|\.travis\.ya?ml|\.drone\.(?:ya?ml|star|jsonnet)|\.woodpecker\.ya?ml|[^/]*azure-pipelines[^/]*\.ya?ml|bitbucket-pipelines\.ya?ml|\.?appveyor\.ya?ml|cloudbuild[^/]*\.(?:ya?ml|json)|[^/]*Jenkinsfile[^/]*|\.cirrus\.(?:ya?ml|star)|\.semaphore\.ya?ml|buildkite\.ya?ml|pipeline\.gocd\.ya?ml|[^/]+\.gocd\.(?:ya?ml|json)|buildspec[^/]*\.ya?ml|\.?bitrise\.ya?ml|codemagic\.ya?ml|wercker\.ya?ml|shippable\.ya?ml|\.build\.ya?ml|\.sourcehut\.ya?ml|\.codeship[^/]*|codeship-(?:services|steps)\.ya?ml|\.vsts-ci\.ya?ml|\.scrutinizer\.ya?ml|\.zuul\.ya?ml|zuul\.ya?ml|\.prow\.ya?ml|Earthfile|\.harness\.ya?ml`,
    ),
  ],
  ['package-manager', /(?:^|\/)(?:\.yarn|\.cargo|\.mise)\//i],
  [
    'package-manager',
    named(
      String.raw`\.npmrc|\.yarnrc|\.yarnrc\.ya?ml|\.pnpmfile\.c?js|bunfig\.toml|pip\.conf|pip\.ini|\.pypirc|uv\.toml|\.python-version|\.node-version|\.nvmrc|\.ruby-version|\.tool-versions|\.envrc|\.?mise\.toml|rust-toolchain(?:\.toml)?|pyvenv\.cfg`,
    ),
  ],
  [
    'lockfile',
    named(
      String.raw`package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?|deno\.lock|poetry\.lock|uv\.lock|Pipfile\.lock|pdm\.lock|requirements(?:[-_.][\w.-]+)?\.txt|constraints\.txt|Cargo\.lock|go\.sum|go\.work\.sum|Gemfile\.lock|composer\.lock`,
    ),
  ],
  // Dependencies that lie in the repository itself, as Go and PHP keep them. What else may lie in such a folder is product.
  [
    'lockfile',
    /(?:^|\/)vendor\/(?:modules\.txt$|autoload\.php$|composer\/|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}\/.)|^vendor\/.*\.php$/,
  ],
  ['golden', named(String.raw`.*\.(?:snap|snapshot|golden|approved\.\w+|ambr)`)],
  ['golden', /(?:^|\/)(?:__snapshots__|__image_snapshots__|__fixtures__|testdata)\//i],
  // Product code may live in a folder of such a name; recorded data is not code.
  ['golden', new RegExp(String.raw`(?:^|/)(?:goldens?|snapshots|cassettes)/(?!.*${CODE}$)`, 'i')],
  [
    'checker',
    named(
      String.raw`eslint\.config\.[cm]?[jt]s|\.eslintrc(?:\.\w+)?|\.eslintignore|\.?oxlintrc\.jsonc?|biome\.jsonc?|\.prettierrc(?:\.\w+)?|\.prettierignore|prettier\.config\.[cm]?[jt]s|\.stylelintrc(?:\.\w+)?|stylelint\.config\.[cm]?js|tslint\.json|[tj]sconfig(?:\.[\w.-]+)?\.json|\.?knip\.jsonc?|knip\.ts|\.dependency-cruiser\.[cm]?js(?:on)?|\.?mypy\.ini|\.?ruff\.toml|\.flake8|\.?pylintrc(?:\.toml)?|pyrightconfig\.json|\.pydocstyle|\.isort\.cfg|\.bandit|\.coveragerc|\.nycrc(?:\.\w+)?|\.c8rc(?:\.\w+)?|\.?codecov\.ya?ml|\.?clippy\.toml|\.?rustfmt\.toml|deny\.toml|\.golangci\.(?:ya?ml|toml|json)|\.rubocop\.ya?ml|phpstan\.neon(?:\.dist)?|\.pre-commit-config\.yaml|lefthook\.ya?ml`,
    ),
  ],
  [
    'runner',
    named(
      String.raw`(?:vitest|vite|jest|playwright(?:-ct)?|cypress|karma|wdio|ava|web-test-runner|babel|rspack|metro)(?:\.[\w-]+)?\.(?:config|conf|workspace|setup|projects|preset)\.(?:[cm]?[jt]s|json|mts|cts)|vitest\.(?:workspace|setup)(?:\.[\w-]+)?\.\w+|jest[.-]?setup(?:[.-]?[\w-]+)?\.[cm]?[jt]sx?|(?:test-?)?setup-?tests?\.[cm]?[jt]sx?|\.mocharc(?:\.\w+)?|\.taprc|\.babelrc(?:\.\w+)?|\.swcrc|\.?pytest\.(?:ini|toml)|tox\.(?:ini|toml)|noxfile\.py|conftest\.py|phpunit[\w.-]*\.xml(?:\.dist)?|\.rspec(?:-local)?|nextest\.toml|GNUmakefile|makefile|.*\.mk|justfile|Taskfile\.ya?ml|CTest(?:Testfile|Config|Custom)\.cmake(?:\.in)?|pnpm-workspace\.yaml|lerna\.json|nx\.json|turbo\.json|go\.work`,
    ),
  ],
  ['test', /(?:^|\/)(?:tests?|__tests__|__mocks__|test[-_](?:utils?|helpers?|support|data))\//i],
  // As Perl keeps them.
  ['test', /(?:^|\/)x?t\/(?:[^/]+\/)*[^/]+\.(?:t|pm|pl)$/],
  ['test', new RegExp(String.raw`(?:^|/)(?:specs?|e2e|cypress|benches)/.*${CODE}$`, 'i')],
  ['test', named(String.raw`[^/]+[._-](?:test|tests|spec|specs|e2e|cy|bench|test-d|unittest)${CODE}`)],
  // Names of classes, where nothing but a capital says where a word begins.
  ['test', /(?:^|\/)[^/]*[a-z\d_](?:Test|Tests|TestCase|Spec)\.(?:php|java|kts?|scala|cs|swift|groovy)$/],
  ['test', /(?:^|\/)spec\/(?:fixtures|support|factories)\//i],
  ['test', named(String.raw`test[._-][^/]*${CODE}|tests?${CODE}`)],
  ['test', named(String.raw`test[-_]?(?:utils?|helpers?|support|setup)${CODE}`)],
];

const CODE_FILE = new RegExp(`${CODE}$`, 'i');

export const isCode = (path: string): boolean => CODE_FILE.test(path);

/**
 * The class of a path, or `null` when it is product. `extra`: paths that gates call or obey, or that tests rely on; recorded data if
 * neither code nor a build definition.
 */
export function lockClass(path: string, extra: ReadonlySet<string> = new Set()): LockClass | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  for (const [kind, rule] of rules)
    if (rule instanceof RegExp ? rule.test(path) : rule.name.test(name)) return kind;
  if (!extra.has(path)) return null;
  return isBuildDefinition(path) ? 'runner' : isCode(path) ? 'test' : 'golden';
}

/** Names that a Python runner or the interpreter itself would import instead of the real thing (X6). */
const SHADOWED =
  /^(?:src\/)?(?:pytest|_pytest|pluggy|unittest|nose|coverage|json|re|os|sys|assertpy|hypothesis|doctest|importlib|inspect|traceback|typing|builtins|logging|subprocess|random|datetime|collections|functools|itertools|math|time|types|warnings|abc|io|enum|dataclasses)(?:\.py|\/.*\.pyc?)$/;

/**
 * Files that a runner or interpreter discovers by itself (X5, X6). New ones are taken out for the deciding run. `shadow`: no
 * honest change needs such a file, so it is a breach.
 */
export function supportFile(path: string): 'support' | 'shadow' | null {
  if (/(?:^|\/)node_modules\//.test(path)) return 'shadow';
  if (/(?:^|\/)(?:sitecustomize|usercustomize)\.py$/i.test(path) || /\.pth$/i.test(path)) return 'shadow';
  if (/(?:^|\/)(?:\.venv|venv|site-packages|dist-packages)\//.test(path)) return 'shadow';
  if (SHADOWED.test(path)) return 'shadow';
  // pytest loads every plugin that installed packages name, and these say that one is installed.
  if (/(?:^|\/)[^/]+\.(?:dist-info|egg-info)\/entry_points\.txt$/i.test(path)) return 'shadow';
  // Python runs a compiled file in place of its source when the header says that it need not be checked.
  if (/(?:^|\/)__pycache__\/|\.py[co]$/i.test(path)) return 'support';
  if (/(?:^|\/)conftest\.py$/.test(path) || /(?:^|\/)__mocks__\//.test(path)) return 'support';
  return null;
}

/** Manifests are product and oracle at once: locked by field, not as a file (decisions H9). */
export type ManifestKind = 'package.json' | 'pyproject.toml' | 'setup.cfg' | 'Cargo.toml' | 'go.mod';

export function manifestKind(path: string): ManifestKind | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  switch (name) {
    case 'package.json':
    case 'pyproject.toml':
    case 'setup.cfg':
    case 'Cargo.toml':
    case 'go.mod':
      return name;
    default:
      return null;
  }
}
