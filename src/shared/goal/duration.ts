import { err, ok, type Result } from '../kernel/result.ts';

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * Reads a duration: an unsigned integer with an optional single suffix s, m, h or d (any case); no suffix means
 * seconds. No fractions and no compounds. Returns milliseconds.
 */
export function parseDuration(text: string): Result<number, { code: 'duration.invalid'; message: string }> {
  const match = /^(\d+)\s*([smhd])?$/i.exec(text.trim());
  const digits = match?.[1];
  if (!match || digits === undefined) return invalid(text);
  const unit = (match[2]?.toLowerCase() ?? 's') as keyof typeof unitMs;
  const ms = Number(digits) * unitMs[unit];
  return Number.isSafeInteger(ms) ? ok(ms) : invalid(text);
}

const invalid = (text: string) =>
  err({
    code: 'duration.invalid' as const,
    message: `"${text.slice(0, 40)}" is not a duration. Write a whole number with s, m, h or d, such as 90s or 2h.`,
  });

/** The largest unit that divides exactly; sub-second rests are dropped. 0 is `0s`. */
export function formatDuration(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds === 0) return '0s';
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3_600],
    ['m', 60],
  ] as const) {
    if (seconds % size === 0) return `${seconds / size}${unit}`;
  }
  return `${seconds}s`;
}
