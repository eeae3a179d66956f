/** The log could not be read or written. Not a bug and not a refusal: the disk or the file is the cause. */
export class StoreError extends Error {
  readonly code:
    | 'store.cannot_open'
    | 'store.foreign_file'
    | 'store.newer_version'
    | 'store.disk_full'
    | 'store.read_only'
    | 'store.tampered'
    | 'store.damaged'
    | 'store.failed';

  constructor(code: StoreError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }

  /** Translates what better-sqlite3 throws, once. */
  static from(cause: unknown): StoreError {
    if (cause instanceof StoreError) return cause;
    const code = cause !== null && typeof cause === 'object' && 'code' in cause ? String(cause.code) : '';
    const text = cause instanceof Error ? cause.message : String(cause);
    if (code.startsWith('SQLITE_FULL') || code === 'ENOSPC' || code === 'EDQUOT') {
      return new StoreError(
        'store.disk_full',
        'The disk is full: nothing was recorded. Free some space, then go on.',
        { cause },
      );
    }
    if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN')) {
      return new StoreError(
        'store.read_only',
        'The state directory cannot be written. Check its permissions.',
        { cause },
      );
    }
    if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB')) {
      return new StoreError(
        'store.damaged',
        `The log is damaged (${text}). Nothing is concluded from it: put back a copy, or set OMK_HOME to another folder.`,
        { cause },
      );
    }
    return new StoreError('store.failed', `The log could not be used: ${text}`, { cause });
  }
}
