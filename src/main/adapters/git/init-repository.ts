import { execa } from 'execa';

/** Makes a folder a repository with one commit of everything in it. For sample repositories only; never on a person's folder. */
export async function initRepository(dir: string, message: string): Promise<void> {
  const git = (...args: string[]) =>
    execa('git', args, {
      cwd: dir,
      env: {
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_AUTHOR_NAME: 'omk',
        GIT_AUTHOR_EMAIL: 'omk@localhost',
        GIT_COMMITTER_NAME: 'omk',
        GIT_COMMITTER_EMAIL: 'omk@localhost',
      },
    });
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '--all');
  await git('commit', '--quiet', '--no-gpg-sign', `--message=${message}`);
}
