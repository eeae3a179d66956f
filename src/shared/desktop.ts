/** What the shell, its preload and the page call each other in the desktop window. */

/** The page's own scheme: unlike `file://` it is an origin, and nothing outside the built page can be reached by it. */
export const APP_SCHEME = 'app';
export const APP_ORIGIN = 'app://omk';

/** The preload asks the shell for a message port; the shell answers on the second one. */
export const CONNECT_CHANNEL = 'omk:connect';
export const PORT_CHANNEL = 'omk:port';

/** The preload hands the port to the page in a window message that says this. */
export const PORT_MESSAGE = 'omk-port';
