/** The event object Electron hands to listeners that may say no. */
export type DoubleEvent<T extends object = object> = T & {
  defaultPrevented: boolean;
  preventDefault(): void;
};

/** Makes one, with `fields` beside the two members every Electron event has. */
export function createEvent<T extends object>(fields: T): DoubleEvent<T> {
  return Object.assign(fields, {
    defaultPrevented: false,
    preventDefault(this: { defaultPrevented: boolean }): void {
      this.defaultPrevented = true;
    },
  });
}
