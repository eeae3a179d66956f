import type { GoalEvent } from '../goal/events.ts';
import type { OpenGoal } from '../goal/state.ts';
import { canonicalJson } from '../kernel/json.ts';
import type { Proof } from '../proof/build.ts';
import { proofMarkdown } from '../proof/markdown.ts';
import { proofStatements } from '../proof/statements.ts';
import { briefDocument, planDocument, taskGraph, testSpecDocument } from './documents.ts';
import { rollbackDocument } from './rollback.ts';
import { budgetCheckpoints, decisionRecords, goalDocument } from './records.ts';

export type Exported = {
  readonly state: OpenGoal;
  readonly events: readonly GoalEvent[];
  /** Each event as it was hashed, which is what `events.jsonl` shows. */
  readonly hashed: readonly object[];
  /** One per event: what a line of `events.jsonl` carries beside it. */
  readonly hashes: readonly string[];
  readonly proof: Proof | null;
};

/**
 * The files of a goal's folder by name, in the order they are written: the log first, so that a proof is never newer than the log
 * beside it, and `goal.json` last, whose `log_version` so says what all of them show. Pure: the same log always gives the same
 * bytes. `dir` is only named in `goal.json`.
 */
export function goalFiles(goal: Exported, dir: string): readonly (readonly [string, string])[] {
  const { state, events, hashed, hashes, proof } = goal;
  const rollback = rollbackDocument(state);
  return [
    [
      'events.jsonl',
      hashed.map((one, index) => `${canonicalJson({ ...one, hash: hashes[index] })}\n`).join(''),
    ],
    ['decisions.jsonl', lines(decisionRecords(events))],
    ['budget-checkpoints.jsonl', lines(budgetCheckpoints(events))],
    ['prd.md', briefDocument(state)],
    ...(state.plan
      ? ([
          ['technical-plan.md', planDocument(state)],
          ['test-spec.md', testSpecDocument(state)],
          ['task-graph.json', prettyJson(taskGraph(state))],
        ] as const)
      : []),
    ...(proof
      ? ([
          ['proof.json', prettyJson(proof)],
          ['proof.md', proofMarkdown(proof)],
          ['statements.intoto.jsonl', proofStatements(proof)],
        ] as const)
      : []),
    ...(rollback === null ? [] : ([['rollback-rejected-slice.md', rollback]] as const)),
    ['goal.json', prettyJson(goalDocument(state, dir))],
  ];
}

/** The one form in which omk writes a JSON document. */
export const prettyJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const lines = (records: readonly object[]): string =>
  records.map((one) => `${JSON.stringify(one)}\n`).join('');
