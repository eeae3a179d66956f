/** The registry, the doctor and the form for an agent of one's own, over a host in memory. */
import { expect, test } from './renderer-gallery/fixture.ts';
import { addAgent, newGoal, sent } from './renderer-gallery/screens.ts';

test('the doctor lists what is worst first, with the fix and the command beside it', async ({ open }) => {
  const page = await open('busy');
  await page.getByRole('button', { name: 'Doctor' }).click();
  await expect(page).toHaveURL(/#\/doctor$/);
  await expect(page.getByText('omk cannot work here until 1 thing below is put right.')).toBeVisible();
  const first = page.locator('.doctor-row').first();
  await expect(first).toContainText('Disk, must be put right');
  await expect(first).toContainText('Free some space');
  await expect(page.getByRole('button', { name: 'Copy qwen', exact: true })).toBeVisible();
});

test('an agent shows what it can do, what it cannot, and what only a trial tells', async ({ open }) => {
  const page = await open('busy');
  await page.getByRole('button', { name: 'Settings' }).click();
  const name = page.getByRole('button', { name: 'kimi-code' });
  await expect(name).toHaveAttribute('aria-expanded', 'false');
  await name.press('Enter');
  await expect(page.getByText('Asks you questions and waits for your answer')).toBeVisible();
  await expect(page.getByText(/middle of a turn \(known once tried\)/)).toBeVisible();
  await expect(page.getByText('Commands it runs can read its sign-in.')).toBeVisible();
});

test('a custom agent is tried, saved exactly as tried, and can be removed', async ({ open }) => {
  const page = await open('busy');
  await addAgent(page, "node '/a b/agent.mjs' --works");
  await expect(page.locator('.words code')).toHaveText(['node', '/a b/agent.mjs', '--works']);
  await expect(
    page.getByText('It works, tried in 3.9s.').or(page.getByText(/It works, tried in/)),
  ).toBeVisible();
  expect(await sent(page, 'agents.tryOut')).toMatchObject([
    { name: '', protocol: 'acp', command: "node '/a b/agent.mjs' --works", env: [] },
  ]);
  await page.getByLabel('Variables').fill('API_KEY, OTHER_KEY');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect
    .poll(() => sent(page, 'agents.save'))
    .toMatchObject([{ entry: { name: 'mine', protocol: 'acp', env: ['API_KEY', 'OTHER_KEY'] } }]);
  await page.getByRole('button', { name: 'mine' }).click();
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await expect.poll(() => sent(page, 'agents.remove')).toMatchObject([{ name: 'mine' }]);
  await expect(page.getByRole('button', { name: 'mine' })).toBeHidden();
});

test('a trial can be stopped, and one that fails says why and what to do', async ({ open }) => {
  const page = await open('busy');
  await addAgent(page, 'kimi acp --hangs');
  await expect(page.getByText('Trying it…')).toBeVisible();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByText('You stopped it. omk ends what of it still runs.')).toBeVisible();
  await page.getByLabel('Command', { exact: true }).fill('kimi acp --fails');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('It is not signed in.')).toBeVisible();
  await expect(page.getByText('Run kimi login in a terminal')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save untried' })).toBeVisible();
});

test('what is wrong is said at its field, and nothing is sent', async ({ open }) => {
  const page = await open('busy');
  await addAgent(page, 'kimi | tee');
  const cases = [
    ['Name', 'demo', /means something else/],
    ['Name', 'kimi-code', /already/],
    ['Name', `${'x'.repeat(60)}\u202e`, /at most 40/],
    ['Variables', 'HOME', /omk sets HOME itself/],
    ['Variables', 'A=B', /no name of a variable/],
    ['Command', 'acp:kimi acp', /protocol is chosen above/],
  ] as const;
  for (const [field, value, words] of cases) {
    await page.getByLabel(field, { exact: true }).fill(value);
    await expect(page.getByText(words)).toBeVisible();
  }
  await page.getByRole('button', { name: 'Save untried' }).click();
  expect(await sent(page, 'agents.save')).toEqual([]);
  expect(await sent(page, 'agents.tryOut')).toEqual([]);
});

test('the form is reached from a new goal, and from the palette', async ({ open }) => {
  const page = await open('busy');
  await newGoal(page);
  await page.getByRole('button', { name: 'Add an agent…' }).click();
  await expect(page.getByLabel('Name', { exact: true })).toBeFocused();
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Search goals and commands').fill('doctor');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Doctor' })).toBeVisible();
});
