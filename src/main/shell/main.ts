/** The desktop application: one window on the host of the state directory. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import { readConfig } from '../host/config.ts';
import { pathsUnder, preparePaths } from '../host/paths.ts';
import { folderArgument } from './folder-argument.ts';
import { pinPages } from './navigation.ts';
import { trustDevelopmentServer } from './page-origin.ts';
import { registerScheme } from './protocol.ts';
import { startShell } from './shell.ts';

app.enableSandbox();
registerScheme();

const config = readConfig();
const paths = config.ok ? pathsUnder(config.value.root) : null;
const prepared = paths && preparePaths(paths);
if (paths && prepared?.ok === true && !app.commandLine.hasSwitch('user-data-dir')) {
  // Beside what it belongs to: two state directories are two applications, and ~/.config/omk is the person's to edit.
  const folder = join(paths.root, 'desktop');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  app.setPath('userData', folder);
}
const developmentUrl = config.ok && !app.isPackaged ? config.value.env['ELECTRON_RENDERER_URL'] : undefined;
if (developmentUrl !== undefined) trustDevelopmentServer(developmentUrl);

const folder = folderArgument(process.argv, {
  cwd: process.cwd(),
  appPath: app.isPackaged ? null : app.getAppPath(),
});
if (app.requestSingleInstanceLock({ folder })) {
  const shell = startShell({
    config: config.ok && prepared?.ok === true ? config.value : null,
    paths,
    problem: config.ok ? (prepared?.ok === false ? prepared.message : null) : config.error.message,
    development: developmentUrl !== undefined,
  });
  pinPages(shell.act);
  if (folder !== null) shell.openFolder(folder);
} else {
  app.quit(); // the first instance has the folder now, and comes to the front
}
