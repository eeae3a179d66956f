import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { memoryPair } from './memory.ts';
import { portTransport } from './port-transport.ts';
import { rpcFeatures } from './rpc.features.ts';

rpcFeatures('memory', async () => {
  const [client, server] = memoryPair();
  return { client, server, cut: () => server.close() };
});

const over = (port: MessagePort) =>
  portTransport({
    post: (frame) => port.postMessage(frame),
    start: () => port.start(),
    close: () => port.close(),
    onMessage: (listener) => void port.on('message', listener),
    onClose: (listener) => void port.on('close', listener),
  });

rpcFeatures('message ports', async () => {
  const { port1, port2 } = new MessageChannel();
  return { client: over(port1), server: over(port2), cut: () => port2.close() };
});
