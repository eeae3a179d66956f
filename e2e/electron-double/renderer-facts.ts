import type { BrowserWindowConstructorOptions } from 'electron';
import type { PageConfig } from './page/messages.ts';

/** What a window's preload can read of its process. */
export function rendererFacts(
  options: BrowserWindowConstructorOptions,
): Omit<PageConfig, 'binding' | 'channel'> {
  return {
    platform: process.platform,
    arch: process.arch,
    // Everything in it is a string; Node only declares that some may be missing.
    versions: { ...process.versions } as Record<string, string>,
    argv: [process.argv0, ...(options.webPreferences?.additionalArguments ?? [])],
  };
}
