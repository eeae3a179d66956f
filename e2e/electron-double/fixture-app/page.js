const { bridge } = window;
const log = document.querySelector('#log');

function say(text) {
  const item = document.createElement('li');
  item.textContent = text;
  log.append(item);
}

bridge.onPush((value) => say(`push ${JSON.stringify(value)}`));

window.addEventListener('message', (event) => {
  if (event.data !== 'port') return;
  const [port] = event.ports;
  window.port = port;
  port.addEventListener('message', ({ data }) => {
    window.lastPortMessage = data;
    say(`port ${data instanceof Map ? 'map' : typeof data}`);
  });
  port.addEventListener('close', () => say('port closed'));
  port.start();
  say('port here');
});

const drop = document.querySelector('#drop');
drop.addEventListener('dragover', (event) => event.preventDefault());
drop.addEventListener('drop', (event) => {
  event.preventDefault();
  const [file] = event.dataTransfer.files;
  const [item] = event.dataTransfer.items;
  const kind = item.webkitGetAsEntry().isDirectory ? 'folder' : 'file';
  document.querySelector('#dropped').textContent = `${kind} ${bridge.pathOf(file)}`;
});

say('ready');
