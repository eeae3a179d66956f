import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { api } from '../../../shared/api/index.ts';
import { staleness } from '../../../shared/goal/staleness.ts';
import { proofMarkdown } from '../../../shared/proof/markdown.ts';
import type { Handlers } from '../../../shared/rpc/serve.ts';
import type { EventStore, Workspaces } from '../../runtime/ports.ts';
import type { Engine } from '../../runtime/engine.ts';
import type { Exporter } from '../exporter.ts';
import type { CommandId, GoalId } from '../../../shared/kernel/ids.ts';
import { err } from '../../../shared/kernel/result.ts';
import { exportInto } from '../export-goal.ts';
import { checkProofFile } from '../proof-check.ts';

/** The newest goals; nobody asks about others without opening them. */
const MAX_STANDINGS = 200;

export function proofHandlers(deps: {
  readonly engine: Engine;
  readonly workspaces: Pick<Workspaces, 'standing'>;
  readonly exporter: Exporter;
  readonly store: EventStore;
  readonly artifacts: string;
  /** Where exports for the person go. */
  readonly downloads: () => string;
}): Handlers<typeof api>['proofs'] {
  const { engine, workspaces, exporter, store } = deps;
  const exported = new Map<CommandId, ReturnType<typeof exportInto>>();
  return {
    async get({ goalId }) {
      const proof = exporter.proof(goalId);
      if (!proof) return null;
      await exporter.flush(goalId);
      const path = exporter.proofPath(goalId);
      return { path: existsSync(path) ? path : '', json: proof }; // a full disk keeps the file away, not the proof
    },
    markdown({ goalId }) {
      const proof = exporter.proof(goalId);
      return proof && { text: proofMarkdown(proof) };
    },
    async export({ commandId, goalId }) {
      if (!exporter.proof(goalId))
        return err({ code: 'export.no_proof', message: 'There is no proof yet: nothing was verified.' });
      await exporter.flush(goalId);
      // Sent again after a lost connection, it is the same export.
      const done =
        exported.get(commandId) ??
        exportInto({
          from: dirname(exporter.proofPath(goalId)),
          artifacts: deps.artifacts,
          parent: deps.downloads(),
        });
      exported.set(commandId, done);
      return await done;
    },
    async verify({ goalId }) {
      await exporter.flush(); // what was changed on disk has to be found, not mended
      const chain = store.verifyChain(goalId);
      const nothingVerified = { checked: 0, problems: [] };
      const file = exporter.proof(goalId)
        ? await checkProofFile(exporter.proofPath(goalId))
        : nothingVerified;
      const problems = [...(chain.problem === null ? [] : [chain.problem]), ...file.problems];
      return { ok: problems.length === 0, checked: chain.checked + file.checked, problems };
    },
    async standing({ goalId }) {
      const stale: { goalId: GoalId; notes: string[] }[] = [];
      for (const one of goalId === null ? engine.goals().slice(-MAX_STANDINGS) : [goalId]) {
        const state = engine.state(one);
        // What was rejected or cancelled speaks about nothing.
        if (!state.exists || !state.base || state.verifications.length === 0) continue;
        if (state.concluded && !state.landed) continue;
        const now = await workspaces.standing({
          goalId: one,
          projectPath: state.opened.project.path,
          base: state.base.commit,
          branch: state.base.branch,
        });
        const notes = staleness(state, now);
        if (notes.length > 0) stale.push({ goalId: one, notes: [...notes] });
      }
      return stale;
    },
  };
}
