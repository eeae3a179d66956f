import { protocol, session } from 'electron';
import { APP_ORIGIN, APP_SCHEME } from '../../shared/desktop.ts';
import { pageHeaders } from '../host/page-policy.ts';
import { readStatic } from '../host/static-files.ts';
import { CRASH_PATH } from './crash-screen.ts';

/** Has to run before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built page under `app://omk`, and the crash screen beside it. `page` is null when nothing was built. */
export function serveScheme(page: string | null, crashScreen: () => string): void {
  session.defaultSession.protocol.handle(APP_SCHEME, async (request) => {
    const { protocol: scheme, host, pathname } = new URL(request.url);
    const send = (status: number, body: string | Uint8Array<ArrayBuffer>, type: string): Response =>
      new Response(request.method === 'HEAD' ? null : body, {
        status,
        headers: { ...pageHeaders(), 'content-type': type },
      });
    if (`${scheme}//${host}` !== APP_ORIGIN || (request.method !== 'GET' && request.method !== 'HEAD'))
      return send(404, 'There is nothing here.', 'text/plain');
    if (pathname === CRASH_PATH) return send(200, crashScreen(), 'text/html; charset=utf-8');
    const file = page === null ? null : await readStatic(page, pathname);
    return file ? send(200, file.bytes, file.type) : send(404, 'There is nothing here.', 'text/plain');
  });
}
