/** Folders that hold nothing but what judges. */
const JUDGES = /^(?:checks?|verif(?:y|ier|ication)|ci|qa|acceptance|conformance|harness|e2e|tests?|specs?)$/i;
/** Folders of helpers of whoever works on the product. */
const TOOLS =
  /^(?:tools?|tooling|scripts?|hack|dev|build-?(?:tools?|scripts?)?|contrib|support|utils?|misc|\.ci|etc)$/i;
const PRODUCT = /^(?:src|lib|libs|bin|app|apps|cmd|internal|pkg|server|client|dist|public)$/i;
/** Names that say that a file judges. */
const JUDGE_NAME =
  /(?:^|[._-])(?:run-?)?(?:cases?|checks?|checker|tests?|verif\w*|asserts?|assertions?|expect\w*|specs?|suites?|lint|validat\w*|harness|accept\w*|smoke|qa)(?=[._-]|$)/i;

/**
 * May a file that a judging script runs, or reads in, be part of the judge? The product is run by such scripts too: its output is
 * looked at, it is given arguments, and it lies where products lie.
 */
export function mayJudge(
  path: string,
  by: { readonly folder: string; readonly captured: boolean; readonly args: boolean },
): boolean {
  const folders = path.split('/').slice(0, -1);
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (folders.some((folder) => JUDGES.test(folder)) || JUDGE_NAME.test(name)) return true;
  if (by.captured || folders.length === 0 || folders.some((folder) => PRODUCT.test(folder))) return false;
  return folders.some((folder) => TOOLS.test(folder)) || folders.join('/') === by.folder || !by.args;
}

/** May a file that a judging program imports from its own folder or below be part of it? */
export function mayHelp(path: string, folder: string): boolean {
  if (folder === '' || !path.startsWith(`${folder}/`)) return false;
  const folders = path.split('/').slice(0, -1);
  if (folders.some((one) => JUDGES.test(one))) return true;
  if (folders.some((one) => PRODUCT.test(one))) return false;
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (
    JUDGE_NAME.test(name) ||
    /(?:^|[._-])(?:helpers?|fixtures?|utils?|common|shared|lib)(?=[._-]|$)/i.test(name)
  );
}

/** What defines the build, by the programs that obey it. */
const DEFINITIONS: readonly (readonly [RegExp, RegExp])[] = [
  [
    /^(?:cmake|ctest|ninja)$/,
    /(?:^|\/)(?:CMakeLists\.txt|CMake(?:User)?Presets\.json|[^/]+\.cmake|build\.ninja)$/,
  ],
  [/^(?:meson|ninja)$/, /(?:^|\/)meson(?:\.build|_options\.txt|\.options)$/],
  [/^(?:rake|bundle|rspec|rails|ruby)$/, /(?:^|\/)(?:Rakefile|Gemfile|[^/]+\.(?:rake|gemspec))$/i],
  [/^(?:composer|phpunit|pest|php)$/, /(?:^|\/)composer\.json$/],
  [/^mvnw?$/, /(?:^|\/)(?:pom\.xml|mvnw|\.mvn\/.*)$/],
  [/^gradlew?$/, /(?:^|\/)(?:[^/]+\.gradle(?:\.kts)?|gradle\.properties|gradlew|gradle\/.*|buildSrc\/.*)$/],
  [/^(?:mix|elixir)$/, /(?:^|\/)(?:mix\.exs|config\/(?:config|test|runtime)\.exs)$/],
  [/^deno$/, /(?:^|\/)(?:deno\.jsonc?|import_map\.json)$/],
  [/^(?:pip[\d.]*|tox|nox|uv|hatch|pdm|poetry)$/, /(?:^|\/)setup\.py$/],
  [/^sbt$/, /(?:^|\/)(?:build\.sbt|project\/[^/]+\.(?:sbt|scala|properties))$/],
  [/^dotnet$/, /(?:^|\/)(?:[^/]+\.(?:csproj|fsproj|vbproj|sln|props|targets|runsettings)|global\.json)$/],
  [/^swift$/, /(?:^|\/)Package\.swift$/],
  [/^bazel(?:isk)?$/, /(?:^|\/)(?:BUILD(?:\.bazel)?|WORKSPACE(?:\.bazel)?|MODULE\.bazel|[^/]+\.bzl)$/],
  [/^lein$/, /(?:^|\/)project\.clj$/],
  [/^g?make$/, /(?:^|\/)(?:Makefile[._-][\w.-]+|[^/]+\.(?:mak|make))$/i],
];

/** Build definitions of a tree that these programs obey. */
export function definitionsFor(programs: ReadonlySet<string>, paths: readonly string[]): string[] {
  const patterns = DEFINITIONS.filter(([program]) => [...programs].some((name) => program.test(name)));
  return paths.filter((path) => patterns.some(([, pattern]) => pattern.test(path)));
}

export const isBuildDefinition = (path: string): boolean =>
  DEFINITIONS.some(([, pattern]) => pattern.test(path));
