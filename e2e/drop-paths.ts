import type { ElectronApplication, Locator } from '@playwright/test';

/**
 * Drops files or folders with these absolute paths onto an element, as the operating system would: the page gets
 * trusted drag events with real files, and the preload's `webUtils.getPathForFile` gives the paths back. Works the same
 * in Electron and in its double; the double has to be told the paths beforehand, because a page cannot read them.
 */
export async function dropPaths(
  app: ElectronApplication,
  target: Locator,
  paths: readonly string[],
): Promise<void> {
  const page = target.page();
  await target.scrollIntoViewIfNeeded();
  const box = await target.boundingBox();
  if (box === null) throw new Error('There is nothing visible to drop on.');
  const session = await page.context().newCDPSession(page);
  try {
    const { targetInfo } = await session.send('Target.getTargetInfo');
    await app.evaluate(
      async (_electron, { targetId, dropped }) => {
        const double = (globalThis as { __electronDouble?: typeof __electronDouble }).__electronDouble;
        await double?.expectDrop(targetId, dropped);
      },
      { targetId: targetInfo.targetId, dropped: [...paths] },
    );
    const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    // 1 is "copy", what a file manager offers.
    const data = { items: [], files: [...paths], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await session.send('Input.dispatchDragEvent', { type, ...at, data });
    }
  } finally {
    await session.detach();
  }
}
