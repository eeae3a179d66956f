import { join } from 'node:path';
import { app, BrowserWindow, shell } from 'electron';
import type { AppCommand } from '../../shared/api/agents.ts';
import { memoryPair } from '../../shared/rpc/memory.ts';
import { summarise } from '../host/attention.ts';
import type { Config } from '../host/config.ts';
import { writeCrashFile } from '../host/crash-file.ts';
import { createHostLink } from '../host/host-link.ts';
import type { HostLink } from '../host/host-link.ts';
import type { Paths } from '../host/paths.ts';
import { builtPage } from '../host/static-files.ts';
import { createAppCommands } from './app-commands.ts';
import { CRASH_URL, crashActions, crashPage } from './crash-screen.ts';
import type { Crash } from './crash-screen.ts';
import { askOnClose, pickFolder } from './dialogs.ts';
import { setMenu } from './menu.ts';
import { pageUrl } from './page-origin.ts';
import { limitPermissions } from './permissions.ts';
import { serveScheme } from './protocol.ts';
import { servePorts } from './serve-port.ts';
import { startAttention } from './show-attention.ts';
import { createWindow, preloadPath, raise } from './window.ts';

/** A host that has not started by then is shown as stalled; it may still come. */
const STALLED_MS = 30_000;
/** A page that dies more often than that within a minute is not loaded again. */
const PAGE_DEATHS = 3;

const SAFE = 'Your repositories and branches are untouched, and everything recorded so far is on disk.';

/** Everything that lives as long as the application does. */
export function startShell(o: {
  /** `null`: the host cannot be had, and `problem` says why. */
  readonly config: Config | null;
  readonly paths: Paths | null;
  readonly problem: string | null;
  readonly development: boolean;
}): { readonly openFolder: (path: string) => void; readonly act: (url: string) => void } {
  const commands = createAppCommands();
  let phase: string | null = o.paths ? 'configuration' : null;
  const link: HostLink | null = o.config ? createHostLink(o.config, (done) => (phase = done)) : null;
  let window: BrowserWindow | null = null;
  let crash: Crash | null = null;
  let summary = summarise([]);
  let stopAttention: () => void = () => {};
  let quitting = false;
  let stopped = false;

  const bringUp = (): BrowserWindow => {
    if (window && !window.isDestroyed()) {
      raise(window);
      return window;
    }
    const made = createWindow({
      preload: preloadPath(app.getAppPath()),
      stateFile: join(o.paths?.root ?? app.getPath('userData'), 'window.json'),
      icon: join(app.getAppPath(), 'resources', 'icon.png'),
    });
    window = made;
    made.on('close', (event) => {
      const ours = link?.isOurs() === true && summary.running > 0;
      if (quitting || (process.platform !== 'darwin' && !ours)) return;
      event.preventDefault();
      if (process.platform === 'darwin') return made.hide();
      void askOnClose(made, summary.running).then((answer) => {
        if (answer === 'background') made.hide();
        else if (answer === 'quit') app.quit();
      });
    });
    const deaths: number[] = [];
    made.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason === 'clean-exit' || quitting) return;
      deaths.push(Date.now());
      if (deaths.filter((at) => at > Date.now() - 60_000).length <= PAGE_DEATHS) return load(made);
      fail({ title: 'The window keeps failing', message: `The page ended (${reason}). ${SAFE}` });
    });
    load(made);
    return made;
  };

  const load = (made: BrowserWindow): void => {
    // A load that is replaced by another one rejects; the newer one is what counts.
    made.loadURL(crash ? CRASH_URL : pageUrl()).catch(() => {});
  };

  const fail = (what: { title: string; message: string; file?: string | null }): void => {
    crash = { phase, file: null, ...what };
    if (app.isReady()) load(bringUp());
  };

  const send = (command: AppCommand | null): void => {
    if (!app.isReady()) {
      if (command) commands.send(command);
      return;
    }
    bringUp();
    if (command) commands.send(command);
  };
  const openFolder = (path: string): void => send({ command: 'new-goal', path });
  const askForFolder = async (): Promise<void> => {
    const path = await pickFolder(window);
    if (path !== null) openFolder(path);
  };

  const onBug = (cause: unknown): void => {
    const file = o.paths ? writeCrashFile(o.paths.logs, 'shell', cause, new Date()) : null;
    stopAttention();
    fail({
      title: 'omk met a state it holds to be impossible',
      message: `It has stopped working so that nothing is made worse. ${SAFE}`,
      file,
    });
    // The bug has been shown; a host that cannot even stop changes nothing about that.
    link?.stop().catch(() => {});
  };
  process.on('uncaughtException', onBug);
  process.on('unhandledRejection', onBug);

  const reachHost = async (reached: HostLink): Promise<void> => {
    const stalled = setTimeout(() => {
      fail({ title: 'omk is still starting', message: `Starting takes longer than it should. ${SAFE}` });
    }, STALLED_MS);
    const [near, far] = memoryPair();
    const connected = await reached.connect(far);
    near.close();
    clearTimeout(stalled);
    if (!connected.ok) return fail({ title: 'omk cannot start', message: connected.error.message });
    if (crash) {
      crash = null; // it came after all
      load(bringUp());
    }
  };

  app.on('second-instance', (_event, _argv, _cwd, data) => {
    const folder = data !== null && typeof data === 'object' && 'folder' in data ? data.folder : null;
    send(typeof folder === 'string' ? { command: 'new-goal', path: folder } : null);
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    openFolder(path);
  });
  app.on('activate', () => void bringUp());
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('before-quit', () => (quitting = true));
  app.on('will-quit', (event) => {
    stopAttention();
    if (!link || stopped) return;
    event.preventDefault();
    // Children end and the state directory is given back before we are gone.
    void link
      .stop()
      .catch(() => {})
      .then(() => {
        stopped = true;
        app.quit();
      });
  });

  const begin = async (): Promise<void> => {
    await app.whenReady();
    app.setAppUserModelId('org.omk.desktop');
    serveScheme(builtPage(), () => crashPage(crash ?? { title: 'omk', message: '', phase, file: null }));
    limitPermissions();
    setMenu({
      send,
      openFolder: () => void askForFolder(),
      stateDir: o.paths?.root ?? null,
      development: o.development,
    });
    if (!link || !o.config) {
      fail({ title: 'omk cannot start', message: o.problem ?? 'Its configuration cannot be read.' });
      return;
    }
    servePorts({
      link,
      isOurWindow: (event) => window !== null && BrowserWindow.fromWebContents(event.sender) === window,
      pickFolder: () => pickFolder(window),
      commands: commands.stream,
      onInternal: (_path, cause) => onBug(cause),
    });
    bringUp();
    await reachHost(link);
    stopAttention = startAttention({
      link,
      memoryFile: join(o.paths?.root ?? '', 'attention.json'),
      icons: join(app.getAppPath(), 'resources'),
      open: send,
      onSummary: (next) => (summary = next),
    });
  };
  begin().catch(onBug);

  return {
    openFolder,
    act(url) {
      if (!crash) return;
      if (url === crashActions.quit) app.quit();
      else if (url === crashActions.logs && o.paths) void shell.openPath(o.paths.logs);
      else if (url === crashActions.retry) {
        app.relaunch();
        app.quit();
      }
    },
  };
}
