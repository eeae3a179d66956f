import { Loud, LoudEmitter, notThere } from './absent.ts';
import { protocol } from './protocol.ts';
import { note, record } from './record.ts';

type RequestHandler = (
  webContents: unknown,
  permission: string,
  callback: (granted: boolean) => void,
  details: { requestingUrl: string; isMainFrame: boolean },
) => void;
type CheckHandler = (
  webContents: unknown,
  permission: string,
  requestingOrigin: string,
  details: object,
) => boolean;

/** Listeners are kept and recorded; the double does not run them. */
class WebRequest extends Loud {
  onBeforeRequest(...args: unknown[]): void {
    note('webRequest.onBeforeRequest', ...args);
  }
  onBeforeSendHeaders(...args: unknown[]): void {
    note('webRequest.onBeforeSendHeaders', ...args);
  }
  onHeadersReceived(...args: unknown[]): void {
    note('webRequest.onHeadersReceived', ...args);
  }
}

class Session extends LoudEmitter {
  readonly protocol = protocol;
  readonly webRequest = new WebRequest();
  #onRequest: RequestHandler | undefined;
  #onCheck: CheckHandler | undefined;

  setPermissionRequestHandler(handler: RequestHandler | null): void {
    note('session.setPermissionRequestHandler', handler);
    this.#onRequest = handler ?? undefined;
  }

  setPermissionCheckHandler(handler: CheckHandler | null): void {
    note('session.setPermissionCheckHandler', handler);
    this.#onCheck = handler ?? undefined;
  }

  setDevicePermissionHandler(handler: unknown): void {
    note('session.setDevicePermissionHandler', handler);
  }

  setDisplayMediaRequestHandler(handler: unknown): void {
    note('session.setDisplayMediaRequestHandler', handler);
  }

  setSpellCheckerEnabled(enabled: boolean): void {
    note('session.setSpellCheckerEnabled', enabled);
  }

  /** What Electron would decide: the check handler first, then the request handler; without handlers, yes. */
  async ask(permission: string, url: string): Promise<boolean> {
    const details = { requestingUrl: url, isMainFrame: true };
    if (this.#onCheck?.(null, permission, url, details) === false) return false;
    const handler = this.#onRequest;
    if (handler === undefined) return true;
    return new Promise((resolve) => handler(null, permission, resolve, details));
  }
}

class SessionModule extends Loud {
  static override readonly label = 'session';
  readonly #default = new Session();

  get defaultSession(): Session {
    return this.#default;
  }

  fromPartition(): never {
    throw notThere('session.fromPartition');
  }
}

export const session = new SessionModule();

record.askPermission = (permission, url = '') => session.defaultSession.ask(permission, url);
