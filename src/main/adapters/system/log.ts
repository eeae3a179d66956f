import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { redactText } from '../../../shared/redact.ts';
import type { Log } from '../../runtime/ports.ts';

const ROTATE_BYTES = 5 * 1024 * 1024;

/** The diagnostic log: JSON lines, rotated once, redacted at the sink. May be deleted without loss. */
export function createLog(path: string): Log {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let bytes = sizeOf(path);
  const line = (level: string, message: string, data?: Readonly<Record<string, unknown>>): void => {
    const text = redactText(JSON.stringify({ at: new Date().toISOString(), level, message, ...data })).text;
    try {
      if (bytes > ROTATE_BYTES) {
        renameSync(path, `${path}.1`);
        bytes = 0;
      }
      appendFileSync(path, `${text}\n`, { mode: 0o600 });
      bytes += text.length + 1;
    } catch {
      // A full disk must not stop the work that the log is only about.
    }
  };
  return {
    info: (message, data) => line('info', message, data),
    warn: (message, data) => line('warn', message, data),
    error: (message, data) => line('error', message, data),
  };
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0; // not there yet
  }
}
