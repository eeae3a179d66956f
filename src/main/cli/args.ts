import { parseArgs } from 'node:util';
import type { ParseArgsOptionsConfig } from 'node:util';
import { nearest } from '../../shared/kernel/nearest.ts';
import { misused } from './io.ts';

export type Parsed = {
  readonly positionals: readonly string[];
  readonly text: (name: string) => string | null;
  readonly list: (name: string) => readonly string[];
  readonly flag: (name: string) => boolean;
};

/** Strict: an unknown option is refused, with a suggestion where one is close; so is an argument too many. */
export function parseFlags(
  args: readonly string[],
  options: ParseArgsOptionsConfig,
  o: { readonly positionals: number },
): Parsed {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const unknown = /Unknown option '--?([^']+)'/.exec(message)?.[1];
    const near = unknown === undefined ? null : nearest(unknown, Object.keys(options));
    throw misused(
      unknown === undefined
        ? sentence(message)
        : `There is no option --${unknown} here.${near === null ? ' `omk help` lists them.' : ` Did you mean --${near}?`}`,
    );
  }
  const extra = parsed.positionals[o.positionals];
  if (extra !== undefined) throw misused(`"${extra.slice(0, 60)}" is one argument too many.`);
  const values = parsed.values as Record<string, string | boolean | (string | boolean)[] | undefined>;
  return {
    positionals: parsed.positionals,
    text: (name) => {
      const value = values[name];
      return typeof value === 'string' ? value : null;
    },
    list: (name) => {
      const value = values[name];
      return Array.isArray(value) ? value.map(String) : [];
    },
    flag: (name) => values[name] === true,
  };
}

/** What Node says of wrong arguments, on one line. */
const sentence = (message: string): string =>
  `${(message.split('\n')[0] ?? '').replace(/\.$/, '')}. \`omk help\` shows how it is meant.`;

/** One of a closed set, or a usage error that lists them. */
export function oneOf<T extends string>(name: string, value: string | null, allowed: readonly T[]): T | null {
  if (value === null) return null;
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw misused(`--${name} takes ${allowed.join(', ')}; not "${value}".`);
  return found;
}

export function wholeNumber(
  name: string,
  value: string | null,
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): number | null {
  if (value === null) return null;
  const number = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(number) || number < least || number > most) {
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw misused(`--${name} takes a whole number ${range}; not "${value}".`);
  }
  return number;
}

export function money(name: string, value: string | null): number | null {
  if (value === null) return null;
  const number = Number(value);
  if (!/^\d+(\.\d+)?$/.test(value) || !Number.isFinite(number) || number <= 0) {
    throw misused(`--${name} takes an amount above 0, such as 12.50; not "${value}".`);
  }
  return number;
}
