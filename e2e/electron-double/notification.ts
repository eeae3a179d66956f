import type { NotificationConstructorOptions } from 'electron';
import { LoudEmitter } from './absent.ts';
import { createEvent } from './events.ts';
import { record } from './record.ts';

/** Electron's Notification, kept and not drawn. `emit('click')` clicks it. */
export class Notification extends LoudEmitter {
  title: string;
  subtitle: string;
  body: string;
  silent: boolean;
  urgency: string;
  actions: unknown[];
  readonly icon: unknown;
  /** Whether it is on screen, for tests. */
  shown = false;

  constructor(options: NotificationConstructorOptions = {}) {
    super();
    this.title = options.title ?? '';
    this.subtitle = options.subtitle ?? '';
    this.body = options.body ?? '';
    this.silent = options.silent ?? false;
    this.urgency = options.urgency ?? 'normal';
    this.actions = options.actions ?? [];
    this.icon = options.icon;
    record.notifications.push(this);
  }

  static isSupported(): boolean {
    return true;
  }

  show(): void {
    this.shown = true;
    process.nextTick(() => this.emit('show', createEvent({})));
  }

  close(): void {
    if (!this.shown) return;
    this.shown = false;
    process.nextTick(() => this.emit('close', createEvent({})));
  }
}
