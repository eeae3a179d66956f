import type { Rectangle } from 'electron';
import { LoudEmitter } from './absent.ts';
import type { Menu } from './menu.ts';
import { record } from './record.ts';

/** Electron's Tray, kept and not drawn. `tray.emit('click')` clicks it. */
export class Tray extends LoudEmitter {
  /** What is shown now, for tests; Electron has no getters for most of it. */
  image: unknown;
  toolTip = '';
  title = '';
  contextMenu: Menu | null = null;
  #destroyed = false;

  constructor(image: unknown) {
    super();
    this.image = image;
    record.trays.push(this);
  }

  setImage(image: unknown): void {
    this.image = image;
  }

  setPressedImage(): void {
    // Only drawn, and nothing is.
  }

  setToolTip(toolTip: string): void {
    this.toolTip = toolTip;
  }

  setTitle(title: string): void {
    this.title = title;
  }

  getTitle(): string {
    return this.title;
  }

  setContextMenu(menu: Menu | null): void {
    this.contextMenu = menu;
  }

  popUpContextMenu(menu?: Menu): void {
    (menu ?? this.contextMenu)?.popup();
  }

  setIgnoreDoubleClickEvents(): void {
    // A double click only happens when a test emits it.
  }

  getBounds(): Rectangle {
    return { x: 0, y: 0, width: 24, height: 24 };
  }

  destroy(): void {
    this.#destroyed = true;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }
}
