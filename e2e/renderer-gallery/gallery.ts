import { sceneHost } from '../../src/renderer/testing/scene-host.ts';
import type { Scene } from '../../src/renderer/testing/scene-host.ts';
import type { FakeHost } from '../../src/renderer/testing/fake-host.ts';
import { start } from '../../src/renderer/start.tsx';

declare global {
  interface Window {
    /** The host behind the page, for whoever drives it. */
    gallery: FakeHost;
  }
}

// The page with a host in memory: `?scene=busy`. Never part of the product.
const scene = (new URLSearchParams(location.search).get('scene') ?? 'busy') as Scene;
const host = sceneHost(scene);
window.gallery = host;
const root = document.getElementById('root');
if (root) start(root, host.connect);
if (scene === 'offline') {
  setTimeout(() => {
    host.reachable = false;
    host.cut();
  }, 600);
}
