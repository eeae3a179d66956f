import type { Io } from './io.ts';

/**
 * JSON text in which nothing can act on a terminal: `JSON.stringify` leaves delete, C1 controls and characters that change the
 * direction of text as they are. The value stays the same.
 */
export const jsonText = (value: unknown, indent?: number): string =>
  (JSON.stringify(value, null, indent) ?? 'null').replace(
    /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** The one document a command prints with `--json`. */
export const document = (io: Io, value: unknown): void => io.out(`${jsonText(value, 2)}\n`);

/** One of the lines of a run with `--json`. */
export const line = (io: Io, value: unknown): void => io.out(`${jsonText(value)}\n`);
