import { join } from 'node:path';
import { app, Menu, nativeImage, nativeTheme, Tray } from 'electron';
import type { MenuItemConstructorOptions, NativeImage } from 'electron';
import type { AppCommand } from '../../shared/api/agents.ts';
import type { Summary } from '../host/attention.ts';
import { trayWords } from './tray-words.ts';

/** As many waiting goals as a menu can show without scrolling. */
const LISTED = 12;

/** How many goals run and wait, in the tray and on the badge. Gives a function that shows the newest summary. */
export function createTray(o: {
  readonly icons: string;
  readonly open: (command: AppCommand | null) => void;
  readonly onProblem: (cause: unknown) => void;
}): (summary: Summary) => void {
  let tray: Tray | null = null;
  try {
    tray = new Tray(trayIcon(o.icons));
  } catch (cause) {
    o.onProblem(cause); // a desktop without a tray: the badge and the window still tell
  }
  if (tray && process.platform !== 'darwin') {
    const shown = tray;
    nativeTheme.on('updated', () => shown.setImage(trayIcon(o.icons)));
    tray.on('click', () => o.open(null));
  }

  return (summary) => {
    const { waiting } = summary;
    app.setBadgeCount(waiting.length);
    if (!tray) return;
    tray.setToolTip(`omk: ${trayWords(summary)}`);
    if (process.platform === 'darwin') tray.setTitle(waiting.length === 0 ? '' : String(waiting.length));
    const items: MenuItemConstructorOptions[] = waiting.slice(0, LISTED).map((goal) => ({
      label: menuText(goal.title),
      click: () => o.open({ command: 'open-question', goalId: goal.goalId, questionId: goal.questionId }),
    }));
    if (waiting.length > LISTED) items.push({ label: `${waiting.length - LISTED} more`, enabled: false });
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: trayWords(summary), enabled: false },
        ...items,
        { type: 'separator' },
        { label: 'Open omk', click: () => o.open(null) },
        { label: 'New Goal', click: () => o.open({ command: 'new-goal', path: null }) },
        { type: 'separator' },
        { label: 'Quit', click: () => app.quit() },
      ]),
    );
  };
}

/** A menu takes `&` for a mnemonic, and a title may be a page long. */
const menuText = (title: string): string => {
  const short = title.length > 60 ? `${title.slice(0, 59)}…` : title;
  return short.replaceAll('&', '&&');
};

function trayIcon(folder: string): NativeImage {
  // macOS colours a template itself; elsewhere the icon has to stand out from the panel.
  if (process.platform === 'darwin') return nativeImage.createFromPath(join(folder, 'trayTemplate.png'));
  return nativeImage.createFromPath(
    join(folder, nativeTheme.shouldUseDarkColors ? 'tray-on-dark.png' : 'tray-on-light.png'),
  );
}
