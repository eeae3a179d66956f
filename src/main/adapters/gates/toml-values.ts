import { z } from 'zod';

/** Kinds of values in `.omk/gates.toml`. */
export const text = z.string().refine((value) => value.trim() !== '', 'must not be blank');

export const relativePath = z
  .string()
  .refine(
    (value) => !value.startsWith('/') && !value.includes('\\') && !value.split('/').includes('..'),
    'must stay inside the repository',
  );

/** Without `./` before it and slashes after it; `''` is the root. */
export const trimSlashes = (path: string): string => path.replace(/^(?:\.\/)+|\/+$/g, '').replace(/^\.$/, '');
