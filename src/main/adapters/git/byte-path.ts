/**
 * A path inside a tree as git has it: bytes. Kept as a string with one character per byte (latin1), because names that are
 * not valid UTF-8 must survive being read, compared, sorted and written again without losing a bit.
 */
export type BytePath = string & { readonly __bytePath: unique symbol };

// One brand cast for each way in; everything else takes and returns the type.
export const bytePath = (bytes: Buffer): BytePath => bytes.toString('latin1') as BytePath;
export const bytePathOfText = (text: string): BytePath => bytePath(Buffer.from(text, 'utf8'));
export const bytesOf = (path: BytePath): Buffer => Buffer.from(path, 'latin1');
export const rootPath = '' as BytePath;

export const joinPath = (dir: BytePath, name: BytePath): BytePath =>
  (dir === '' ? name : `${dir}/${name}`) as BytePath;

/** '' for an entry of the root. */
export function parentOf(path: BytePath): BytePath {
  const slash = path.lastIndexOf('/');
  return (slash < 0 ? '' : path.slice(0, slash)) as BytePath;
}

export const nameOf = (path: BytePath): BytePath => path.slice(path.lastIndexOf('/') + 1) as BytePath;

/** Where a path of a tree is on disk: `root` is an ordinary path, the rest is taken byte for byte. */
export function onDisk(root: string, path: BytePath): Buffer {
  return path === ''
    ? Buffer.from(root, 'utf8')
    : Buffer.concat([Buffer.from(root, 'utf8'), Buffer.from('/'), bytesOf(path)]);
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The path as text, for people and for events. Valid UTF-8 reads as it is (control and bidi characters included: marking them is
 * the screen's work); in any other path every byte above ASCII is written as `\xNN`, so that two paths never read alike by loss.
 */
export function textOf(path: BytePath): string {
  // oxlint-disable-next-line no-control-regex -- ASCII is exactly this range
  if (/^[\x00-\x7f]*$/.test(path)) return path;
  try {
    return strictUtf8.decode(bytesOf(path));
  } catch {
    // Not UTF-8: said in the docstring what happens then.
    return path.replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
  }
}

/** Code points that HFS+ drops when it compares names, so that `.g<U+200C>it` opens `.git` there. */
const ignoredByHfs = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** As git's own `verify_path` with protectHFS and protectNTFS: everything some file system takes for `.git`. */
function looksLike(component: string, names: RegExp): boolean {
  // NTFS drops a stream name and trailing dots and spaces, and treats the backslash as a separator.
  return component
    .split('\\')
    .some((part) => [part, part.replace(/:.*$/s, '').replace(/[. ]+$/, '')].some((name) => names.test(name)));
}

/** Why a path cannot be in a tree of ours; `null` when it can. */
export function unsafePath(path: BytePath, isLink: boolean): string | null {
  // Nearly every name is of this shape, and none of the names below is.
  if (/^[A-Za-z0-9_][\w.-]*$/.test(path)) return null;
  if (path === '' || path.includes('\0')) return 'is no path';
  const parts = path.split('/');
  for (const [at, part] of parts.entries()) {
    if (part === '' || part === '.' || part === '..') return 'leaves its folder';
    const text = Buffer.from(part, 'latin1').toString('utf8').replace(ignoredByHfs, '').toLowerCase();
    if (looksLike(text, /^(?:\.git|git~1)$/)) return 'has a name that some systems take for .git';
    if (
      isLink &&
      at === parts.length - 1 &&
      looksLike(text, /^(?:\.gitmodules|gitmod~[1-4]|gi7[a-z0-9]*~\d+)$/)
    )
      return 'is a link where git reads submodules';
  }
  return null;
}
