import type { OpenGoal } from './state.ts';

export type SentBack = {
  readonly at: number;
  readonly reason: string;
  readonly comments: OpenGoal['rejections'][number]['comments'];
  /** When an agent was given it with its next turn; `null` until then. */
  readonly receivedAt: number | null;
};

/** What a person sent back to the agents, newest first, and when they received it. */
export const sentBack = (state: OpenGoal): readonly SentBack[] =>
  state.rejections
    .filter((one) => one.mode === 'revise')
    .map(({ at, reason, comments, version }) => ({
      at,
      reason,
      comments,
      receivedAt:
        state.attempts.find((one) => one.kind === 'agent' && one.startedVersion > version)?.startedAt ?? null,
    }))
    .toReversed();
