import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenGoal } from '../../shared/goal/state.ts';
import { briefDocument, planDocument, taskGraph, testSpecDocument } from '../../shared/export/documents.ts';
import { budgetCheckpoints, decisionRecords, goalDocument } from '../../shared/export/records.ts';
import type { GoalId } from '../../shared/kernel/ids.ts';
import { canonicalJson } from '../../shared/kernel/json.ts';
import { buildProof, sealText } from '../../shared/proof/build.ts';
import type { Proof } from '../../shared/proof/build.ts';
import { proofMarkdown } from '../../shared/proof/markdown.ts';
import type { Engine } from '../runtime/engine.ts';
import type { EventStore, Log } from '../runtime/ports.ts';

/** Exports follow the log; nobody reads them back, so a burst of commits is worth one writing. */
const SETTLE_MS = 150;

export interface Exporter {
  proof(goalId: GoalId): Proof | null;
  proofPath(goalId: GoalId): string;
  /** Writes what is due now. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** Files of the reference's layout under `goals/<goal-id>/`, written atomically after the commit they show. */
export function createExporter(deps: {
  readonly engine: Engine;
  readonly store: EventStore;
  readonly goalDir: (goalId: GoalId) => string;
  readonly log: Log;
}): Exporter {
  const due = new Set<GoalId>();
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();
  let problem: string | null = null;

  const proof = (goalId: GoalId): Proof | null => {
    const state = deps.engine.state(goalId);
    if (!state.exists || state.verifications.length === 0) return null;
    const { hashes } = deps.store.read(goalId, 0);
    const built = buildProof(state, {
      events: hashes.length,
      firstHash: hashes[0] ?? null,
      lastHash: hashes.at(-1) ?? null,
    });
    return { ...built, seal: createHash('sha256').update(sealText(built)).digest('hex') };
  };

  const write = async (goalId: GoalId): Promise<void> => {
    const state = deps.engine.state(goalId);
    if (!state.exists) return;
    const dir = deps.goalDir(goalId);
    await mkdir(dir, { recursive: true, mode: 0o700 });
    for (const [name, text] of files(deps, goalId, state, dir, proof(goalId)))
      await writeAtomically(join(dir, name), text);
  };

  const flush = (): Promise<void> => {
    if (timer) clearTimeout(timer);
    timer = null;
    const batch = [...due];
    due.clear();
    writing = writing.then(async () => {
      for (const goalId of batch) {
        try {
          await write(goalId);
          problem = null;
        } catch (cause) {
          // An export is a copy: the log has everything, and the next commit tries again.
          const text = cause instanceof Error ? cause.message : String(cause);
          if (text !== problem) deps.log.warn('Exports could not be written.', { goalId, problem: text });
          problem = text;
        }
      }
    });
    return writing;
  };

  const unsubscribe = deps.engine.onCommit((goalId) => {
    due.add(goalId);
    timer ??= setTimeout(() => void flush(), SETTLE_MS);
  });

  return {
    proof,
    proofPath: (goalId) => join(deps.goalDir(goalId), 'proof.json'),
    flush,
    async stop() {
      unsubscribe();
      await flush();
    },
  };
}

function files(
  deps: { readonly engine: Engine; readonly store: EventStore },
  goalId: GoalId,
  state: OpenGoal,
  dir: string,
  proof: Proof | null,
): readonly (readonly [string, string])[] {
  const { events, hashes } = deps.store.read(goalId, 0);
  const lines = (records: readonly object[]): string =>
    records.map((one) => `${JSON.stringify(one)}\n`).join('');
  return [
    ['goal.json', pretty(goalDocument(state, dir))],
    [
      'events.jsonl',
      events.map((one, index) => `${canonicalJson({ ...one, hash: hashes[index] })}\n`).join(''),
    ],
    ['decisions.jsonl', lines(decisionRecords(events))],
    ['budget-checkpoints.jsonl', lines(budgetCheckpoints(events))],
    ['prd.md', briefDocument(state)],
    ...(state.plan
      ? ([
          ['technical-plan.md', planDocument(state)],
          ['test-spec.md', testSpecDocument(state)],
          ['task-graph.json', pretty(taskGraph(state))],
        ] as const)
      : []),
    ...(proof
      ? ([
          ['proof.json', pretty(proof)],
          ['proof.md', proofMarkdown(proof)],
        ] as const)
      : []),
  ];
}

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

async function writeAtomically(path: string, text: string): Promise<void> {
  const tmp = `${path}.${randomUUID()}.tmp`;
  const file = await open(tmp, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.datasync();
  } catch (cause) {
    await rm(tmp, { force: true });
    throw cause;
  } finally {
    await file.close();
  }
  await rename(tmp, path);
}
