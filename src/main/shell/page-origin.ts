import { APP_ORIGIN } from '../../shared/desktop.ts';

let origin = APP_ORIGIN;

/** In development the page comes from a server on this machine instead; called once, before anything is loaded. */
export function trustDevelopmentServer(url: string): void {
  origin = new URL(url).origin;
}

export const pageUrl = (): string => `${origin}/`;

/** Whether an address or origin is the page's. `new URL().origin` knows no schemes of our own, so the text is compared. */
export const isPage = (url: string): boolean => url === origin || url.startsWith(`${origin}/`);
