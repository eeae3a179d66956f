import { resolve } from 'node:path';
import type { api } from '../../../shared/api/index.ts';
import { GoalRow } from '../../../shared/api/goals.ts';
import type { ListItem } from '../../../shared/api/goals.ts';
import type { GoalCommand, Rejection } from '../../../shared/goal/commands.ts';
import { goalRow } from '../../../shared/goal/selectors.ts';
import { goalIdFrom } from '../../../shared/kernel/ids.ts';
import type { CommandId, GoalId } from '../../../shared/kernel/ids.ts';
import { err } from '../../../shared/kernel/result.ts';
import type { Handlers } from '../../../shared/rpc/serve.ts';
import type { Engine } from '../../runtime/engine.ts';
import type { Artifacts, Clock, EventStore, Ids, Projects, Workspaces } from '../../runtime/ports.ts';
import type { Runner } from '../../runtime/runner.ts';
import { createLiveQueue } from '../live-queue.ts';
import type { SignalHub } from '../signal-hub.ts';
import { watchGoal } from '../watch-goal.ts';
import { projectFor } from './projects.ts';

type Deps = {
  readonly engine: Engine;
  readonly runner: Runner;
  readonly store: EventStore;
  readonly hub: SignalHub;
  readonly workspaces: Workspaces;
  readonly projects: Projects;
  readonly artifacts: Artifacts;
  readonly clock: Clock;
  readonly ids: Ids;
};

/** Evidence is shown a piece at a time: nobody reads more, and the bridge stays quick. */
const ARTIFACT_CHUNK = 1024 * 1024;
const PATCH_LIMIT = 20 * 1024 * 1024;

export function goalHandlers(deps: Deps): Handlers<typeof api>['goals'] {
  const { engine, runner, store, hub, clock } = deps;
  const act = (goalId: GoalId, commandId: CommandId, command: GoalCommand) => {
    if (!engine.state(goalId).exists) return err(unknownGoal(goalId));
    return engine.execute(goalId, command, { actor: 'operator', commandId });
  };

  const row = (goalId: GoalId, stored: string | null): GoalRow => {
    const readOnly = engine.readOnly(goalId);
    const known = stored === null ? null : GoalRow.safeParse(JSON.parse(stored));
    if (known?.success && readOnly === null) return known.data;
    const state = engine.state(goalId);
    const fresh = state.exists ? { ...goalRow(state, clock.now()), readOnly } : null;
    if (fresh !== null && readOnly === null) return fresh;
    const message = readOnly ?? 'The log of this goal cannot be read.';
    // Whatever the part that can be read says, a log that cannot be trusted concludes nothing else.
    return { ...(fresh ?? unfoldable(goalId)), status: 'failed_infra', line: message, readOnly: message };
  };
  const rows = (): GoalRow[] => store.goals().map((one) => row(one.goalId, one.row));

  return {
    async open(input) {
      const project = await projectFor(deps.projects, resolve(input.path));
      if (!project.ok) return err({ code: project.error.code, message: project.error.message });
      const goalId = goalIdFrom(clock.now(), deps.ids.hex8());
      const { text, agent, budget, policy, gates, trustedDigest, probes } = input;
      return engine.execute(
        goalId,
        {
          type: 'goal.open',
          opened: {
            text,
            title: '',
            project: project.value,
            agent,
            budget,
            policy,
            gates,
            trustedDigest,
            probes,
          },
        },
        { actor: 'operator', commandId: input.commandId },
      );
    },
    pause: ({ goalId, commandId }) => act(goalId, commandId, { type: 'goal.pause' }),
    resume: ({ goalId, commandId }) => act(goalId, commandId, { type: 'goal.resume' }),
    retry: ({ goalId, commandId }) => act(goalId, commandId, { type: 'goal.retry' }),
    cancel: ({ goalId, commandId }) => act(goalId, commandId, { type: 'goal.cancel' }),
    accept: ({ goalId, commandId, commit, note }) =>
      act(goalId, commandId, { type: 'goal.accept', commit, note }),
    reject: ({ goalId, commandId, mode, reason, comments }) =>
      act(goalId, commandId, { type: 'goal.reject', mode, reason, comments }),
    extendBudget: ({ goalId, commandId, added }) =>
      act(goalId, commandId, { type: 'goal.extend_budget', added }),
    note: ({ goalId, commandId, text }) => act(goalId, commandId, { type: 'goal.note', text }),
    answer: ({ goalId, commandId, questionId, choice, text, digest }) =>
      act(goalId, commandId, { type: 'question.answer', questionId, choice, text, digest }),
    park: ({ goalId }) => {
      runner.park(goalId);
      return {};
    },

    list: () => rows(),
    async *watchList(_input, signal) {
      const queue = createLiveQueue<ListItem>(signal);
      // Attached before the snapshot is read, so that nothing falls between them.
      const unsubscribe = engine.onCommit((goalId, _events, state) => {
        if (!state.exists) return;
        const fresh = { ...goalRow(state, clock.now()), readOnly: engine.readOnly(goalId) };
        const waiting = queue.backlog().find((item) => item.type === 'rows');
        if (waiting?.type === 'rows') {
          const index = waiting.rows.findIndex((one) => one.goalId === goalId);
          if (index >= 0) waiting.rows[index] = fresh;
          else waiting.rows.push(fresh);
        } else queue.push({ type: 'rows', rows: [fresh] });
      });
      try {
        yield { type: 'rows', rows: rows() };
        yield { type: 'caught_up' };
        yield* queue.items;
      } finally {
        unsubscribe();
      }
    },
    watch: (input, signal) => watchGoal({ engine, hub }, input, signal),
    async diff({ goalId, commit }) {
      const state = engine.state(goalId);
      if (!state.exists || !state.base) return null;
      const candidate = state.candidates.findLast((one) => commit === null || one.commit === commit);
      if (!candidate) return null;
      const diff = await deps.workspaces.diff({
        goalId,
        from: state.base.tree,
        to: candidate.tree,
        maxPatchBytes: PATCH_LIMIT,
      });
      if (!diff.ok) return null;
      const verification = state.verifications.findLast((one) => one.commit === candidate.commit);
      const locked = new Set([
        ...(verification?.lockedChanged ?? []),
        ...(verification?.changed ?? []).filter((file) => file.locked).map((file) => file.path),
      ]);
      return {
        from: state.base.tree,
        to: candidate.tree,
        files: diff.value.files.map((file) => ({ ...file, locked: locked.has(file.path) })),
        patch: diff.value.patch,
        truncated: diff.value.truncated,
      };
    },
    attemptTail: ({ attemptId }) => ({ signals: [...runner.tail(attemptId)] }),
    async artifact({ digest, offset }) {
      const read = await deps.artifacts.read(digest, offset, ARTIFACT_CHUNK);
      if (!read) return null;
      const end = offset + read.bytes.length;
      return {
        text: new TextDecoder().decode(read.bytes),
        size: read.size,
        nextOffset: end < read.size ? end : null,
      };
    },
  };
}

const unknownGoal = (goalId: GoalId): Rejection => ({
  code: 'goal.unknown',
  message: `There is no goal ${goalId}. \`omk goal list\` shows the ones there are.`,
});

/** A goal whose log cannot even be folded still has its place in the list, with the reason. */
function unfoldable(goalId: GoalId): Omit<GoalRow, 'status' | 'line' | 'readOnly'> {
  return {
    goalId,
    title: goalId,
    project: { path: '', name: '' },
    gates: { passed: 0, failed: 0, total: 0 },
    agentMs: 0,
    budgetUsed: null,
    openedAt: 0,
    updatedAt: 0,
    version: 0,
    questions: [],
    agentName: '',
  };
}
