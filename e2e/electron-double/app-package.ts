import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The app as its package.json describes it. */
export type AppPackage = {
  readonly path: string;
  readonly entry: string;
  readonly name: string;
  readonly version: string;
};

type PackageJson = { name?: string; productName?: string; version?: string; main?: string };

/** Finds the entry file, name and version of the app at `appPath` (a folder, or the entry file itself). */
export function readAppPackage(appPath: string, fallbackVersion: string): AppPackage {
  const given = resolve(appPath);
  if (!existsSync(given)) throw new Error(`electron double: there is no app at ${given}; build it first.`);
  const isFolder = statSync(given).isDirectory();
  const path = isFolder ? given : dirname(given);
  const file = join(path, 'package.json');
  const parsed: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  // Read as Electron reads it: by these four fields, trusting their types.
  const json = parsed as PackageJson;
  const entry = isFolder ? join(path, json.main ?? 'index.js') : given;
  if (!existsSync(entry)) throw new Error(`electron double: ${entry} is not there; build the app first.`);
  return {
    path,
    entry,
    name: json.productName ?? json.name ?? 'Electron',
    version: json.version ?? fallbackVersion,
  };
}
