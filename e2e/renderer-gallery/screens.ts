import type { Locator, Page } from '@playwright/test';

export const row = (page: Page, title: string, status?: string) =>
  page
    .locator('.goal-row')
    .filter({ hasText: title })
    .filter(status === undefined ? {} : { has: page.locator(`[data-status=${status}]`) })
    .first();
export const running = (page: Page) => row(page, 'Fix the flaky', 'running');
export const acceptable = (page: Page) => row(page, 'Fix the flaky', 'blocked_on_human');
/** Opens a goal and waits until it is drawn: its keys work from then on. */
export async function enter(goal: Locator): Promise<void> {
  await goal.click();
  await goal.page().getByRole('tabpanel').waitFor();
}
export const tab = (page: Page, name: string) => page.getByRole('tab', { name });
export const sent = (page: Page, path: string) =>
  page.evaluate(
    (wanted) => window.gallery.sent.filter((one) => one.path === wanted).map((one) => one.input),
    path,
  );

export async function newGoal(page: Page): Promise<void> {
  await page.keyboard.press('n');
  await page.getByLabel('Path of a repository').fill('/home/user/src/courier');
  await page.keyboard.press('Enter');
  await page.getByLabel('What should be true').waitFor();
}

/** The form for an agent of one's own, filled in and tried. */
export async function addAgent(page: Page, command: string): Promise<void> {
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Add an agent…' }).click();
  await page.getByLabel('Name', { exact: true }).fill('mine');
  await page.getByLabel('Command', { exact: true }).fill(command);
  await page.getByRole('button', { name: 'Try it' }).click();
}

/** How to come to each screen from the first one. */
export const screens: Record<string, (page: Page) => Promise<void>> = {
  goals: async () => {},
  timeline: (page) => enter(running(page)),
  tasks: async (page) => {
    await enter(running(page));
    await tab(page, 'Tasks').click();
  },
  changes: async (page) => {
    await enter(row(page, 'Stop hiding'));
    await tab(page, 'Changes').click();
    await page.locator('diffs-container').first().waitFor();
  },
  gates: async (page) => {
    await enter(acceptable(page));
    await tab(page, 'Gates').click();
  },
  budget: async (page) => {
    await enter(running(page));
    await tab(page, 'Budget').click();
  },
  proof: async (page) => {
    await enter(acceptable(page));
    await tab(page, 'Proof').click();
  },
  'a proof that fails': async (page) => {
    await enter(row(page, 'Cut cold'));
    await tab(page, 'Proof').click();
  },
  'new goal': newGoal,
  'the command palette': async (page) => {
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Search goals and commands').waitFor();
  },
  shortcuts: async (page) => {
    await page.keyboard.press('?');
    await page.getByRole('heading', { name: 'Keyboard' }).waitFor();
  },
  settings: (page) => page.getByRole('button', { name: 'Settings' }).click(),
  doctor: async (page) => {
    await page.getByRole('button', { name: 'Doctor' }).click();
    await page.getByText('214 MB free').waitFor();
  },
  'an agent in full': async (page) => {
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'kimi-code' }).click();
    await page.getByText('Asks you questions').waitFor();
  },
  'adding an agent': async (page) => {
    await addAgent(page, 'kimi acp --works');
    await page.getByText('It works').waitFor();
  },
  'an agent that fails its trial': async (page) => {
    await addAgent(page, 'kimi acp --fails');
    await page.getByText('It cannot be used like this.').waitFor();
  },
  rejecting: async (page) => {
    await enter(acceptable(page));
    await tab(page, 'Proof').click();
    await page.getByRole('button', { name: /^Reject/ }).click();
  },
  evidence: async (page) => {
    await enter(acceptable(page));
    await tab(page, 'Proof').click();
    await page.locator('.chain .evidence-link').nth(2).click();
    await page.getByText('AssertionError').first().waitFor();
  },
};
