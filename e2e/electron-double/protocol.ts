import type { CustomScheme } from 'electron';
import { Loud, notThere } from './absent.ts';
import { note } from './record.ts';
import { addScheme, isMappedScheme } from './scheme-urls.ts';

export type SchemeHandler = (request: Request) => Response | Promise<Response>;

const handlers = new Map<string, SchemeHandler>();
let appIsReady = false;

/** From now on schemes can no longer be registered, as in Electron. */
export function freezeSchemes(): void {
  appIsReady = true;
}

export function handlerOf(scheme: string): SchemeHandler | undefined {
  return handlers.get(scheme);
}

class Protocol extends Loud {
  static override readonly label = 'protocol';

  registerSchemesAsPrivileged(customSchemes: CustomScheme[]): void {
    note('protocol.registerSchemesAsPrivileged', customSchemes);
    if (appIsReady)
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    for (const { scheme, privileges } of customSchemes) {
      if (privileges?.standard === true && privileges.secure === true) addScheme(scheme);
    }
  }

  handle(scheme: string, handler: SchemeHandler): void {
    note('protocol.handle', scheme);
    if (!isMappedScheme(scheme))
      throw notThere(`protocol.handle for ${scheme}:, not registered as standard and secure,`);
    if (handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
    handlers.set(scheme, handler);
  }

  unhandle(scheme: string): void {
    if (!handlers.delete(scheme)) throw new Error(`Failed to unhandle protocol: ${scheme}`);
  }

  isProtocolHandled(scheme: string): boolean {
    return handlers.has(scheme) || ['http', 'https', 'file', 'about', 'data', 'blob'].includes(scheme);
  }
}

export const protocol = new Protocol();
