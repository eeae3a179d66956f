/** Structured clone as text, for both ends of the wire. */
export type Codec = { encode(value: unknown): string; decode(text: string): unknown };

/**
 * Makes a codec. Runs in Node and, as source text, in the page: it may use nothing but what both have and what is inside.
 * Throws Electron's "An object could not be cloned." for what structured clone refuses and for what only pages have.
 */
export function createCodec(): Codec {
  type Node = null | boolean | number | string | readonly [string, ...unknown[]];
  const uncloneable = (): Error => new Error('An object could not be cloned.');
  const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

  function toBase64(bytes: Uint8Array): string {
    let binary = '';
    for (let i = 0; i < bytes.length; i += 8192)
      binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return btoa(binary);
  }

  function fromBase64(text: string): Uint8Array<ArrayBuffer> {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
    return bytes;
  }

  function primitive(value: unknown): Node | undefined {
    if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
    if (value === undefined) return ['u'];
    if (typeof value === 'bigint') return ['n', String(value)];
    if (typeof value !== 'number') return undefined;
    if (Number.isFinite(value) && !Object.is(value, -0)) return value;
    return ['d', Object.is(value, -0) ? '-0' : String(value)];
  }

  function toNode(value: unknown, seen: Map<unknown, number>): Node {
    const simple = primitive(value);
    if (simple !== undefined) return simple;
    const known = seen.get(value);
    if (known !== undefined) return ['r', known];
    seen.set(value, seen.size);
    const node = (child: unknown): Node => toNode(child, seen);
    if (Array.isArray(value)) return ['a', ...Array.from(value, node)];
    if (value instanceof Map) return ['m', ...[...value].map(([k, v]) => [node(k), node(v)])];
    if (value instanceof Set) return ['s', ...[...value].map(node)];
    if (value instanceof Date) return ['t', Number.isNaN(value.getTime()) ? null : value.getTime()];
    if (value instanceof RegExp) return ['x', value.source, value.flags];
    if (value instanceof ArrayBuffer) return ['b', toBase64(new Uint8Array(value))];
    if (ArrayBuffer.isView(value)) {
      const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      return ['v', tagOf(value), toBase64(bytes)];
    }
    if (value instanceof Error) return ['e', value.name, value.message, value.stack ?? '', node(value.cause)];
    if (typeof value !== 'object' || tagOf(value) !== 'Object') throw uncloneable();
    return ['o', ...Object.entries(value ?? {}).map(([k, v]) => [k, node(v)])];
  }

  function fromNode(node: Node, seen: unknown[]): unknown {
    if (!Array.isArray(node)) return node;
    const [tag, ...rest] = node as unknown as [string, ...Node[]];
    const keep = <T>(value: T): T => {
      seen.push(value);
      return value;
    };
    const value = (child: unknown): unknown => fromNode(child as Node, seen);
    switch (tag) {
      case 'u':
        return undefined;
      case 'n':
        return BigInt(String(rest[0]));
      case 'd':
        return Number(rest[0]);
      case 'r':
        return seen[Number(rest[0])];
      case 't':
        return keep(new Date(rest[0] === null ? Number.NaN : Number(rest[0])));
      case 'x':
        return keep(new RegExp(String(rest[0]), String(rest[1])));
      case 'b':
        return keep(fromBase64(String(rest[0])).buffer);
      case 'v':
        return keep(view(String(rest[0]), fromBase64(String(rest[1]))));
      case 'a': {
        const array = keep<unknown[]>([]);
        for (const child of rest) array.push(value(child));
        return array;
      }
      case 's': {
        const set = keep(new Set<unknown>());
        for (const child of rest) set.add(value(child));
        return set;
      }
      case 'm': {
        const map = keep(new Map<unknown, unknown>());
        for (const pair of rest as unknown as [Node, Node][]) map.set(value(pair[0]), value(pair[1]));
        return map;
      }
      case 'e':
        return error(keep(new Error(String(rest[1]))), String(rest[0]), String(rest[2]), value(rest[3]));
      default: {
        const object = keep({});
        for (const [key, child] of rest as unknown as [string, Node][]) {
          // Not assignment: a key named __proto__ is data here.
          Object.defineProperty(object, key, {
            value: value(child),
            writable: true,
            enumerable: true,
            configurable: true,
          });
        }
        return object;
      }
    }
  }

  function error(made: Error, name: string, stack: string, cause: unknown): Error {
    Object.defineProperty(made, 'stack', { value: stack, writable: true, configurable: true });
    if (name !== 'Error')
      Object.defineProperty(made, 'name', { value: name, writable: true, configurable: true });
    if (cause !== undefined)
      Object.defineProperty(made, 'cause', { value: cause, writable: true, configurable: true });
    return made;
  }

  function view(name: string, bytes: Uint8Array<ArrayBuffer>): ArrayBufferView {
    // Only the views structured clone knows ever get here, and all of them take a buffer.
    const Made = (globalThis as unknown as Record<string, new (buffer: ArrayBuffer) => ArrayBufferView>)[
      name
    ];
    if (Made === undefined) throw uncloneable();
    return new Made(bytes.buffer);
  }

  return {
    encode(value) {
      let clone: unknown;
      try {
        clone = structuredClone(value);
      } catch {
        throw uncloneable();
      }
      return JSON.stringify(toNode(clone, new Map()));
    },
    decode: (text) => fromNode(JSON.parse(text) as Node, []),
  };
}
