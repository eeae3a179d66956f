import { z } from 'zod';

/** Version of the frames below. A host and a window of different releases meet when one of them was updated while it ran. */
export const PROTOCOL = 1;

// JSON leaves a member out whose value is `undefined`.
const Value = z.unknown().optional();

/** What goes over the wire, each way. JSON only; every transport carries exactly these. */
export const ClientFrame = z.discriminatedUnion('t', [
  z.object({ t: z.literal('call'), id: z.number().int(), path: z.string().max(100), input: Value }),
  z.object({
    t: z.literal('open'),
    id: z.number().int(),
    path: z.string().max(100),
    input: Value,
    credit: z.number().int().min(1),
  }),
  /** The client has taken so many items; the server may send as many more. */
  z.object({ t: z.literal('credit'), id: z.number().int(), n: z.number().int().min(1) }),
  z.object({ t: z.literal('cancel'), id: z.number().int() }),
]);
export type ClientFrame = z.infer<typeof ClientFrame>;

const ErrorCode = z.enum([
  'cancelled',
  'disconnected',
  'unknown_path',
  'invalid_input',
  'invalid_output',
  'internal',
]);

export const ServerFrame = z.discriminatedUnion('t', [
  z.object({ t: z.literal('hello'), protocol: z.number().int(), version: z.string() }),
  z.object({ t: z.literal('result'), id: z.number().int(), value: Value }),
  z.object({ t: z.literal('item'), id: z.number().int(), value: Value }),
  z.object({ t: z.literal('end'), id: z.number().int() }),
  z.object({ t: z.literal('error'), id: z.number().int(), code: ErrorCode, message: z.string() }),
]);
export type ServerFrame = z.infer<typeof ServerFrame>;

/**
 * One end of a pipe of JSON values, in order, at most once. `post` throws only for what is not JSON; after the close it does nothing.
 * `onClose` fires once, also after `close()`, and at once for a listener that comes later.
 */
export interface Transport {
  post(frame: unknown): void;
  onFrame(listener: (frame: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}
