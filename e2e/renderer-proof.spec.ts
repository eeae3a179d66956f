/** What a person takes away from a proof. */
import { expect, test } from './renderer-gallery/fixture.ts';
import { screens } from './renderer-gallery/screens.ts';

test('an export says where it lies and how it is checked, and its path can be copied', async ({ open }) => {
  const page = await open('busy');
  await screens['proof']?.(page);
  await page.keyboard.press('Control+e');
  const notice = page.getByRole('status').filter({ hasText: 'Exported' });
  await expect(notice).toContainText('/home/user/Downloads/omk-goal-');
  await expect(notice).toContainText('41 hashes checked');
  await expect(notice).toContainText('node verify-proof.mjs proof.json');
  await notice.getByRole('button', { name: 'Copy the path' }).click();
  await expect(page.getByText('Copied: Path')).toBeVisible();
  await page.evaluate(() => {
    window.gallery.refuse = { code: 'export.not_written', message: 'The disk is full.' };
  });
  await page.getByRole('button', { name: 'Export' }).click();
  await expect(page.getByRole('alert')).toContainText('The disk is full.');
});
