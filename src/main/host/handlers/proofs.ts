import { existsSync } from 'node:fs';
import type { api } from '../../../shared/api/index.ts';
import { proofMarkdown } from '../../../shared/proof/markdown.ts';
import type { Handlers } from '../../../shared/rpc/serve.ts';
import type { EventStore } from '../../runtime/ports.ts';
import type { Exporter } from '../exporter.ts';
import { checkProofFile } from '../proof-check.ts';

export function proofHandlers(deps: {
  readonly exporter: Exporter;
  readonly store: EventStore;
}): Handlers<typeof api>['proofs'] {
  const { exporter, store } = deps;
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
  };
}
