import { z } from 'zod';

/** One invocation under a golden gate. What is observed of it: `stdout`, `stderr`, `exit_code` and `files/<path>`. */
export const GoldenCase = z.object({
  name: z.string().min(1).max(100),
  /** Follow the argv of the gate, and that of the old program. */
  args: z.array(z.string()).max(100).default([]),
  stdin: z.string().max(1_000_000).optional(),
  /** Folder with what is expected; without one, the old program is run on base. */
  fixture: z.string().max(1_000).optional(),
  /** Files that the program writes, relative to the gate's cwd. */
  files: z.array(z.string().max(1_000)).max(50).default([]),
  /** Where a person wants it to differ, and why. */
  differences: z
    .array(z.object({ field: z.string().max(1_100), reason: z.string().min(1).max(300) }))
    .max(50)
    .default([]),
});
export type GoldenCase = z.infer<typeof GoldenCase>;
