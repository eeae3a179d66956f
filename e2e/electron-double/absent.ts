import { EventEmitter } from 'node:events';

/**
 * Names that consoles, promises and test runners probe every object for, and names Electron itself leaves undefined
 * away from macOS, so that `app.dock?.…` works.
 */
const HARMLESS = new Set([
  'then',
  'catch',
  'toJSON',
  'inspect',
  'nodeType',
  'asymmetricMatch',
  'domain',
  'dock',
]);

/** What everything outside the double's API throws: better a loud stop than a test that passes on a guess. */
export function notThere(what: string): Error {
  return new Error(`electron double: ${what} is not there`);
}

type Labelled = { label?: string; name?: string; constructor?: { label?: string; name?: string } };

function labelOf(receiver: Labelled): string {
  const owner = typeof receiver === 'function' ? receiver : receiver.constructor;
  return owner?.label ?? owner?.name ?? 'object';
}

/** Sits at the end of a prototype chain: whatever nobody before it has is refused by name. */
const refuseUnknown: ProxyHandler<object> = {
  get(target, key, receiver) {
    if (typeof key === 'symbol' || key in target || HARMLESS.has(key))
      return Reflect.get(target, key, receiver) as unknown;
    throw notThere(`${labelOf(receiver as Labelled)}.${key}`);
  },
};

/** Base of the double's plain objects. `static label` names the object in the message when the class name would not. */
export class Loud {
  static readonly label: string | undefined;
}
Object.setPrototypeOf(Loud.prototype, new Proxy(Object.prototype, refuseUnknown));
Object.setPrototypeOf(Loud, new Proxy(Function.prototype, refuseUnknown));

/** Base of the double's event emitters. */
export class LoudEmitter extends EventEmitter {
  static readonly label: string | undefined;
}
Object.setPrototypeOf(LoudEmitter.prototype, new Proxy(EventEmitter.prototype, refuseUnknown));
Object.setPrototypeOf(LoudEmitter, new Proxy(EventEmitter, refuseUnknown));

/** A whole module of Electron the double does not have: importing it is fine, any use of it throws. */
export function absent(name: string): unknown {
  const refuse = (): never => {
    throw notThere(name);
  };
  return new Proxy(class {}, {
    get(target, key) {
      if (typeof key === 'symbol' || HARMLESS.has(key)) return Reflect.get(target, key) as unknown;
      throw notThere(`${name}.${key}`);
    },
    apply: refuse,
    construct: refuse,
  });
}
