import { start } from './start.tsx';
import { openTransport } from './transports.ts';

const root = document.getElementById('root');
if (root) start(root, () => openTransport(window));
