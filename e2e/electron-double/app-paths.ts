import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Electron's named folders. */
export class AppPaths {
  readonly #set = new Map<string, string>();
  readonly #nameOf: () => string;

  constructor(nameOf: () => string, userDataDir: string | undefined) {
    this.#nameOf = nameOf;
    if (userDataDir !== undefined && userDataDir !== '') this.set('userData', resolve(userDataDir));
  }

  set(name: string, path: string): void {
    this.#set.set(name, path);
  }

  /** @throws for names Electron does not know */
  get(name: string): string {
    const chosen = this.#set.get(name);
    if (chosen !== undefined) return chosen;
    const home = homedir();
    switch (name) {
      case 'home':
        return home;
      case 'appData':
        if (process.platform === 'darwin') return join(home, 'Library', 'Application Support');
        return process.env['XDG_CONFIG_HOME'] ?? join(home, '.config');
      case 'userData':
        return join(this.get('appData'), this.#nameOf());
      case 'sessionData':
        return this.get('userData');
      case 'logs':
        return join(this.get('userData'), 'logs');
      case 'crashDumps':
        return join(this.get('userData'), 'Crashpad');
      case 'temp':
        return tmpdir();
      case 'exe':
      case 'module':
        return fileURLToPath(new URL('electron.mjs', import.meta.url));
      case 'desktop':
      case 'documents':
      case 'downloads':
      case 'music':
      case 'pictures':
      case 'videos':
        return join(
          home,
          name.replace(/^./, (first) => first.toUpperCase()),
        );
      default:
        throw new Error(`Failed to get '${name}' path`);
    }
  }
}
