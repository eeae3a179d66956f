import { dialog, shell } from 'electron';
import type { BrowserWindow, MessageBoxOptions } from 'electron';
import { inertLine } from '../../shared/safe-text.ts';

/** What fits into a dialog and a person can still check. */
const URL_LIMIT = 2_000;

/** The system's folder dialog; `null` when it was closed. */
export async function pickFolder(window: BrowserWindow | null): Promise<string | null> {
  const options = { title: 'Open a repository', properties: ['openDirectory' as const] };
  const { canceled, filePaths } = await (window
    ? dialog.showOpenDialog(window, options)
    : dialog.showOpenDialog(options));
  return canceled ? null : (filePaths[0] ?? null);
}

let asking = false;

/** Opens an address in the person's browser: https only, and only after the person has read it and agreed. */
export async function openAfterAsking(window: BrowserWindow | null, address: string): Promise<void> {
  const url = URL.canParse(address) ? new URL(address) : null;
  // One question at a time: a page must not be able to bury somebody in them.
  if (url?.protocol !== 'https:' || url.href.length > URL_LIMIT || asking) return;
  asking = true;
  try {
    const chosen = await ask(window, {
      type: 'question',
      message: `Open ${url.host} in your browser?`,
      // As the browser will read it: names in Punycode, everything unusual escaped.
      detail: inertLine(url.href),
      buttons: ['Open', 'Cancel'],
      defaultId: 1,
      cancelId: 1,
      noLink: true,
    });
    if (chosen === 0) await shell.openExternal(url.href);
  } finally {
    asking = false;
  }
}

/** What to do with running goals when the last window is closed. */
export async function askOnClose(
  window: BrowserWindow,
  running: number,
): Promise<'background' | 'quit' | 'stay'> {
  const chosen = await ask(window, {
    type: 'question',
    message: running === 1 ? '1 goal is running.' : `${running} goals are running.`,
    detail:
      'They can go on without a window; the tray brings it back. If you quit, they are interrupted without losing ' +
      'anything and go on when omk starts again.',
    buttons: ['Keep working', 'Quit', 'Cancel'],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  });
  return (['background', 'quit', 'stay'] as const)[chosen] ?? 'stay';
}

async function ask(window: BrowserWindow | null, options: MessageBoxOptions): Promise<number> {
  const { response } = await (window
    ? dialog.showMessageBox(window, options)
    : dialog.showMessageBox(options));
  return response;
}
