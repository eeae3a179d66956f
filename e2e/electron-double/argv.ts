/** What the double reads from Electron's command line. */
export type CommandLineOptions = {
  /** The app: a folder with a package.json, or a file. */
  readonly appPath: string;
  /** Modules to load before it, in order (`-r`). */
  readonly requires: readonly string[];
  /** Every `--name` or `--name=value`, wherever it stood. */
  readonly switches: ReadonlyMap<string, string>;
  /** All of it, as given. */
  readonly args: readonly string[];
};

/** Reads Electron's command line; like Electron it takes switches before and after the app. */
export function parseCommandLine(args: readonly string[]): CommandLineOptions {
  const requires: string[] = [];
  const switches = new Map<string, string>();
  let appPath: string | undefined;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '-r' || arg === '--require') requires.push(args[++i] ?? '');
    else if (arg === '--') break;
    else if (arg.startsWith('--')) {
      const [, name = '', value = ''] = /^--([^=]*)=?(.*)$/s.exec(arg) ?? [];
      switches.set(name, value);
    } else appPath ??= arg;
  }
  if (appPath === undefined)
    throw new Error('electron double: no app given; say `electron.mjs [switches] <app folder>`.');
  return { appPath, requires, switches, args };
}

/**
 * Whether Playwright's launcher started us: it passes exactly these two, and then calls `__playwright_run()` once it
 * is attached. With `-r`, its own loader holds the ready event back, so the double must not.
 */
export function isDrivenByPlaywright(options: CommandLineOptions): boolean {
  return options.switches.get('inspect') === '0' && options.switches.get('remote-debugging-port') === '0';
}
