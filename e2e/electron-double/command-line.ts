import { Loud } from './absent.ts';

/** `app.commandLine`: the switches the process was started with, and those added for Chromium before it starts. */
export class CommandLine extends Loud {
  static override readonly label = 'app.commandLine';
  readonly #switches: Map<string, string>;
  readonly #added = new Map<string, string>();

  constructor(given: ReadonlyMap<string, string>) {
    super();
    this.#switches = new Map(given);
  }

  appendSwitch(name: string, value = ''): void {
    this.#switches.set(name, value);
    this.#added.set(name, value);
  }

  removeSwitch(name: string): void {
    this.#switches.delete(name);
    this.#added.delete(name);
  }

  hasSwitch(name: string): boolean {
    return this.#switches.has(name);
  }

  getSwitchValue(name: string): string {
    return this.#switches.get(name) ?? '';
  }

  /** What Chromium is to be started with besides the double's own flags. */
  chromiumFlags(): string[] {
    return [...this.#added].map(([name, value]) => (value === '' ? `--${name}` : `--${name}=${value}`));
  }
}
