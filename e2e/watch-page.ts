import type { BrowserContext, Page } from '@playwright/test';

export type Watched = {
  /** What went wrong in any page of the context: errors on the console, thrown errors, refusals of the page's policy. */
  readonly problems: string[];
  /** Every address that was asked for. */
  readonly requests: string[];
};

/** Begin before the first page is there, or its first words are missed. */
export function watchPages(context: BrowserContext): Watched {
  const watched: Watched = { problems: [], requests: [] };
  const watchPage = (page: Page): void => {
    page.on('pageerror', (error) => watched.problems.push(`thrown: ${error.stack ?? error.message}`));
  };
  context.pages().forEach(watchPage);
  context.on('page', watchPage);
  context.on('request', (request) => watched.requests.push(request.url()));
  context.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' || message.type() === 'warning' || /Content.Security.Policy/i.test(text))
      watched.problems.push(`${message.type()}: ${text.slice(0, 500)}`);
  });
  return watched;
}
