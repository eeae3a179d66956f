import { session } from 'electron';
import { isPage } from './page-origin.ts';

/**
 * The page may notify, and may put text on the clipboard when a person asks for a copy; it cannot read the clipboard.
 * Everything else a page could ask for (camera, location, devices, screen, other protocols) is refused without asking anybody.
 */
const GRANTED: ReadonlySet<string> = new Set(['notifications', 'clipboard-sanitized-write']);

export function limitPermissions(): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, permission, callback, details) => {
    callback(GRANTED.has(permission) && isPage(details.requestingUrl));
  });
  defaultSession.setPermissionCheckHandler(
    (_contents, permission, origin) => GRANTED.has(permission) && isPage(origin),
  );
  defaultSession.setDevicePermissionHandler(() => false);
}
