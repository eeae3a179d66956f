/** One side of the bridge between the isolated and the main world. */
export type Bridge = {
  /** Puts `api` on the other world's window as `key`; throws if the key is taken. */
  expose: (key: string, api: unknown) => void;
  /** What this side does when the other asks for a window, or for its own to be closed. */
  onOpen: (url: string, frameName: string, features: string) => void;
  onClose: () => void;
  open: (url: string, frameName: string, features: string) => void;
  close: () => void;
};

/**
 * contextBridge over synchronous DOM events, which are the only thing both worlds of a page share. Values are copied:
 * functions and promises become stand-ins, plain objects and arrays are rebuilt, the rest is structured clone.
 * Runs as source text in both worlds: it may use nothing but the page's globals and what is inside.
 */
export function createBridge(channel: string, side: 'main' | 'isolated'): Bridge {
  /** Value, error, function, promise, array, object, or the n-th array or object of this message again. */
  type Wire = readonly ['v' | 'e' | 'f' | 'p' | 'r', unknown] | readonly ['a' | 'o', readonly unknown[]];
  type Request =
    | { kind: 'expose'; key: string; value: Wire }
    | { kind: 'call'; id: number; args: Wire[] }
    | { kind: 'settle'; id: number; ok: boolean; value: Wire }
    | { kind: 'open'; url: string; frameName: string; features: string }
    | { kind: 'close' };
  type Reply = { ok: boolean; value: Wire };
  type Fn = (...args: unknown[]) => unknown;

  // Taken before any script of the page runs, so that the page cannot stand in between by changing its prototypes.
  const listen = EventTarget.prototype.addEventListener.bind(window);
  const dispatch = EventTarget.prototype.dispatchEvent.bind(window);
  const Custom = CustomEvent;
  const detail = Object.getOwnPropertyDescriptor(CustomEvent.prototype, 'detail');
  const { freeze, defineProperty, entries } = Object;
  const tagOf = (value: unknown): string => Object.prototype.toString.call(value);

  const other = side === 'main' ? 'isolated' : 'main';
  const functions = new Map<number, Fn>();
  const awaited = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  let lastId = 0;
  let answer: Reply | undefined;

  function send(event: string, detail: unknown): void {
    dispatch(new Custom(`${channel}:${event}`, { detail }));
  }

  function receive<T>(event: string, handle: (detail: T) => void): void {
    listen(`${channel}:${event}`, (raw) => {
      // A detail that could not be cloned into this world arrives as null.
      handle(detail?.get?.call(raw) as T);
    });
  }

  function ask(request: Request): unknown {
    const outer = answer;
    answer = undefined;
    send(`ask-${other}`, request);
    const reply = answer as Reply | undefined;
    answer = outer;
    if (reply === undefined || reply === null) throw new Error('An object could not be cloned.');
    const value = decode(reply.value, false);
    if (!reply.ok) throw value as Error;
    return value;
  }

  function encode(value: unknown, seen = new Map<unknown, number>(), depth = 0): Wire {
    if (depth > 1000)
      throw new Error(
        'Electron contextBridge recursion depth exceeded. Nested objects deeper than 1000 are not supported.',
      );
    const again = seen.get(value);
    if (again !== undefined) return ['r', again];
    if (typeof value === 'symbol') throw new Error('An object could not be cloned.');
    if (typeof value === 'function') {
      functions.set(++lastId, value as Fn);
      return ['f', lastId];
    }
    if (typeof value !== 'object' || value === null) return ['v', value];
    if (value instanceof Promise) return ['p', promise(value as Promise<unknown>)];
    if (value instanceof Error) return ['e', value.message];
    const child = (one: unknown): Wire => encode(one, seen, depth + 1);
    if (Array.isArray(value)) {
      seen.set(value, seen.size);
      return ['a', value.map(child)];
    }
    if (tagOf(value) === '[object Object]') {
      seen.set(value, seen.size);
      return ['o', entries(value).map(([key, one]) => [key, child(one)])];
    }
    try {
      structuredClone(value);
    } catch {
      throw new Error('An object could not be cloned.');
    }
    return ['v', value];
  }

  function promise(value: Promise<unknown>): number {
    const id = ++lastId;
    const settle = (ok: boolean, result: unknown): void => {
      try {
        ask({ kind: 'settle', id, ok, value: encode(result) });
      } catch (error) {
        ask({ kind: 'settle', id, ok: false, value: encode(error) });
      }
    };
    value.then(
      (result) => settle(true, result),
      (error: unknown) => settle(false, error),
    );
    return id;
  }

  function decode(wire: Wire, frozen: boolean, seen: object[] = []): unknown {
    const [tag, content] = wire;
    switch (tag) {
      case 'v':
        return content;
      case 'e':
        return new Error(String(content));
      case 'r':
        return seen[Number(content)];
      case 'f': {
        const proxy = (...args: unknown[]): unknown =>
          ask({ kind: 'call', id: Number(content), args: args.map((arg) => encode(arg)) });
        return frozen ? freeze(proxy) : proxy;
      }
      case 'p':
        return new Promise((resolve, reject) => awaited.set(Number(content), { resolve, reject }));
      case 'a': {
        const array: unknown[] = [];
        seen.push(array);
        for (const one of content as Wire[]) array.push(decode(one, frozen, seen));
        return frozen ? freeze(array) : array;
      }
      case 'o': {
        const object = {};
        seen.push(object);
        for (const [key, one] of content as [string, Wire][]) {
          const value = decode(one, frozen, seen);
          defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
        }
        return frozen ? freeze(object) : object;
      }
    }
  }

  function perform(request: Request): unknown {
    switch (request.kind) {
      case 'expose':
        if (request.key in window)
          throw new Error('Cannot bind an API on top of an existing property on the window object');
        defineProperty(window, request.key, { value: decode(request.value, true), enumerable: true });
        return undefined;
      case 'call': {
        const target = functions.get(request.id);
        return target?.(...request.args.map((arg) => decode(arg, false)));
      }
      case 'settle': {
        const waiting = awaited.get(request.id);
        awaited.delete(request.id);
        const value = decode(request.value, false);
        if (request.ok) waiting?.resolve(value);
        else waiting?.reject(value);
        return undefined;
      }
      case 'open':
        bridge.onOpen(request.url, request.frameName, request.features);
        return undefined;
      case 'close':
        bridge.onClose();
        return undefined;
    }
  }

  receive<Reply>(`answer-${side}`, (reply) => {
    answer = reply;
  });
  receive<Request | null>(`ask-${side}`, (request) => {
    let reply: Reply;
    try {
      // No reply to what could not be cloned: the asker turns silence into the error.
      if (request === null) return;
      reply = { ok: true, value: encode(perform(request)) };
    } catch (error) {
      reply = { ok: false, value: encode(error) };
    }
    send(`answer-${other}`, reply);
  });

  const bridge: Bridge = {
    expose: (key, api) => void ask({ kind: 'expose', key, value: encode(api) }),
    onOpen: () => {},
    onClose: () => {},
    open: (url, frameName, features) => void ask({ kind: 'open', url, frameName, features }),
    close: () => void ask({ kind: 'close' }),
  };
  return bridge;
}
