/** What an agent asks before it acts: one question for many acts, and a rule for those that begin alike. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './renderer-gallery/fixture.ts';
import { enter, row, sent } from './renderer-gallery/screens.ts';

const batch = 'Let kimi-code run 163 commands and change a file outside its folder?';

test('many acts are listed with counts, whole on request, and one answer decides them all', async ({
  open,
}) => {
  const page = await open('asking');
  await enter(row(page, 'Port the build'));
  const card = page.getByRole('article', { name: batch });
  await expect(card.getByRole('listitem')).toHaveCount(6);
  await expect(card.getByRole('listitem').first()).toHaveText('12 ×npm ci --ignore-scripts');
  await card.getByRole('button', { name: 'Show all 50' }).click();
  await expect(card.getByRole('listitem')).toHaveCount(50);
  await card.getByRole('button', { name: 'Refuse all' }).click();
  expect(await sent(page, 'goals.answer')).toMatchObject([{ choice: 'never' }]);
});

test('a rule says what it allows before it is chosen, also by its number', async ({ open }) => {
  const page = await open('asking');
  await enter(row(page, 'Port the build'));
  const card = page.getByRole('article', { name: 'Let kimi-code run a command?' });
  await expect(card).toContainText('never with an operator of the shell');
  await card.focus();
  await page.keyboard.press('3');
  expect(await sent(page, 'goals.answer')).toMatchObject([{ choice: 'rule' }]);
});

test('several choices are taken together, with words beside them', async ({ open }) => {
  const page = await open('asking');
  await enter(row(page, 'Port the build'));
  const card = page.getByRole('article', { name: 'kimi-code asks you to decide' });
  await expect(card.getByRole('button', { name: 'Answer' })).toBeDisabled();
  await card.getByRole('checkbox', { name: 'Node 20' }).check();
  await card.getByRole('checkbox', { name: 'Edge workers' }).check();
  await card.getByRole('checkbox', { name: 'Browsers' }).check();
  await card.getByRole('checkbox', { name: 'Browsers' }).uncheck();
  await card.getByRole('checkbox', { name: 'In my own words' }).check();
  await expect(card.getByRole('button', { name: 'Answer' })).toBeDisabled();
  await card.getByRole('textbox').fill('Deno too');
  await page.keyboard.press('Control+Enter');
  expect(await sent(page, 'goals.answer')).toMatchObject([{ choice: 'option-0,option-2', text: 'Deno too' }]);
});

test('a change of the oracle is read in its question, and leads to the whole change', async ({ open }) => {
  const page = await open('busy');
  await enter(row(page, 'Stop hiding'));
  const card = page.getByRole('article', { name: /May the agent change 1 locked file/ });
  await expect(card.locator('[data-kind=removed]')).toHaveText('-    retry: 0,');
  await expect(card.locator('[data-kind=added]')).toHaveText('+    retry: 3,');
  await card.getByRole('button', { name: 'Show the changes' }).click();
  await expect(page.getByRole('tab', { name: 'Changes' })).toHaveAttribute('aria-selected', 'true');
});

test('they have no accessibility finding, in both schemes', async ({ open }) => {
  const page = await open('asking');
  await enter(row(page, 'Port the build'));
  await page.getByRole('article', { name: batch }).waitFor();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect
      .soft(
        violations.map((one) => one.id),
        colorScheme,
      )
      .toEqual([]);
  }
});
