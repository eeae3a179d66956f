/**
 * Chromium alone cannot be taught a scheme, so `app://omk/x` lives in the page as
 * `http://omk.app.electron-double.localhost/x`: an origin of its own, potentially trustworthy, and the same at every
 * start, so that stored data survives a restart. The app's main process only ever sees the left form.
 */
const DOMAIN = 'electron-double.localhost';

/** Host pattern of every such origin, for Chromium's resolver. */
export const SCHEME_HOSTS = `*.${DOMAIN}`;

/** Schemes registered as standard and secure; the only ones that can be mapped. */
const schemes = new Set<string>();

export function addScheme(scheme: string): void {
  if (!/^[a-z][a-z0-9-]*$/.test(scheme))
    throw new Error(`electron double: cannot serve the scheme ${scheme}.`);
  schemes.add(scheme);
}

export function isMappedScheme(scheme: string): boolean {
  return schemes.has(scheme);
}

/** The URL the page is sent to. Anything but a registered scheme stays what it is. */
export function toPageUrl(url: string): string {
  const [, scheme = '', host = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/is.exec(url) ?? [];
  if (!schemes.has(scheme.toLowerCase())) return url;
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(host))
    throw new Error(`electron double: cannot serve the host of ${url}.`);
  return `http://${host.toLowerCase()}.${scheme.toLowerCase()}.${DOMAIN}${rest.startsWith('/') ? rest : `/${rest}`}`;
}

/** The URL as the app knows it. */
export function toAppUrl(url: string): string {
  return url.replace(
    /^http:\/\/([a-z0-9.-]+)\.([a-z0-9-]+)\.electron-double\.localhost(?=[/?#]|$)/,
    '$2://$1',
  );
}

/** Origin in the app's terms; `null` as text for what has none, as in Electron. */
export function originOf(appUrl: string): string {
  const mapped = /^([a-z][a-z0-9-]*):\/\/([^/?#]*)/.exec(appUrl);
  if (mapped !== null && schemes.has(mapped[1] ?? '')) return mapped[0];
  return URL.canParse(appUrl) ? new URL(appUrl).origin : 'null';
}

/** Rewrites origins inside a header's value: Location, Access-Control-Allow-Origin, a Content-Security-Policy. */
export function mapHeader(value: string): string {
  return value.replace(/\b([a-z][a-z0-9-]*):\/\/[a-z0-9.-]+/gi, (origin, scheme: string) =>
    schemes.has(scheme.toLowerCase()) ? toPageUrl(origin).replace(/\/$/, '') : origin,
  );
}
