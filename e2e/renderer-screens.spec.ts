/** Every screen over a host in memory: free of accessibility findings in both schemes, and whole in a small window. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './renderer-gallery/fixture.ts';
import { screens } from './renderer-gallery/screens.ts';

async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' | ')}`);
}

/** What leaves the window sideways. */
const cutOff = (page: Page) =>
  page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    const cut = [...document.querySelectorAll<HTMLElement>('button, h1, h2, [role=tab]')].filter((one) => {
      const box = one.getBoundingClientRect();
      return box.width > 0 && box.height > 0 && (box.left < -1 || box.right > clientWidth + 1);
    });
    return { sideways: scrollWidth > clientWidth, cut: cut.map((one) => one.textContent) };
  });

const softly = expect.configure({ soft: true });

const sizes = [
  { width: 900, height: 640 },
  // 1280 × 800 at 200 %.
  { width: 640, height: 400 },
];

for (const [name, go] of Object.entries(screens)) {
  test(`${name}: no accessibility finding, nothing cut off in a small window`, async ({ open }) => {
    const page = await open('busy');
    await go(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect.soft(await findings(page), colorScheme).toEqual([]);
    }
    for (const size of sizes) {
      await page.setViewportSize(size);
      // The page hears of its new width after it has it: what counts is how it is once it has settled.
      await softly
        .poll(() => cutOff(page), { message: `${size.width} × ${size.height}`, timeout: 3_000 })
        .toEqual({ sideways: false, cut: [] });
    }
  });
}

for (const scene of ['empty', 'loading', 'failed', 'broken']) {
  test(`the ${scene} state has no accessibility finding`, async ({ open }) => {
    const page = await open(scene);
    if (scene === 'failed') await page.getByText('omk could not be reached.').waitFor();
    expect(await findings(page)).toEqual([]);
  });
}
