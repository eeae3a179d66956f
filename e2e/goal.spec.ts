/** From a folder to a proven branch, as a person does it: the same steps in the desktop window and in a browser. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { desks, openDesk } from './desk.ts';
import type { Desk } from './desk.ts';
import { makeProject, sampleGoal } from './sample-project.ts';
import type { Project } from './sample-project.ts';

for (const kind of desks) {
  test.describe(`a goal in the ${kind}`, () => {
    let desk: Desk;
    let project: Project;
    // oxlint-disable-next-line no-empty-pattern -- Playwright finds the fixtures a hook wants in its first argument
    test.beforeEach(async ({}, info) => {
      project = makeProject();
      desk = await openDesk(kind, info);
    });
    test.afterEach(async () => {
      await desk?.close();
      project?.remove();
    });

    test('is dropped in, answered, reviewed, accepted and landed', async () => {
      test.setTimeout(180_000);
      const { page } = desk;
      const head = project.git('rev-parse', 'HEAD');
      await expectAccessible(page, 'the first screen');

      await desk.giveRepository(project.path);
      const text = page.getByLabel('What should be true when it is done?');
      await expect(text).toBeVisible();
      await expect(page.getByText('node --test').first()).toBeVisible();
      await page.getByRole('radio', { name: /demonstration/i }).check();
      await expectAccessible(page, 'New goal');
      await text.fill(`${sampleGoal} [ask]`);
      await page.getByRole('button', { name: /^Trust/ }).click();

      const plan = page.getByRole('article', { name: 'Start with this plan?' });
      await expect(plan).toBeVisible({ timeout: 60_000 });
      await expectAccessible(page, 'a goal with a question');
      await plan.getByRole('button', { name: 'Answer' }).click();
      await expect(plan).toBeHidden();

      const question = page.getByRole('article', { name: /asks|question/i });
      await expect(question).toContainText('Should amounts keep their thousands separators?', {
        timeout: 60_000,
      });
      await question.getByRole('radio').first().check();
      await question.getByRole('button', { name: 'Answer' }).click();

      await page.getByRole('button', { name: 'Read the proof' }).click({ timeout: 90_000 });
      await expect(page.getByRole('button', { name: /^Accept/ })).toBeVisible();
      await expectAccessible(page, 'Proof');
      for (const tab of ['Changes', 'Tasks', 'Gates', 'Budget', 'Timeline']) {
        await page.getByRole('tab', { name: new RegExp(`^${tab}`) }).click();
        if (tab === 'Changes') await expect(page.getByText('padStart').first()).toBeVisible();
        await expectAccessible(page, tab);
      }
      await page.getByRole('tab', { name: /^Proof/ }).click();
      await page.getByRole('button', { name: 'Export' }).click();
      await expect(page.getByRole('status').filter({ hasText: desk.downloads })).toBeVisible();
      const [exported = ''] = readdirSync(desk.downloads);
      expect(verifiedAlone(join(desk.downloads, exported))).toMatch(/^Unchanged since omk wrote it/);
      await page.getByRole('button', { name: /^Accept/ }).click();
      await expect(page.getByText('Ready', { exact: true }).first()).toBeVisible({ timeout: 30_000 });

      const branches = project.git('for-each-ref', '--format=%(refname)', 'refs/heads/goal').split('\n');
      expect(branches).toEqual([expect.stringMatching(/^refs\/heads\/goal\/goal-[\w-]+\/result$/)]);
      expect(project.git('diff', '--name-only', 'main', branches[0] ?? '')).toBe('src/money.js');
      expect(project.git('rev-parse', 'HEAD')).toBe(head);
      expect(project.git('status', '--porcelain')).toBe('');
      expect(desk.problems).toEqual([]);
    });
  });
}

/** What the program beside an exported proof says, without omk. */
function verifiedAlone(dir: string): string {
  return execFileSync(process.execPath, ['verify-proof.mjs', 'proof.json'], { cwd: dir, encoding: 'utf8' });
}
