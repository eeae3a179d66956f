/** Amounts as the screen shows them: short, with their unit, the same everywhere. English forms. */

/** `1204` -> `1,204`. */
export function integer(value: number): string {
  const digits = String(Math.abs(Math.round(value)));
  return (value < 0 ? '−' : '') + digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `count(1, 'file')` -> `1 file`, `count(3, 'try', 'tries')` -> `3 tries`. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${integer(value)} ${value === 1 ? one : many}`;
}

/** How long something took: `0.4 s`, `6.1 s`, `38 s`, `2 min 10 s`, `1 h 53 min`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds === 0) return '0 s';
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  const rest = Math.floor(seconds % 60);
  if (minutes < 60) return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** A column of working time: hours and two-digit minutes, `0 h 52`. */
export function workTime(ms: number): string {
  const minutes = Math.floor(Math.max(0, ms) / 60_000);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')}`;
}

/** How long ago: `just now`, `6 min`, `3 h`, `2 d`. */
export function age(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

/** `412`, `18.2k`, `1.24 M`. */
export function tokens(value: number): string {
  if (value < 1_000) return String(Math.round(value));
  if (value < 999_500) return `${trim(value / 1_000, 1)}k`;
  return `${trim(value / 1_000_000, 2)} M`;
}

/** `$0.31`; a tenth of a cent is not shown as nothing: `< $0.01`. */
export function money(usd: number): string {
  return usd > 0 && usd < 0.005 ? '< $0.01' : `$${usd.toFixed(2)}`;
}

/** `812 B`, `64 kB`, `8.1 MB`, `3.2 GB`, in powers of 1,000. */
export function bytes(value: number): string {
  if (value < 1_000) return `${Math.round(value)} B`;
  for (const [size, unit] of [
    [1_000_000_000, 'GB'],
    [1_000_000, 'MB'],
    [1_000, 'kB'],
  ] as const) {
    if (value >= size) return `${trim(value / size, value / size < 10 ? 1 : 0)} ${unit}`;
  }
  return `${value} B`;
}

/** `0.413` -> `41 %`. Never 100 % before it is, never 0 % once something is used. */
export function percent(share: number): string {
  if (share <= 0) return '0 %';
  const rounded = Math.round(share * 100);
  return `${share < 1 ? Math.min(99, Math.max(1, rounded)) : rounded} %`;
}

/** The first seven digits of an object id, or of a digest. */
export const short = (hex: string): string => hex.slice(0, 7);

const trim = (value: number, digits: number): string =>
  value
    .toFixed(digits)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
