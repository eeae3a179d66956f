import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { redactText } from '../../shared/redact.ts';
import { omkVersion } from './version.ts';

/**
 * Writes what is known of a broken invariant beside the logs (0600) and gives the file's path, or `null` where not even that
 * can be written.
 */
export function writeCrashFile(logs: string, where: string, cause: unknown, at: Date): string | null {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  const facts = {
    at: at.toISOString(),
    version: omkVersion,
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    where,
    message: error.message,
    stack: error.stack ?? null,
    data: 'data' in error ? error.data : null,
  };
  const path = join(logs, `crash-${at.toISOString().replaceAll(/[:.]/g, '-')}.json`);
  try {
    writeFileSync(path, redactText(JSON.stringify(facts, null, 2)).text, { mode: 0o600 });
    return path;
  } catch {
    return null;
  }
}
