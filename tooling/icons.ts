/** Draws the committed PNGs in resources/ from their SVGs, with the Chromium that the end-to-end tests use. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium } from '@playwright/test';
import config from '../playwright.config.ts';

const resources = resolve(import.meta.dirname, '../resources');

const DARK_INK = '#1a1c21';
const LIGHT_INK = '#e8eaef';

/** File -> its drawing, size in px, and colour where the drawing takes one. macOS wants templates in black, twice. */
const ICONS = [
  { file: 'icon.png', from: 'icon.svg', size: 1024, colour: LIGHT_INK },
  { file: 'tray-on-light.png', from: 'tray.svg', size: 32, colour: DARK_INK },
  { file: 'tray-on-dark.png', from: 'tray.svg', size: 32, colour: LIGHT_INK },
  { file: 'trayTemplate.png', from: 'tray.svg', size: 18, colour: '#000' },
  { file: 'trayTemplate@2x.png', from: 'tray.svg', size: 36, colour: '#000' },
];

const browser = await chromium.launch(config.use?.launchOptions ?? {});
try {
  for (const { file, from, size, colour } of ICONS) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    const svg = readFileSync(join(resources, from), 'utf8');
    await page.setContent(
      `<style>body{margin:0;color:${colour}}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`,
    );
    writeFileSync(join(resources, file), await page.screenshot({ omitBackground: true }));
    await page.close();
    console.log(`${file} ${size} px`);
  }
} finally {
  await browser.close();
}
