import { z } from 'zod';

/** What goes over the wire, each way. JSON only; every transport carries exactly these. */
export const ClientFrame = z.discriminatedUnion('t', [
  z.object({ t: z.literal('call'), id: z.number().int(), path: z.string().max(100), input: z.unknown() }),
  z.object({
    t: z.literal('open'),
    id: z.number().int(),
    path: z.string().max(100),
    input: z.unknown(),
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
  z.object({ t: z.literal('hello'), protocol: z.literal(1), version: z.string() }),
  z.object({ t: z.literal('result'), id: z.number().int(), value: z.unknown() }),
  z.object({ t: z.literal('item'), id: z.number().int(), value: z.unknown() }),
  z.object({ t: z.literal('end'), id: z.number().int() }),
  z.object({ t: z.literal('error'), id: z.number().int(), code: ErrorCode, message: z.string() }),
]);
export type ServerFrame = z.infer<typeof ServerFrame>;

/** Two ends of a pipe of JSON values, in order, at most once. `onClose` fires once, also after `close()`. */
export interface Transport {
  post(frame: unknown): void;
  onFrame(listener: (frame: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}
