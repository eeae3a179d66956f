import type { MenuItemConstructorOptions } from 'electron';
import { LoudEmitter } from './absent.ts';
import { MenuItem } from './menu-item.ts';
import { note, record } from './record.ts';

/** A context menu that was shown. */
export type MenuRecord = { readonly menu: Menu; readonly options: object | undefined };

let applicationMenu: Menu | null = null;

/** Electron's Menu, kept and not drawn; accelerators are kept and no key press reaches them. */
export class Menu extends LoudEmitter {
  readonly items: MenuItem[] = [];

  static buildFromTemplate(template: (MenuItemConstructorOptions | MenuItem)[]): Menu {
    const menu = new Menu();
    for (const entry of template) {
      if (entry.label === undefined && entry.role === undefined && entry.type === undefined) {
        throw new TypeError('Invalid template for MenuItem: must have at least one of label, role or type');
      }
      menu.append(entry instanceof MenuItem ? entry : new MenuItem(entry));
    }
    return menu;
  }

  static setApplicationMenu(menu: Menu | null): void {
    note('Menu.setApplicationMenu', menu);
    applicationMenu = menu;
  }

  static getApplicationMenu(): Menu | null {
    return applicationMenu;
  }

  append(item: MenuItem): void {
    this.items.push(item);
  }

  insert(position: number, item: MenuItem): void {
    this.items.splice(position, 0, item);
  }

  /** Looks through submenus too. */
  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id);
      if (found !== null && found !== undefined) return found;
    }
    return null;
  }

  popup(options?: object): void {
    record.popups.push({ menu: this, options });
    this.emit('menu-will-show');
  }

  closePopup(): void {
    this.emit('menu-will-close');
  }
}
