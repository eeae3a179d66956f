import { z } from 'zod';
import { Digest, Oid } from '../kernel/ids.ts';
import { GateSpec } from '../goal/vocabulary.ts';
import { query } from '../rpc/contract.ts';

/** What dropping a folder shows. Nothing of the folder was executed to learn it. */
export const Inspection = z.object({
  path: z.string(),
  name: z.string(),
  /** Git top level; differs from what was dropped when a subfolder was. */
  topLevel: z.string(),
  subfolder: z.string(),
  head: z.object({ commit: Oid, tree: Oid, branch: z.string().nullable(), subject: z.string() }),
  gates: z.object({
    source: z.enum(['gates.toml', 'detected', 'none']),
    gates: z.array(GateSpec),
    digest: Digest,
    notes: z.array(z.string()),
    /** `.omk/gates.toml` exists and cannot be read; nothing is detected instead. */
    unreadable: z.string().nullable(),
  }),
  /** Submodules, LFS pointers, shallow history, another goal running here: one sentence each. */
  warnings: z.array(z.string()),
});
export type Inspection = z.infer<typeof Inspection>;

export const InspectionProblem = z.object({
  code: z.enum([
    'project.not_found',
    'project.not_a_folder',
    'project.not_a_repository',
    'project.bare',
    'project.no_commits',
    'project.unreadable',
    'project.unsupported',
  ]),
  message: z.string(),
});
export type InspectionProblem = z.infer<typeof InspectionProblem>;

export const projectsApi = {
  /**
   * With `chosen`, the gates are those a goal would get with these choices, and `gates.digest` is the digest of exactly
   * those: what a person trusts in the form is what the goal will find.
   */
  inspect: query(
    z.object({
      path: z.string().min(1).max(4_096),
      chosen: z
        .object({
          added: z.array(GateSpec).max(50),
          selection: z.record(z.string(), z.boolean()),
          probes: z.array(GateSpec).max(50),
        })
        .optional(),
    }),
    z.discriminatedUnion('ok', [
      z.object({ ok: z.literal(true), value: Inspection }),
      z.object({ ok: z.literal(false), error: InspectionProblem }),
    ]),
  ),
  /** Follows the form: how many files differ from HEAD. Counts from the parsed index and `lstat`; at most `limit` paths named. */
  dirty: query(
    z.object({ path: z.string().min(1).max(4_096) }),
    z.object({ count: z.number(), paths: z.array(z.string()), approximate: z.boolean() }).nullable(),
  ),
  /** Projects that goals were opened in, newest first. */
  recent: query(
    z.object({}),
    z.array(z.object({ path: z.string(), name: z.string(), lastUsedAt: z.number() })),
  ),
} as const;
