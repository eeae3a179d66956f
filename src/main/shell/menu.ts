import { app, Menu, shell } from 'electron';
import type { MenuItemConstructorOptions } from 'electron';
import type { AppCommand } from '../../shared/api/agents.ts';

type Run = Extract<AppCommand, { command: 'run' }>['action'];

/** The application menu. What concerns goals is sent to the page, which knows which goal is on screen. */
export function setMenu(o: {
  readonly send: (command: AppCommand) => void;
  readonly openFolder: () => void;
  readonly stateDir: string | null;
  readonly development: boolean;
}): void {
  const mac = process.platform === 'darwin';
  const run = (label: string, action: Run, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    click: () => o.send({ command: 'run', action }),
    ...(accelerator === undefined ? {} : { accelerator }),
  });
  const settings = run('Settings…', 'settings', 'CmdOrCtrl+,');
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const { stateDir } = o;

  const template: MenuItemConstructorOptions[] = [
    ...(mac
      ? [
          {
            label: app.name,
            submenu: [
              { role: 'about' as const },
              separator,
              settings,
              separator,
              { role: 'hide' as const },
              { role: 'hideOthers' as const },
              { role: 'unhide' as const },
              separator,
              { role: 'quit' as const },
            ],
          },
        ]
      : []),
    {
      label: '&File',
      submenu: [
        {
          label: 'New Goal',
          accelerator: 'CmdOrCtrl+N',
          click: () => o.send({ command: 'new-goal', path: null }),
        },
        { label: 'Open Folder…', accelerator: 'CmdOrCtrl+O', click: o.openFolder },
        separator,
        ...(mac ? [{ role: 'close' as const }] : [settings, separator, { role: 'quit' as const }]),
      ],
    },
    {
      label: '&Edit',
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        separator,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: '&Goal',
      submenu: [
        run('All Goals', 'goals'),
        run('Command Palette', 'palette'),
        separator,
        run('Pause', 'goal-pause'),
        run('Resume', 'goal-resume'),
        run('Try Again', 'goal-retry'),
        run('Cancel…', 'goal-cancel'),
      ],
    },
    {
      label: '&View',
      submenu: [
        run('Toggle Light and Dark', 'toggle-theme'),
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
        ...(o.development
          ? [separator, { role: 'reload' as const }, { role: 'toggleDevTools' as const }]
          : []),
      ],
    },
    ...(mac ? [{ role: 'windowMenu' as const }] : []),
    {
      label: '&Help',
      role: 'help',
      submenu: [
        run('Keyboard Shortcuts', 'shortcuts'),
        ...(stateDir === null
          ? []
          : [{ label: 'Open Data Folder', click: () => void shell.openPath(stateDir) }]),
      ],
    },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
