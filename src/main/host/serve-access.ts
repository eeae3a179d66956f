import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export type Access = {
  /** `127.0.0.1:PORT`, the only name this server answers to. */
  readonly host: string;
  /** Random; whoever has it may come in once and is given the cookie. */
  readonly token: string;
  /** Random; what the cookie holds, so that the token itself is in no browser's store. */
  readonly session: string;
};

export type Refusal = { readonly status: 401 | 403 | 421; readonly message: string };

export const originOf = (access: Access): string => `http://${access.host}`;

/** Cookies do not know ports: a second omk on this machine must not overwrite the first one's. */
export const cookieName = (access: Access): string =>
  `omk-${access.host.slice(access.host.indexOf(':') + 1)}`;

/**
 * Whether a request comes from our own page, before anybody looks at who sent it. A page elsewhere can make a browser send
 * requests here; it cannot forge `Host`, `Origin` or `Sec-Fetch-Site`.
 */
export function strangeRequest(headers: IncomingHttpHeaders, access: Access): Refusal | null {
  if (headers.host !== access.host)
    return { status: 421, message: `This address is ${access.host} and answers to no other name.` };
  if (headers.origin !== undefined && headers.origin !== originOf(access))
    return { status: 403, message: 'Requests from other pages are refused.' };
  const site = headers['sec-fetch-site'];
  // Following a link here is no harm: it shows our own page, and only to whoever has the cookie.
  const navigates = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  if ((site === 'cross-site' || site === 'same-site') && !navigates)
    return { status: 403, message: 'Requests from other pages are refused.' };
  return null;
}

/** The same for a WebSocket: browsers always name the origin there, so one without is refused too. */
export function strangeUpgrade(headers: IncomingHttpHeaders, access: Access): Refusal | null {
  const strange = strangeRequest(headers, access);
  if (strange) return strange;
  return headers.origin === originOf(access)
    ? null
    : { status: 403, message: 'A connection has to name the page it comes from.' };
}

/** By the cookie of an exchanged token, or by the token as a bearer for programs that read its file. */
export function mayEnter(headers: IncomingHttpHeaders, access: Access): boolean {
  const name = cookieName(access);
  const cookies = (headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  if (cookies.some(([key, value]) => key === name && sameSecret(value, access.session))) return true;
  const [scheme, bearer] = (headers.authorization ?? '').split(' ');
  return scheme?.toLowerCase() === 'bearer' && sameSecret(bearer, access.token);
}

/** In constant time, whatever the lengths. */
export function sameSecret(given: string | null | undefined, secret: string): boolean {
  if (given === null || given === undefined) return false;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}
