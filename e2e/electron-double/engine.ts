import type { CdpConnection } from './cdp.ts';
import type { PageTarget } from './page-target.ts';

/** The running Chromium behind every window; there is one from shortly before `ready` on. */
export type Engine = {
  readonly connection: CdpConnection;
  /** Our tabs by Chromium's target id. */
  readonly targets: Map<string, PageTarget>;
  /** Tabs asked for whose id is not known yet. */
  opening: number;
};

let current: Engine | undefined;

/** @throws before the app is ready, as Electron does when a window is made too early */
export function engine(): Engine {
  if (current === undefined) throw new Error('Cannot create BrowserWindow before app is ready');
  return current;
}

/** Takes Chromium into use: follows its tabs, and closes those nobody here asked for. */
export async function startEngine(connection: CdpConnection): Promise<void> {
  const targets = new Map<string, PageTarget>();
  const started: Engine = { connection, targets, opening: 0 };
  const strangers = new Set<string>();
  const { browser } = connection;

  const closeStrangers = (): void => {
    if (started.opening > 0) return;
    for (const targetId of strangers) {
      strangers.delete(targetId);
      // A window the page opened. Its guard has already told the app; in Electron a denied one never exists.
      if (!targets.has(targetId)) browser.send('Target.closeTarget', { targetId }).catch(() => undefined);
    }
  };
  browser.on('Target.targetCreated', ({ targetInfo }) => {
    if (targetInfo.type !== 'page') return;
    strangers.add(targetInfo.targetId);
    setImmediate(closeStrangers);
  });
  browser.on('Target.targetDestroyed', ({ targetId }) => {
    const target = targets.get(targetId);
    targets.delete(targetId);
    target?.destroyed();
    setImmediate(closeStrangers);
  });
  await browser.send('Target.setDiscoverTargets', { discover: true });
  current = started;
}
