import { z } from 'zod';
import { CommandId, GoalId } from '../kernel/ids.ts';
import { command, query } from '../rpc/contract.ts';

export const proofsApi = {
  /** The proof and where it was exported to; `path` is '' where that could not be written. `null` before the first verification. */
  get: query(z.object({ goalId: GoalId }), z.object({ path: z.string(), json: z.unknown() }).nullable()),
  markdown: query(z.object({ goalId: GoalId }), z.object({ text: z.string() }).nullable()),
  /** Copies everything that proves, and a program that checks it, into a new folder where the person's downloads are. */
  export: command(
    z.object({ commandId: CommandId, goalId: GoalId }),
    z.object({ path: z.string(), checked: z.number() }),
    z.object({ code: z.string(), message: z.string() }),
  ),
  /** Re-checks hash chain, proof and evidence digests now. */
  verify: query(
    z.object({ goalId: GoalId }),
    z.object({ ok: z.boolean(), checked: z.number(), problems: z.array(z.string()) }),
  ),
  /** Goals whose proof no longer speaks about what their project is now, one sentence each way; one goal, or every one. Reads refs now. */
  standing: query(
    z.object({ goalId: GoalId.nullable() }),
    z.array(z.object({ goalId: GoalId, notes: z.array(z.string()) })),
  ),
} as const;
