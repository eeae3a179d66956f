/**
 * Who may import whom. A rule's comment says what it protects; ARCHITECTURE.md draws the same picture.
 * Types count as imports, except for cycles of types alone, which vanish when the code runs.
 */

const TEST = String.raw`\.(test|spec|features)\.tsx?$|^src/main/runtime/testing/`;
const NPM = (...names) => `node_modules/(${names.join('|')})(/|$)`;
const CHILD_PROCESS = '^(node:)?child_process$';

/** A library and the only folders that may import it. Tests may import what they like. */
const libraryIn = (library, folders) => ({
  name: `only-here-${library.replaceAll('/', '-').replace('@', '')}`,
  comment: `${library} is an implementation detail of ${folders.join(', ')}.`,
  severity: 'error',
  from: { path: '^src/', pathNot: [TEST, ...folders.map((folder) => `^${folder}/`)] },
  to: { path: NPM(library) },
});

export default {
  forbidden: [
    {
      name: 'shared-is-leaf',
      comment: 'src/shared runs anywhere: it imports zod and itself.',
      severity: 'error',
      from: { path: '^src/shared/', pathNot: TEST },
      to: { pathNot: ['^src/shared/', NPM('zod')] },
    },
    {
      name: 'runtime-is-pure',
      comment: 'Decisions take everything as arguments: no Node, no library with effects, no adapter.',
      severity: 'error',
      from: { path: '^src/main/runtime/', pathNot: TEST },
      to: { pathNot: ['^src/shared/', '^src/main/runtime/', NPM('zod')] },
    },
    {
      name: 'adapters-only-know-ports',
      comment: 'An adapter implements a port. It may use the process adapter, and no other.',
      severity: 'error',
      from: { path: '^src/main/adapters/([^/]+)/', pathNot: TEST },
      to: {
        path: '^src/',
        pathNot: [
          '^src/shared/',
          String.raw`^src/main/runtime/(ports|agent-backend)\.ts$`,
          // Pure comparison and analysis, which only the gate adapter has the bytes for.
          '^src/main/runtime/verification/',
          '^src/main/adapters/$1/',
          '^src/main/adapters/process/',
        ],
      },
    },
    {
      name: 'small-adapters-only-know-ports',
      comment: 'The same for adapters of one file (clock, ids, log).',
      severity: 'error',
      from: { path: String.raw`^src/main/adapters/[^/]+\.ts$`, pathNot: TEST },
      to: { path: '^src/', pathNot: ['^src/shared/', String.raw`^src/main/runtime/ports\.ts$`] },
    },
    {
      name: 'nothing-below-knows-the-shell',
      comment: 'The runtime and the host do not know that there is a desktop.',
      severity: 'error',
      from: { path: '^src/main/(runtime|adapters|host|cli|demo-agent)/' },
      to: { path: '^src/(main/shell|preload|renderer)/' },
    },
    {
      name: 'shell-knows-only-host',
      comment: 'The desktop shell is a client of the host, like any other.',
      severity: 'error',
      from: { path: '^src/main/shell/', pathNot: TEST },
      to: { path: '^src/', pathNot: ['^src/shared/', '^src/main/shell/', '^src/main/host/'] },
    },
    {
      name: 'preload-is-a-wire',
      comment: 'A sandboxed preload holds electron and constants; everything else would be bundled into it.',
      severity: 'error',
      from: { path: '^src/preload/', pathNot: TEST },
      to: { pathNot: ['^src/preload/', '^src/shared/', NPM('electron')] },
    },
    {
      name: 'renderer-sees-only-shared',
      comment: 'The page reaches the host through the contract in src/shared/api and nothing else.',
      severity: 'error',
      from: { path: '^src/renderer/', pathNot: TEST },
      to: { path: '^src/(main|preload)/' },
    },
    {
      name: 'renderer-has-no-node',
      comment: 'There is no Node in the page.',
      severity: 'error',
      from: { path: '^src/renderer/', pathNot: TEST },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'features-are-islands',
      comment: 'Shared parts move down to ui/ or stores/, so that a screen can be deleted.',
      severity: 'error',
      from: { path: '^src/renderer/features/([^/]+)/' },
      to: { path: '^src/renderer/features/', pathNot: '^src/renderer/features/$1/' },
    },
    {
      name: 'electron-only-in-shell',
      comment: 'The host runs under plain Node; that is what makes it cheap to kill and to test.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main/shell|preload)/' },
      to: { path: [NPM('electron'), '^electron(/|$)'] },
    },
    {
      name: 'children-only-from-process',
      comment:
        'Every child of omk is started, limited and ended in one place. The demonstration agent is such a child itself: what it starts ends with it, like the children of any agent.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [TEST, '/testing/', '^src/main/adapters/process/', '^src/main/demo-agent/'],
      },
      to: { path: CHILD_PROCESS },
    },
    {
      name: 'product-has-no-tests',
      comment: 'What ships does not import what tests it.',
      severity: 'error',
      from: { path: '^src/', pathNot: [TEST, '/testing/'] },
      to: { path: ['^(test|e2e|tooling)/', TEST, NPM('vitest', 'fast-check', '@playwright')] },
    },
    libraryIn('better-sqlite3', ['src/main/adapters/sqlite']),
    libraryIn('execa', ['src/main/adapters/process', 'src/main/adapters/git']),
    libraryIn('isomorphic-git', ['src/main/adapters/git']),
    libraryIn('@agentclientprotocol/sdk', ['src/main/adapters/agents']),
    libraryIn('ws', ['src/main/host']),
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or three.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import that leads nowhere would slip past every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: String.raw`\?(worker|url|raw|inline)$` },
    },
  ],
  options: {
    // TypeScript 7 has no JavaScript API yet.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|dist|test/fixtures|e2e/fixtures)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.d.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
