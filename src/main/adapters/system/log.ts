import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { redactJson, redactText } from '../../../shared/redact.ts';
import type { Redact } from '../../../shared/redact.ts';
import type { Log } from '../../runtime/ports.ts';

const ROTATE_BYTES = 5 * 1024 * 1024;

/**
 * The diagnostic log: JSON lines, rotated once, redacted at the sink, 0600. May be deleted without loss, and never fails whoever
 * writes to it.
 */
export function createLog(path: string, redact: Redact = redactText): Log {
  let bytes = sizeOf(path);
  const line = (level: string, message: string, data?: Readonly<Record<string, unknown>>): void => {
    try {
      const said = { at: new Date().toISOString(), level, message };
      const text = `${JSON.stringify(redactJson({ ...said, ...data, ...said }, redact))}\n`;
      if (bytes > ROTATE_BYTES) {
        renameSync(path, `${path}.1`);
        bytes = 0;
      }
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      appendFileSync(path, text, { mode: 0o600 });
      bytes += Buffer.byteLength(text);
    } catch {
      // A full disk, or data that is no JSON, must not stop the work that the log is only about.
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
