import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';

/** No serious finding on what is on the screen now. */
export async function expectAccessible(page: Page, screen: string): Promise<void> {
  // The other mode opens a page of its own, which a desktop window cannot.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html.slice(0, 200)).join(' | ')}`,
    );
  expect.soft(serious, `axe on ${screen}`).toEqual([]);
}
