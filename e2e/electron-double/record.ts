import type { Display } from 'electron';
import type { MenuRecord } from './menu.ts';
import type { Notification } from './notification.ts';
import type { Tray } from './tray.ts';

/** One call that has no effect in the double beyond being written down. */
export type RecordedCall = { readonly api: string; readonly args: readonly unknown[] };

/** What tests read (and a few switches they may set) through `app.evaluate(() => __electronDouble…)`. */
export type DoubleRecord = {
  /** Every recorded call, oldest first; `api` as written in Electron's documentation, e.g. `shell.openExternal`. */
  readonly calls: RecordedCall[];
  /** The arguments of every recorded call of one API. */
  callsTo(api: string): (readonly unknown[])[];
  /** Every Notification made, shown or not. `notification.emit('click')` clicks it. */
  readonly notifications: Notification[];
  /** Every Tray made. `tray.emit('click')` clicks it; its menu is `tray.contextMenu`. */
  readonly trays: Tray[];
  /** Context menus shown by `menu.popup()`. */
  readonly popups: MenuRecord[];
  /** Answers a permission request as the default session's handlers would. */
  askPermission: (permission: string, url?: string) => Promise<boolean>;
  /** Makes the next drop in the page with this target id carry real paths; see drop-paths.ts. */
  expectDrop: (targetId: string, paths: readonly string[]) => Promise<void>;
  /** Sets the operating system's light or dark preference. */
  setSystemDark: (dark: boolean) => void;
  /** The screens there are; tests may replace them. */
  displays: Display[];
};

declare global {
  // `var` is what makes a global visible on globalThis to TypeScript.
  var __electronDouble: DoubleRecord;
}

const unset = (): never => {
  throw new Error('electron double: asked before it had started.');
};

export const record: DoubleRecord = {
  calls: [],
  callsTo: (api) => record.calls.filter((call) => call.api === api).map((call) => call.args),
  notifications: [],
  trays: [],
  popups: [],
  askPermission: unset,
  expectDrop: unset,
  setSystemDark: unset,
  displays: [],
};

globalThis.__electronDouble = record;

/** Writes a call down. */
export function note(api: string, ...args: unknown[]): void {
  record.calls.push({ api, args });
}
