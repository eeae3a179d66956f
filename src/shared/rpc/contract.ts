import type { z } from 'zod';

/** Read without effect. */
export type QueryDef<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> = {
  readonly kind: 'query';
  readonly input: I;
  readonly output: O;
};
/** Changes state. Carries a client-minted command id, so sending it again after a disconnect is safe. */
export type CommandDef<
  I extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
> = {
  readonly kind: 'command';
  readonly input: I;
  readonly output: O;
  readonly rejection: R;
};
/** A sequence of items until either side ends it; backpressure by credit. */
export type StreamDef<I extends z.ZodType = z.ZodType, T extends z.ZodType = z.ZodType> = {
  readonly kind: 'stream';
  readonly input: I;
  readonly item: T;
};

export type AnyDef = QueryDef | CommandDef | StreamDef;
/** Two levels: `area.method`. */
export type Contract = { readonly [area: string]: { readonly [method: string]: AnyDef } };

export const query = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O): QueryDef<I, O> => ({
  kind: 'query',
  input,
  output,
});
export const command = <I extends z.ZodType, O extends z.ZodType, R extends z.ZodType>(
  input: I,
  output: O,
  rejection: R,
): CommandDef<I, O, R> => ({ kind: 'command', input, output, rejection });
export const stream = <I extends z.ZodType, T extends z.ZodType>(input: I, item: T): StreamDef<I, T> => ({
  kind: 'stream',
  input,
  item,
});
export const defineContract = <C extends Contract>(contract: C): C => contract;
