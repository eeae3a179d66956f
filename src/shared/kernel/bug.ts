/** A broken invariant of our own. Nobody handles it: the host writes a crash file and stops. */
export class Bug extends Error {
  readonly data: unknown;

  constructor(message: string, data?: unknown) {
    super(message);
    this.name = 'Bug';
    this.data = data;
  }
}
