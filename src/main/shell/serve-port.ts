import { ipcMain, MessageChannelMain } from 'electron';
import type { IpcMainInvokeEvent, MessagePortMain } from 'electron';
import { appApi } from '../../shared/api/agents.ts';
import type { AppCommand } from '../../shared/api/agents.ts';
import { CONNECT_CHANNEL, PORT_CHANNEL } from '../../shared/desktop.ts';
import { defineContract } from '../../shared/rpc/contract.ts';
import type { Transport } from '../../shared/rpc/frames.ts';
import { portTransport } from '../../shared/rpc/port-transport.ts';
import { serve } from '../../shared/rpc/serve.ts';
import { divert } from '../host/divert.ts';
import type { HostLink } from '../host/host-link.ts';
import { isPage } from './page-origin.ts';

/** What the desktop answers itself, whichever host it works with. */
const desktopApi = defineContract({
  app: { pickFolder: appApi.pickFolder, menuCommands: appApi.menuCommands },
});
const DESKTOP_PATHS = new Set(['app.pickFolder', 'app.menuCommands']);

/** Gives the page of a window we made a port to the host, and nobody else. */
export function servePorts(o: {
  readonly link: HostLink;
  readonly isOurWindow: (event: IpcMainInvokeEvent) => boolean;
  readonly pickFolder: () => Promise<string | null>;
  readonly commands: (signal: AbortSignal) => AsyncIterable<AppCommand>;
  readonly onInternal: (path: string, cause: unknown) => void;
}): void {
  const serveDesktop = (transport: Transport): void =>
    serve(
      desktopApi,
      {
        app: {
          async pickFolder() {
            const path = await o.pickFolder();
            return path === null ? null : { path };
          },
          menuCommands: (_input, signal) => o.commands(signal),
        },
      },
      transport,
      { version: '', checkOutputs: false, onInternal: o.onInternal },
    );

  ipcMain.handle(CONNECT_CHANNEL, async (event): Promise<void> => {
    const frame = event.senderFrame;
    // Only the page itself, in the top frame of a window we made: a frame or a page that got in gets no host.
    if (!frame || frame.parent !== null || !isPage(frame.url) || !o.isOurWindow(event))
      throw new Error('This page may not talk to omk.');
    const { port1, port2 } = new MessageChannelMain();
    const page = over(port1);
    const connected = await o.link.connect(divert(page, DESKTOP_PATHS, serveDesktop));
    if (!connected.ok) {
      page.close();
      throw new Error(connected.error.message);
    }
    // The page may have gone while the host was reached.
    if (frame.isDestroyed()) page.close();
    else frame.postMessage(PORT_CHANNEL, null, [port2]);
  });
}

const over = (port: MessagePortMain): Transport =>
  portTransport({
    post: (frame) => port.postMessage(frame),
    start: () => port.start(),
    close: () => port.close(),
    onMessage: (listener) => void port.on('message', (event) => listener(event.data)),
    onClose: (listener) => void port.on('close', listener),
  });
