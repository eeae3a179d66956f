import type { CdpSession } from './cdp.ts';
import { isMappedScheme, toAppUrl, toPageUrl } from './scheme-urls.ts';

/** Who decides where a page may go. URLs are in the app's terms. */
export type NavigationGuard = {
  /** A navigation the page itself began (not the app, not the test): may it go on? */
  mayNavigate(url: string): boolean;
  /** The page asked for another window, by a link, a form or a modified click. Nothing ever opens. */
  windowOpen(url: string, frameName: string, features: string, disposition: string): void;
  /** The page's `beforeunload` says no: may it be overruled? */
  mayOverruleUnload(): boolean;
  /** The preload could not be loaded. */
  preloadFailed(message: string, stack: string): void;
};

const withoutHash = (url: string): string => url.replace(/#.*$/s, '');

/** Puts `guard` between the page and Chromium's network, and hears of new windows. */
export async function guardNavigation(
  session: CdpSession,
  targetId: string,
  guard: NavigationGuard,
): Promise<void> {
  let requestedByPage: string | undefined;
  let mappedNext: string | undefined;
  const judged = new Set<string>();

  session.on('Page.frameRequestedNavigation', ({ frameId, url, disposition }) => {
    if (disposition !== 'currentTab') {
      guard.windowOpen(toAppUrl(url), '', '', disposition === 'newTab' ? 'foreground-tab' : 'new-window');
      return;
    }
    if (frameId !== targetId) return;
    const scheme = url.slice(0, url.indexOf(':')).toLowerCase();
    if (scheme === 'http' || scheme === 'https') {
      requestedByPage = withoutHash(url);
    } else if (scheme !== 'javascript' && guard.mayNavigate(url) && isMappedScheme(scheme)) {
      mappedNext = toPageUrl(url);
    }
  });
  session.on('Page.frameStoppedLoading', ({ frameId }) => {
    // Chromium does not know the scheme; once it has dropped the navigation, it is made here.
    if (frameId !== targetId || mappedNext === undefined) return;
    session.send('Page.navigate', { url: mappedNext }).catch(() => undefined);
    mappedNext = undefined;
  });
  session.on('Page.navigatedWithinDocument', (event) => {
    if (event.frameId === targetId) requestedByPage = undefined;
  });
  session.on('Page.windowOpen', ({ url, windowName, windowFeatures }) => {
    guard.windowOpen(
      toAppUrl(url),
      windowName === '_blank' ? '' : windowName,
      windowFeatures.join(','),
      'foreground-tab',
    );
  });
  session.on('Page.javascriptDialogOpening', ({ type }) => {
    // Electron shows no dialog for it: the page stays unless the app says otherwise.
    if (type !== 'beforeunload') return;
    session.send('Page.handleJavaScriptDialog', { accept: guard.mayOverruleUnload() }).catch(() => undefined);
  });
  session.on('Fetch.requestPaused', ({ requestId, frameId, networkId, request }) => {
    const settle = async (): Promise<void> => {
      // A redirect of a navigation that was allowed comes by again under the same id.
      if (frameId === targetId && !judged.has(networkId ?? requestId)) {
        // Chromium sends the page's word about a navigation it began on the same pipe, ahead of the navigation.
        const byPage = requestedByPage === withoutHash(request.url);
        requestedByPage = undefined;
        if (byPage && !guard.mayNavigate(toAppUrl(request.url + (request.urlFragment ?? '')))) {
          await session.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' });
          return;
        }
        judged.add(networkId ?? requestId);
      }
      await session.send('Fetch.continueRequest', { requestId });
    };
    // The page may be gone by the time it is answered.
    settle().catch(() => undefined);
  });
  await session.send('Fetch.enable', { patterns: [{ urlPattern: '*', resourceType: 'Document' }] });
}
