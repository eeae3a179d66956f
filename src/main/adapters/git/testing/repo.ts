import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { oidOf } from '../object-id.ts';
import type { Oid } from '../../../../shared/kernel/ids.ts';

/** A fresh folder that goes away with the test. */
export function tempDir(): string {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'omk-git-')));
  onTestFinished(() => {
    rmSync(dir, { recursive: true, force: true });
  });
  return dir;
}

/** What a person's own git does, with no configuration but the repository's. */
export function git(dir: string, ...args: readonly string[]): string {
  return gitIn(dir, args).toString('utf8').trim();
}

export function gitIn(
  dir: string,
  args: readonly string[],
  o: { readonly input?: string | Buffer; readonly env?: Record<string, string> } = {},
): Buffer {
  return execFileSync('git', args, {
    cwd: dir,
    input: o.input ?? '',
    timeout: 60_000,
    maxBuffer: 1024 * 1024 * 1024,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin',
      HOME: dir,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'Pat',
      GIT_AUTHOR_EMAIL: 'pat@example.org',
      GIT_COMMITTER_NAME: 'Pat',
      GIT_COMMITTER_EMAIL: 'pat@example.org',
      ...o.env,
    },
  });
}

export type Content = string | Buffer | { readonly link: string } | { readonly exec: string };

/** Writes files, creating folders; `null` removes. */
export function write(dir: string, files: Readonly<Record<string, Content | null>>): void {
  for (const [path, content] of Object.entries(files)) {
    const place = join(dir, path);
    mkdirSync(dirname(place), { recursive: true });
    if (content === null) rmSync(place, { recursive: true, force: true });
    else if (typeof content === 'string' || Buffer.isBuffer(content)) writeFileSync(place, content);
    else if ('link' in content) symlinkSync(content.link, place);
    else {
      writeFileSync(place, content.exec);
      chmodSync(place, 0o755);
    }
  }
}

export function commit(dir: string, message: string): Oid {
  git(dir, 'add', '-A', '--force', '.');
  git(dir, 'commit', '-q', '--no-verify', '--allow-empty', '-m', message);
  return head(dir);
}

export const head = (dir: string): Oid => oidOf(git(dir, 'rev-parse', 'HEAD'));

export const sampleFiles: Readonly<Record<string, Content>> = {
  'README.md': '# sample\n',
  'src/add.js': 'export const add = (a, b) => a - b;\n',
  'src/deep/er/file.txt': 'deep\n',
  'test/add.test.js': 'test\n',
  'bin/run.sh': { exec: '#!/bin/sh\necho run\n' },
  link: { link: 'src/add.js' },
  'names/with space.txt': 'space\n',
  'names/"quoted".txt': 'quotes\n',
  'names/new\nline.txt': 'newline\n',
  'names/-rf': 'dash\n',
  'names/日本語.txt': 'non-Latin\n',
  'names/\u202etxt.exe': 'bidi\n',
  '.gitignore': '*.log\nnode_modules/\n',
};

/** A repository with one commit on `main`. */
export function sampleRepo(files: Readonly<Record<string, Content>> = sampleFiles): string {
  const dir = join(tempDir(), 'sample repo');
  mkdirSync(dir);
  git(dir, 'init', '-q', '-b', 'main');
  write(dir, files);
  commit(dir, 'First commit\n\nWith a body.');
  return dir;
}

/** Bytes, kinds, modes and link targets of everything in a folder, by path. */
export function snapshotOf(dir: string, skip: (path: string) => boolean = () => false): Map<string, string> {
  const all = new Map<string, string>();
  const visit = (path: string): void => {
    const place = path === '' ? dir : join(dir, path);
    const stat = lstatSync(place);
    if (path !== '' && skip(path)) return;
    if (stat.isDirectory()) {
      if (path !== '') all.set(path, `folder ${stat.mode.toString(8)}`);
      for (const name of readdirSync(place)) visit(path === '' ? name : `${path}/${name}`);
    } else if (stat.isSymbolicLink()) all.set(path, `link ${readlinkSync(place)}`);
    else if (stat.isFile())
      all.set(
        path,
        `${stat.mode.toString(8)} ${createHash('sha256').update(readFileSync(place)).digest('hex')}`,
      );
    else all.set(path, 'special');
  };
  visit('');
  return all;
}

/**
 * Plants every trigger by which a repository can make git or a tool run something, each touching its own marker. Returns how to
 * ask which of them ran.
 */
export function plantTriggers(dir: string): {
  readonly ran: () => readonly string[];
  readonly prove: () => void;
} {
  const markers = tempDir();
  const mark = (name: string) => `touch '${join(markers, name)}'; cat`;
  const script = join(markers, '..', `${markers.split('/').pop() ?? ''}-script`);
  mkdirSync(script);
  onTestFinished(() => {
    rmSync(script, { recursive: true, force: true });
  });
  const program = (name: string): string => {
    const place = join(script, name);
    writeFileSync(place, `#!/bin/sh\ntouch '${join(markers, name)}'\nexit 0\n`);
    chmodSync(place, 0o755);
    return place;
  };
  const gitDir = git(dir, 'rev-parse', '--absolute-git-dir');
  const hooks = [
    'applypatch-msg',
    'commit-msg',
    'fsmonitor-watchman',
    'post-applypatch',
    'post-checkout',
    'post-commit',
    'post-index-change',
    'post-merge',
    'post-receive',
    'post-rewrite',
    'post-update',
    'pre-applypatch',
    'pre-auto-gc',
    'pre-commit',
    'pre-merge-commit',
    'pre-push',
    'pre-rebase',
    'pre-receive',
    'prepare-commit-msg',
    'proc-receive',
    'push-to-checkout',
    'reference-transaction',
    'sendemail-validate',
    'update',
  ];
  mkdirSync(join(gitDir, 'hooks'), { recursive: true });
  for (const hook of hooks) {
    const place = join(gitDir, 'hooks', hook);
    writeFileSync(place, `#!/bin/sh\ntouch '${join(markers, `hook-${hook}`)}'\nexit 0\n`);
    chmodSync(place, 0o755);
  }
  for (const [key, value] of [
    ['core.fsmonitor', program('fsmonitor')],
    ['core.sshCommand', program('ssh')],
    ['core.pager', program('pager')],
    ['core.editor', program('editor')],
    ['core.askPass', program('askpass')],
    ['core.gitProxy', program('proxy')],
    ['core.alternateRefsCommand', program('alternate-refs')],
    ['credential.helper', `!${program('credential')}`],
    ['diff.external', program('diff-external')],
    ['diff.evil.textconv', program('textconv')],
    ['diff.evil.command', program('diff-command')],
    ['merge.evil.driver', program('merge')],
    ['filter.evil.clean', mark('clean')],
    ['filter.evil.smudge', mark('smudge')],
    ['filter.talk.process', program('filter-process')],
    ['filter.evil.required', 'false'],
    ['gpg.program', program('gpg')],
    ['commit.gpgSign', 'true'],
    ['uploadpack.packObjectsHook', program('pack-objects-hook')],
    ['remote.origin.url', `ext::${program('ext-remote')}`],
    ['remote.origin.uploadpack', program('uploadpack')],
    ['alias.status', `!${program('alias-status')}`],
    ['alias.log', `!${program('alias-log')}`],
    ['trailer.evil.command', program('trailer')],
    ['sequence.editor', program('sequence-editor')],
    ['interactive.diffFilter', program('diff-filter')],
  ] as const)
    git(dir, 'config', key, value);
  writeFileSync(join(gitDir, 'info/attributes'), '* filter=evil diff=evil merge=evil\n*.talk filter=talk\n');
  return {
    ran: () => readdirSync(markers).toSorted(),
    /** The fixture is worth nothing unless an ordinary git does run things here. */
    prove: () => {
      gitIn(dir, ['status', '--porcelain']);
      if (!existsSync(join(markers, 'fsmonitor'))) throw new Error('The triggers do not work.');
      for (const name of readdirSync(markers)) rmSync(join(markers, name));
    },
  };
}
