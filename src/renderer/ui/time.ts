const pad = (value: number): string => String(value).padStart(2, '0');

/** `13:41` of this machine's day; the date in front when it is another day. */
export function clockTime(at: number, o: { readonly seconds?: boolean } = {}): string {
  const then = new Date(at);
  const time = `${pad(then.getHours())}:${pad(then.getMinutes())}${o.seconds ? `:${pad(then.getSeconds())}` : ''}`;
  return then.toDateString() === new Date().toDateString() ? time : `${day(then)} ${time}`;
}

/** Hours and minutes alone, for a column. */
export function shortTime(at: number): string {
  const then = new Date(at);
  return `${pad(then.getHours())}:${pad(then.getMinutes())}`;
}

const day = (date: Date): string =>
  `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
