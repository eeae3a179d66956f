import type { MenuItemConstructorOptions } from 'electron';
import { Loud, notThere } from './absent.ts';
import type { BrowserWindow } from './browser-window.ts';
import { Menu } from './menu.ts';
import { performRole, roleLabel } from './menu-roles.ts';

const ORDERING = ['before', 'after', 'beforeGroupContaining', 'afterGroupContaining'] as const;

/** Electron's MenuItem. `item.click()` does what choosing it would, with no window unless one is given. */
export class MenuItem extends Loud {
  readonly id: string;
  readonly role: string | undefined;
  readonly type: string;
  readonly accelerator: string | null;
  readonly submenu: Menu | undefined;
  readonly click: (event?: object, window?: BrowserWindow) => void;
  readonly commandId = 0;
  readonly toolTip: string;
  readonly sublabel: string;
  readonly registerAccelerator: boolean;
  label: string;
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  icon: unknown;

  constructor(options: MenuItemConstructorOptions) {
    super();
    for (const name of ORDERING) if (options[name] !== undefined) throw notThere(`MenuItem option ${name}`);
    const { submenu, role } = options;
    this.submenu = Array.isArray(submenu) ? Menu.buildFromTemplate(submenu) : (submenu as Menu | undefined);
    this.type = options.type ?? (this.submenu === undefined ? 'normal' : 'submenu');
    this.id = options.id ?? '';
    this.role = role?.toLowerCase();
    this.label = options.label ?? (role === undefined ? '' : roleLabel(role));
    this.accelerator = options.accelerator ?? null;
    this.enabled = options.enabled ?? true;
    this.visible = options.visible ?? true;
    this.checked = options.checked ?? false;
    this.toolTip = options.toolTip ?? '';
    this.sublabel = options.sublabel ?? '';
    this.registerAccelerator = options.registerAccelerator ?? true;
    this.icon = options.icon;
    // Electron's own types name its real classes here; what is passed on is the double of each.
    const chosen = options.click as
      ((item: MenuItem, window?: BrowserWindow, event?: object) => void) | undefined;
    this.click = (event, window) => {
      if (this.type === 'checkbox' || this.type === 'radio')
        this.checked = this.type === 'radio' || !this.checked;
      if (this.role !== undefined && performRole(this.role, window)) return;
      chosen?.(this, window, event);
    };
  }
}
