/** A broken invariant of our own. Nobody handles it: the host writes a crash file and stops. */
export class Bug extends Error {
  readonly data: unknown;

  constructor(message: string, data?: unknown) {
    super(message);
    this.name = 'Bug';
    this.data = data;
  }
}

/** Makes the compiler prove that a union was handled completely. */
export function unreachable(value: never): never {
  throw new Bug('A case that cannot exist was reached.', value);
}
