const { contextBridge, ipcRenderer, webUtils } = require('electron');

ipcRenderer.on('port', (event) => window.postMessage('port', '*', event.ports));

function attempt(action) {
  try {
    action();
    return 'no error';
  } catch (error) {
    return error.message;
  }
}

contextBridge.exposeInMainWorld('bridge', {
  versions: { electron: process.versions.electron },
  list: [1, { two: 2 }],
  invoke: (channel, ...args) => ipcRenderer.invoke(channel, ...args),
  send: (channel, ...args) => ipcRenderer.send(channel, ...args),
  onPush: (listener) => {
    ipcRenderer.on('push', (_event, value) => listener(value));
  },
  offerPort: () => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => window.postMessage({ answered: event.data }, '*');
    port1.postMessage('early');
    ipcRenderer.postMessage('offer-port', 'take it', [port2]);
  },
  pathOf: (file) => webUtils.getPathForFile(file),
  apply: (fn, ...args) => fn(...args),
  later: (value) => Promise.resolve(value),
  reject: () => Promise.reject(new Error('not today')),
  fail: () => {
    throw new Error('on purpose');
  },
  ipc: ipcRenderer,
  requireFs: () => attempt(() => require('node:fs')),
  sendSync: () => attempt(() => ipcRenderer.sendSync('x')),
  exposeTwice: () => attempt(() => contextBridge.exposeInMainWorld('bridge', {})),
});
