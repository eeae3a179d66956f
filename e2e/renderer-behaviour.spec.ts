/** The page over a host in memory: what a person can do, without agents, git or a desktop. */
import { expect, test } from './renderer-gallery/fixture.ts';
import { acceptable, enter, newGoal, row, running, screens, sent, tab } from './renderer-gallery/screens.ts';

test('an answer carries the digest of the question that was read', async ({ open }) => {
  const page = await open('busy');
  const card = page.locator('.question').filter({ hasText: 'How would anybody see' });
  await card.getByLabel('In my own words').click();
  await card.getByRole('textbox').fill('bench:cold prints less than 40');
  await page.keyboard.press('Control+Enter');
  await expect.poll(() => sent(page, 'goals.answer')).toHaveLength(1);
  const [answer] = await sent(page, 'goals.answer');
  expect(answer).toMatchObject({ choice: null, text: 'bench:cold prints less than 40' });
  expect((answer as { digest: string }).digest).toMatch(/^[0-9a-f]{64}$/);
});

test('an approval is given by its number while its card has focus, and tabs keep theirs', async ({
  open,
}) => {
  const page = await open('busy');
  await enter(running(page));
  const card = page.locator('.question').filter({ hasText: 'Let kimi-code run a command?' });
  await expect(card.getByText('curl -sS https://httpbin.org/status/503')).toBeVisible();
  await page.keyboard.press('2');
  await expect(tab(page, 'Tasks')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('1');
  await card.focus();
  await page.keyboard.press('1');
  await expect.poll(() => sent(page, 'goals.answer')).toMatchObject([{ choice: 'once' }]);
});

test('a refused command says why and changes nothing', async ({ open }) => {
  const page = await open('busy');
  await enter(running(page));
  await page.evaluate(() => {
    window.gallery.refuse = { code: 'goal.concluded', message: 'The goal is over.' };
  });
  await page.keyboard.press('p');
  await expect(page.getByRole('alert')).toContainText('The goal is over.');
});

test('text and Enter start a goal that trusts exactly the commands shown', async ({ open }) => {
  const page = await open('busy');
  await newGoal(page);
  const start = page.locator('#start-goal');
  await expect(start).toBeDisabled();
  const text = page.getByLabel('What should be true');
  await expect(text).toBeFocused();
  await text.fill('make it better');
  await expect(page.getByText('How will anybody see that it is done?')).toBeVisible();
  await text.fill('Fix the flaky retry test');
  await expect(page.getByText('How will anybody see that it is done?')).toBeHidden();
  await expect(start).toHaveText(/Trust 4 commands and start/);
  await text.press('Shift+Enter');
  await text.press('Enter');
  await expect.poll(() => sent(page, 'goals.open')).toHaveLength(1);
  const [opened] = await sent(page, 'goals.open');
  expect(opened).toMatchObject({
    text: 'Fix the flaky retry test\n',
    path: '/home/user/src/courier',
    agent: { name: 'kimi-code' },
    budget: { timeMs: 7_200_000, tokens: 2_000_000, usd: null },
  });
  expect((opened as { trustedDigest: string }).trustedDigest).toMatch(/^[0-9a-f]{64}$/);
});

test('a folder that cannot be used gets its sentence and a way on', async ({ open }) => {
  const page = await open('busy');
  await page.keyboard.press('n');
  await page.getByLabel('Path of a repository').fill('/home/user/notes');
  await page.keyboard.press('Enter');
  await expect(page.getByText('/home/user/notes is not there.')).toBeVisible();
  await expect(page.getByText('Drop it again, or name another folder.')).toBeVisible();
});

test('a budget that cannot be read is said at its field and starts nothing', async ({ open }) => {
  const page = await open('busy');
  await newGoal(page);
  await page.getByLabel('What should be true').fill('Fix the flaky retry test');
  await page.getByLabel('Time', { exact: true }).fill('3 hourss');
  await expect(page.getByText('Write a time such as 90m or 2h.')).toBeVisible();
  await expect(page.locator('#start-goal')).toBeDisabled();
});

test('follow lets go when the person scrolls up, and comes back when asked', async ({ open }) => {
  const page = await open('busy');
  await enter(running(page));
  const list = page.getByRole('region', { name: 'Timeline' });
  await expect(page.getByText('Working')).toBeVisible();
  await list.hover();
  await page.mouse.wheel(0, -400);
  await expect(page.getByRole('switch', { name: 'Follow' })).not.toBeChecked();
  const before = await list.evaluate((element) => element.scrollTop);
  await page.evaluate(() => {
    const goalId = location.hash.split('/')[2] as never;
    window.gallery.signal(goalId, [
      { type: 'notice', goalId, attemptId: 'attempt-run-second' as never, text: 'new' },
    ]);
  });
  await expect(page.getByText('1 new row below')).toBeVisible();
  expect(await list.evaluate((element) => element.scrollTop)).toBe(before);
  await page.keyboard.press('End');
  await expect(page.getByRole('switch', { name: 'Follow' })).toBeChecked();
});

test('failures are reached one after the other, and the search keeps what matches', async ({ open }) => {
  const page = await open('busy');
  await enter(running(page));
  await page.keyboard.press('f');
  await expect(page.locator('.entry[data-current]')).toContainText('Typecheck failed');
  await page.keyboard.press('f');
  await expect(page.locator('.entry[data-current]')).toContainText('Unit tests failed');
  await page.keyboard.press('Shift+F');
  await expect(page.locator('.entry[data-current]')).toContainText('Typecheck failed');
  await page.keyboard.press('Control+f');
  await page.getByLabel('Search the timeline').fill('pinned base');
  await expect(page.locator('.entry')).toHaveCount(1);
});

test('going back in time shows the goal as it was and lets nothing be done there', async ({ open }) => {
  const page = await open('busy');
  await enter(acceptable(page));
  await tab(page, 'Proof').click();
  await expect(page.getByRole('button', { name: /Accept and land/ })).toBeEnabled();
  await tab(page, 'Timeline').click();
  const slider = page.getByRole('slider', { name: 'Time travel' });
  const box = await slider.boundingBox();
  if (!box) throw new Error('The slider is not drawn.');
  await page.mouse.click(box.x + 2, box.y + 10);
  await expect(page.getByText(/^You see /)).toBeVisible();
  await expect(page.getByText('Verified')).toHaveCount(0);
  await tab(page, 'Gates').click();
  await expect(page.locator('.goal-head')).not.toContainText('Accept and land');
  await page.getByRole('button', { name: 'Back to now' }).click();
  await tab(page, 'Proof').click();
  await expect(page.getByRole('button', { name: /Accept and land/ })).toBeEnabled();
});

test('accepting names exactly the commit that was verified', async ({ open }) => {
  const page = await open('busy');
  await screens['proof']?.(page);
  await page.keyboard.press('Control+Enter');
  await expect.poll(() => sent(page, 'goals.accept')).toHaveLength(1);
  const [accepted] = await sent(page, 'goals.accept');
  expect((accepted as { commit: string }).commit).toMatch(/^[0-9a-f]{40}$/);
});

test('comments on lines survive a reload and go out in one batch with the rejection', async ({ open }) => {
  const page = await open('busy');
  await screens['changes']?.(page);
  await page.locator('diffs-container [data-column-number="22"]').last().click();
  await page.getByPlaceholder('What should change here?').fill('Keep the old name.');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Not sent yet')).toBeVisible();
  await page.reload();
  await expect(page.getByText('Keep the old name.')).toBeVisible();
  await page.getByRole('button', { name: 'Send to the agent…' }).click();
  await expect(page.getByRole('dialog')).toContainText('packages/http/src/retry.ts:22');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Send it back/ })
    .click();
  await expect
    .poll(() => sent(page, 'goals.reject'))
    .toMatchObject([
      {
        mode: 'revise',
        comments: [{ file: 'packages/http/src/retry.ts', line: 22, text: 'Keep the old name.' }],
      },
    ]);
  await expect(page.getByText('Not sent yet')).toHaveCount(0);
});

test('findings of the review go back on their lines, beside what a person wrote', async ({ open }) => {
  const page = await open('busy');
  await screens['proof']?.(page);
  await page.getByRole('button', { name: 'Send findings back…' }).click();
  await expect(page.getByRole('dialog')).toContainText('The caught error is dropped');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Send it back/ })
    .click();
  await expect
    .poll(() => sent(page, 'goals.reject'))
    .toMatchObject([
      {
        mode: 'revise',
        comments: [
          { file: 'packages/http/src/retry.ts', line: 27, side: 'new' },
          { file: 'packages/http/package.json', line: 18, side: 'new' },
        ],
      },
    ]);
});

test('a stale proof says so in the list and in itself, and keeps its status', async ({ open }) => {
  const page = await open('busy');
  const stale = row(page, 'Stop leaking', 'ready');
  await expect(stale).toContainText('Stale');
  await expect(acceptable(page)).not.toContainText('Stale');
  await enter(stale);
  await tab(page, 'Proof').click();
  await expect(page.getByText('Base moved by 3 commits on main')).toBeVisible();
  await expect(page.getByRole('heading', { name: /^Proven/ })).toBeVisible();
});

test('a viewed file folds and is remembered by its content', async ({ open }) => {
  const page = await open('busy');
  await screens['changes']?.(page);
  await page.getByLabel('Viewed packages/http/src/retry.ts').click();
  await expect(page.getByText('1 of 7 viewed')).toBeVisible();
  await page.reload();
  await expect(page.getByText('1 of 7 viewed')).toBeVisible();
});

test('cancelling asks first', async ({ open }) => {
  const page = await open('busy');
  await enter(running(page));
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: /Cancel the goal/ }).click();
  await expect(page.getByRole('alertdialog')).toContainText('cannot be taken back');
  expect(await sent(page, 'goals.cancel')).toEqual([]);
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel the goal' }).click();
  await expect.poll(() => sent(page, 'goals.cancel')).toHaveLength(1);
});

test('a lost connection is said, and what comes after is caught up', async ({ open }) => {
  const page = await open('busy');
  await enter(running(page));
  await page.evaluate(() => {
    window.gallery.reachable = false;
    window.gallery.cut();
  });
  await expect(page.getByText('omk does not answer.')).toBeVisible();
  // Together: the page tries by itself as well, and would be there first on a slow machine.
  await page
    .getByRole('button', { name: 'Try again' })
    .first()
    .evaluate((button: HTMLElement) => {
      window.gallery.reachable = true;
      button.click();
    });
  await expect(page.getByText('omk does not answer.')).toBeHidden();
});

test('a history of 100,000 events is drawn by its visible rows', async ({ open }) => {
  const page = await open('long');
  await enter(row(page, 'A goal with a long history'));
  await expect(page.getByText('line 47 of attempt 2000')).toBeVisible({ timeout: 30_000 });
  expect(await page.locator('*').count()).toBeLessThan(4_000);
  await page.getByRole('region', { name: 'Timeline' }).press('Home');
  await expect(page.getByText('Opened').first()).toBeVisible();
  expect(await page.locator('*').count()).toBeLessThan(4_000);
});

test('the palette reaches every action of the goal on screen', async ({ open }) => {
  const page = await open('busy');
  await screens['proof']?.(page);
  await page.keyboard.press('Control+k');
  const items = page.getByRole('option');
  for (const name of [
    'Accept and land',
    'Reject with comments…',
    'Verify the proof',
    'Extend the budget…',
    'Show Changes',
  ]) {
    await expect(items.filter({ hasText: name })).toHaveCount(1);
  }
  await page.getByPlaceholder('Search goals and commands').fill('upgrade to postgres');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Upgrade to Postgres 17');
});

test('a note to the agent is written from anywhere by keyboard, kept while it is begun, and sent once', async ({
  open,
}) => {
  const page = await open('busy');
  await enter(running(page));
  await tab(page, 'Tasks').click();
  await page.keyboard.press('m');
  const note = page.getByRole('textbox', { name: 'Note to the agent' });
  await expect(note).toBeFocused();
  await page.keyboard.type('Keep the old names');
  await page.keyboard.press('Escape');
  await expect(note).not.toBeFocused();
  await page.reload();
  await expect(note).toHaveValue('Keep the old names');
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Search goals and commands').fill('write to');
  await page.keyboard.press('Enter');
  await expect(note).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('and their order');
  await page.evaluate(() => {
    window.gallery.refuse = { code: 'note.refused', message: '10 notes wait already.' };
  });
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('10 notes wait already.');
  await expect(note).toHaveValue('Keep the old names\nand their order');
  await page.evaluate(() => {
    window.gallery.refuse = null;
  });
  await note.press('Enter');
  await expect(note).toHaveValue('');
  await expect
    .poll(() => sent(page, 'goals.note'))
    .toMatchObject([{}, { text: 'Keep the old names\nand their order' }]);
});
