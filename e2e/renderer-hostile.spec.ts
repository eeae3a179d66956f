/** Two hundred hostile texts wherever agents, repositories and programs put text: they are shown, and nothing happens. */
import type { Page } from '@playwright/test';
import { expect, test } from './renderer-gallery/fixture.ts';
import { payloads } from '../src/renderer/testing/payloads.ts';
import { enter, row, sent, tab } from './renderer-gallery/screens.ts';

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    Object.assign(window, { pwnedTimes: 0, pwned: () => Object.assign(window, { pwnedTimes: 1 }) });
  });
});

/** Elements and attributes that only markup of a payload could have brought. */
const brought = (page: Page) =>
  page.evaluate(() => {
    const roots: ParentNode[] = [document];
    for (const one of document.querySelectorAll('*')) if (one.shadowRoot) roots.push(one.shadowRoot);
    const found = roots.flatMap((root) =>
      [...root.querySelectorAll('*')].filter(
        (one) =>
          /^(?:iframe|object|embed|img|video|audio|base|marquee|template|math|animate|mglyph)$/i.test(
            one.localName,
          ) ||
          (one.localName === 'script' && !one.getAttribute('src')?.startsWith('./')) ||
          (one.localName === 'a' && !(one.getAttribute('href') ?? '#').startsWith('#')) ||
          one.hasAttribute('action') ||
          one.hasAttribute('formaction') ||
          one.hasAttribute('srcdoc') ||
          one.getAttributeNames().some((name) => name.startsWith('on')),
      ),
    );
    return {
      elements: found.map((one) => one.outerHTML.slice(0, 120)),
      ran: (window as { pwnedTimes?: number }).pwnedTimes,
      // Characters that act instead of being seen.
      acting: [
        document.body.innerText,
        ...[...document.querySelectorAll('[title], [aria-label]')].map(
          (one) => `${one.getAttribute('title') ?? ''} ${one.getAttribute('aria-label') ?? ''}`,
        ),
      ].flatMap((text) => /.{0,40}(?!\s)[\p{Bidi_Control}\p{Cc}].{0,40}/u.exec(text)?.[0] ?? []),
    };
  });

test('in every part of every goal', async ({ open, gallery }) => {
  test.setTimeout(180_000);
  const page = await open('hostile');
  const goals = await page.locator('.goal-row').count();
  expect(goals).toBeGreaterThan(8);
  for (let index = 0; index < goals; index += 1) {
    await page.goto(`${gallery}?scene=hostile#/`);
    await enter(page.locator('.goal-row').nth(index));
    for (const name of ['Timeline', 'Tasks', 'Changes', 'Gates', 'Budget', 'Proof']) {
      await tab(page, name).click();
      await expect(page.getByRole('tabpanel')).toBeVisible();
      expect(await brought(page), `goal ${index}, ${name}`).toEqual({ elements: [], ran: 0, acting: [] });
    }
  }
  expect(new URL(page.url()).origin).toBe(new URL(gallery).origin);
  for (const path of ['goals.accept', 'goals.reject', 'goals.answer', 'goals.cancel', 'goals.open']) {
    expect(await sent(page, path)).toEqual([]);
  }
});

test('in the timeline, all of it, and in what agents say live', async ({ open }) => {
  test.setTimeout(120_000);
  const page = await open('hostile');
  await enter(row(page, payloads[0] ?? '', 'running'));
  const list = page.getByRole('region', { name: 'Timeline' });
  const seen = new Set<string>();
  await page.keyboard.press('Home');
  for (let step = 0; step < 200; step += 1) {
    for (const text of await page.locator('.entry-block > div, .entry-words').allInnerTexts()) seen.add(text);
    expect(await brought(page)).toEqual({ elements: [], ran: 0, acting: [] });
    const atEnd = await list.evaluate((element) => {
      const before = element.scrollTop;
      element.scrollTop += element.clientHeight * 0.8;
      return element.scrollTop === before;
    });
    if (atEnd) break;
  }
  // Shown as it was written, not stripped of what looks like markup.
  expect([...seen].some((text) => text.includes('<script>pwned()</script>'))).toBe(true);
  expect([...seen].some((text) => text.includes('⟨U+202E⟩'))).toBe(true);
  expect(seen.size).toBeGreaterThan(payloads.length * 0.8);
});

test('in evidence, in New goal, in what is copied and in the palette', async ({ open }) => {
  const page = await open('hostile');
  await enter(
    page
      .locator('.goal-row')
      .filter({ has: page.locator('[data-status=ready]') })
      .first(),
  );
  await tab(page, 'Proof').click();
  await page.locator('.chain .evidence-link').first().click();
  await expect(page.getByRole('dialog')).toContainText('pwned()');
  expect(await brought(page)).toEqual({ elements: [], ran: 0, acting: [] });
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Search goals and commands').fill('pwned');
  expect(await brought(page)).toEqual({ elements: [], ran: 0, acting: [] });
  await page.keyboard.press('Escape');
  await page.keyboard.press('n');
  await page.getByLabel('Path of a repository').fill('<img src=x onerror=pwned()>');
  await page.keyboard.press('Enter');
  await page.getByLabel('What should be true').waitFor();
  expect(await brought(page)).toEqual({ elements: [], ran: 0, acting: [] });
});
