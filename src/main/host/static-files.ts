import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { dirname, extname, join, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

export type StaticFile = { readonly bytes: Uint8Array<ArrayBuffer>; readonly type: string };

/**
 * A file of the built page by its URL path (`/` is `index.html`), or `null`. Only files of a known type inside `root` are
 * found, however the path is written and whatever links lie there.
 */
export async function readStatic(root: string, urlPath: string): Promise<StaticFile | null> {
  const segments = safeSegments(urlPath);
  if (segments === null) return null;
  const relative = segments.length === 0 ? ['index.html'] : segments;
  const type = TYPES[extname(relative.at(-1) ?? '')];
  if (type === undefined) return null;
  try {
    const inside = (await realpath(root)) + sep;
    const path = await realpath(join(root, ...relative));
    return path.startsWith(inside) ? { bytes: Uint8Array.from(await readFile(path)), type } : null;
  } catch {
    return null; // not there, a folder, or not readable: all the same to a page
  }
}

/** The path's parts once decoded, or `null` when any of them could mean something to a file system. */
function safeSegments(urlPath: string): readonly string[] | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return null;
  }
  if (!decoded.startsWith('/')) return null;
  const segments = decoded.slice(1).split('/');
  if (segments.length === 1 && segments[0] === '') return [];
  return segments.every((one) => /^[\w-][\w.@-]*$/.test(one)) ? segments : null;
}

/** `out/renderer` of this checkout or package, or `null` when the page was not built. */
export function builtPage(): string | null {
  for (let dir = import.meta.dirname; dir !== dirname(dir); dir = dirname(dir)) {
    const page = join(dir, 'out', 'renderer');
    if (existsSync(join(page, 'index.html'))) return page;
    if (existsSync(join(dir, 'package.json'))) return null;
  }
  return null;
}
