import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Oid } from '../../src/shared/kernel/ids.ts';
import type { GoalId } from '../../src/shared/kernel/ids.ts';
import { ok } from '../../src/shared/kernel/result.ts';
import type { TreeEntry, TreeReader, Workspaces } from '../../src/main/runtime/ports.ts';

/** Bytes of a file; `null` removes it; `{ link }` makes a symbolic link. */
export type Files = Readonly<Record<string, string | Uint8Array | null | { readonly link: string }>>;

export type TestRepository = Pick<Workspaces, 'tree' | 'writeTree' | 'diff'> & {
  readonly dir: string;
  /** Applies changes to the working tree and commits everything. */
  commit(files: Files): { readonly commit: Oid; readonly tree: Oid };
  /** Back to a commit, as the start of another change. */
  checkout(commit: Oid): void;
  remove(): void;
};

/** A real repository with as much of the Workspaces port as gates use. */
export function testRepository(): TestRepository {
  const dir = mkdtempSync(join(tmpdir(), 'omk-gates-repo-'));
  const git = (args: readonly string[], input?: Uint8Array): Buffer =>
    execFileSync('git', ['-c', 'core.hooksPath=/dev/null', ...args], {
      cwd: dir,
      input,
      maxBuffer: 512 * 1024 * 1024,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        PATH: '/usr/bin:/bin',
        HOME: '/nonexistent',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_SYSTEM: '/dev/null',
        GIT_AUTHOR_NAME: 'Test',
        GIT_AUTHOR_EMAIL: 'test@example.invalid',
        GIT_COMMITTER_NAME: 'Test',
        GIT_COMMITTER_EMAIL: 'test@example.invalid',
        GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
        GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
      },
    });
  git(['init', '-q', '-b', 'main']);
  const oid = (args: readonly string[]): Oid => Oid.parse(git(args).toString().trim());
  const entries = (tree: Oid): TreeEntry[] =>
    git(['ls-tree', '-r', '-z', tree])
      .toString()
      .split('\0')
      .filter((line) => line !== '')
      .map((line) => {
        const [meta = '', path = ''] = line.split('\t');
        const [mode, , id] = meta.split(' ');
        return { path, mode: mode as TreeEntry['mode'], oid: Oid.parse(id) };
      });
  const reader = (tree: Oid): TreeReader => ({
    all: async () => entries(tree),
    list: async (folder) => entries(tree).filter((entry) => dirname(entry.path) === (folder || '.')),
    async read(path, maxBytes) {
      const entry = entries(tree).find((one) => one.path === path);
      if (entry === undefined || !entry.mode.startsWith('100')) return null;
      const bytes = git(['cat-file', 'blob', entry.oid]);
      return bytes.length > maxBytes ? null : bytes;
    },
  });
  return {
    dir,
    commit(files) {
      for (const [path, content] of Object.entries(files)) {
        const file = join(dir, path);
        rmSync(file, { recursive: true, force: true });
        if (content === null) continue;
        mkdirSync(dirname(file), { recursive: true });
        if (typeof content === 'object' && 'link' in content) symlinkSync(content.link, file);
        else writeFileSync(file, content);
        if (path.endsWith('.sh')) chmodSync(file, 0o755);
      }
      git(['add', '-A', '-f']);
      git(['commit', '-q', '--allow-empty', '-m', 'change']);
      return { commit: oid(['rev-parse', 'HEAD']), tree: oid(['rev-parse', 'HEAD^{tree}']) };
    },
    checkout(commit) {
      git(['checkout', '-q', '-f', commit]);
      git(['clean', '-q', '-fdx']);
    },
    tree: (_goal: GoalId, tree) => reader(tree),
    async writeTree({ tree, dir: target }) {
      let bytes = 0;
      for (const entry of entries(tree)) {
        const content = git(['cat-file', 'blob', entry.oid]);
        bytes += content.length;
        mkdirSync(dirname(join(target, entry.path)), { recursive: true });
        if (entry.mode === '120000') symlinkSync(content.toString(), join(target, entry.path));
        else
          writeFileSync(join(target, entry.path), content, { mode: entry.mode === '100755' ? 0o755 : 0o644 });
      }
      return ok({ files: entries(tree).length, bytes });
    },
    async diff({ from, to, paths: only }) {
      const was = new Map(entries(from).map((entry) => [entry.path, entry]));
      const is = new Map(entries(to).map((entry) => [entry.path, entry]));
      const paths = [...new Set([...was.keys(), ...is.keys()])].filter(
        (path) => was.get(path)?.oid !== is.get(path)?.oid && only?.includes(path) !== false,
      );
      return ok({
        files: paths.map((path) => ({
          path,
          change: was.has(path)
            ? is.has(path)
              ? ('modified' as const)
              : ('deleted' as const)
            : ('added' as const),
          added: null,
          removed: null,
          binary: false,
          oldBlob: was.get(path)?.oid ?? null,
          newBlob: is.get(path)?.oid ?? null,
        })),
        patch: git(['diff', '--no-ext-diff', '--no-textconv', from, to, '--', ...(only ?? [])]).toString(),
        truncated: false,
      });
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
