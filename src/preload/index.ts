import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { CONNECT_CHANNEL, PORT_CHANNEL, PORT_MESSAGE } from '../shared/desktop.ts';

// A port cannot cross the context bridge; it is handed to the page in a message of the window to itself.
ipcRenderer.on(PORT_CHANNEL, (event) => {
  window.postMessage(PORT_MESSAGE, window.location.origin, event.ports);
});

contextBridge.exposeInMainWorld('omk', {
  /** Asks for a port to the host, which arrives as a window message. */
  connect: async (): Promise<void> => {
    await ipcRenderer.invoke(CONNECT_CHANNEL);
  },
  /** Where a dropped file or folder lies on disk. */
  pathForFile: (file: File): string => webUtils.getPathForFile(file),
});
