import { ipcMain } from 'electron';

ipcMain.handle('echo', (_event, ...args) => args);
ipcMain.handle('add', async (_event, a, b) => a + b);
ipcMain.handle('fail', () => {
  throw new TypeError('broken here');
});
ipcMain.handle('uncloneable', () => () => 1);
ipcMain.handle('sender', (event) => ({
  url: event.senderFrame.url,
  origin: event.senderFrame.origin,
  id: event.sender.id,
  isTop: event.senderFrame.parent === null,
}));
ipcMain.handle('kinds', (_event, value) => ({
  date: value.date instanceof Date,
  map: value.map instanceof Map,
  bytes: value.bytes instanceof Uint8Array,
  self: value.self === value,
  sum: value.map.get('bytes').reduce((a, b) => a + b, 0),
}));
ipcMain.on('say', (event, text) => event.reply('push', `said ${text}`));
ipcMain.on('offer-port', (event, text) => {
  const [port] = event.ports;
  port.on('message', ({ data }) => port.postMessage(`${text}: ${data}`));
  ipcMain.once('start-port', () => port.start());
});
