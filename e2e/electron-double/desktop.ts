import type {
  MessageBoxOptions,
  MessageBoxReturnValue,
  OpenDialogReturnValue,
  SaveDialogReturnValue,
} from 'electron';
import { Loud, LoudEmitter } from './absent.ts';
import { BrowserWindow } from './browser-window.ts';
import { note } from './record.ts';

/** Electron's rule for a closed message box: `cancelId`, else a button called cancel or no, else the first. */
function cancelled(options: MessageBoxOptions): number {
  const named = (options.buttons ?? []).findIndex((label) => /^(cancel|no)$/i.test(label.replace('&', '')));
  return options.cancelId ?? Math.max(0, named);
}

/** Dialogs nobody stubbed are recorded and answered as if the person had closed them. */
class Dialog extends Loud {
  static override readonly label = 'dialog';

  showOpenDialog(...args: unknown[]): Promise<OpenDialogReturnValue> {
    note('dialog.showOpenDialog', ...args);
    return Promise.resolve({ canceled: true, filePaths: [] });
  }

  showSaveDialog(...args: unknown[]): Promise<SaveDialogReturnValue> {
    note('dialog.showSaveDialog', ...args);
    return Promise.resolve({ canceled: true, filePath: '' });
  }

  showMessageBox(
    ...args: [MessageBoxOptions] | [BrowserWindow, MessageBoxOptions]
  ): Promise<MessageBoxReturnValue> {
    note('dialog.showMessageBox', ...args);
    const options = args[0] instanceof BrowserWindow ? args[1] : args[0];
    return Promise.resolve({ response: cancelled(options ?? { message: '' }), checkboxChecked: false });
  }

  showErrorBox(title: string, content: string): void {
    note('dialog.showErrorBox', title, content);
    console.error(`electron double: error box: ${title}: ${content}`);
  }
}

/** Nothing outside the test is ever opened. */
class Shell extends Loud {
  static override readonly label = 'shell';

  openExternal(url: string, options?: object): Promise<void> {
    note('shell.openExternal', url, options);
    return Promise.resolve();
  }

  openPath(path: string): Promise<string> {
    note('shell.openPath', path);
    return Promise.resolve('');
  }

  showItemInFolder(path: string): void {
    note('shell.showItemInFolder', path);
  }

  beep(): void {
    note('shell.beep');
  }
}

/** Text only, and not the machine's clipboard. */
class Clipboard extends Loud {
  static override readonly label = 'clipboard';
  #text = '';

  readText(): Promise<string> {
    return Promise.resolve(this.#text);
  }

  writeText(text: string): Promise<void> {
    note('clipboard.writeText', text);
    this.#text = text;
    return Promise.resolve();
  }

  clear(): void {
    this.#text = '';
  }
}

class CrashReporter extends Loud {
  static override readonly label = 'crashReporter';

  start(options?: object): void {
    note('crashReporter.start', options);
  }

  addExtraParameter(key: string, value: string): void {
    note('crashReporter.addExtraParameter', key, value);
  }
}

/** An emitter: tests emit `suspend`, `resume`, `shutdown` on it. */
class PowerMonitor extends LoudEmitter {
  static override readonly label = 'powerMonitor';

  isOnBatteryPower(): boolean {
    return false;
  }
}

export const dialog = new Dialog();
export const shell = new Shell();
export const clipboard = new Clipboard();
export const crashReporter = new CrashReporter();
export const powerMonitor = new PowerMonitor();
