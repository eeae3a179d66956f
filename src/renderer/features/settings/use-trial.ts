import { useCallback, useEffect, useRef, useState } from 'react';
import type { AgentEntry } from '../../../shared/agent-entry.ts';
import type { TryItem } from '../../../shared/api/agents.ts';
import { useApp } from '../../app-context.ts';

export type TrialStage = Extract<TryItem, { type: 'stage' }>;

/** One trial of an agent as it goes. */
export type Trial = {
  readonly entry: AgentEntry;
  readonly startedAt: number;
  /** The newest word on each stage, in order. */
  readonly stages: readonly TrialStage[];
  readonly agent: Extract<TryItem, { type: 'agent' }> | null;
  readonly end:
    | { readonly type: 'ended'; readonly ok: boolean; readonly ms: number }
    | { readonly type: 'stopped' }
    | { readonly type: 'failed'; readonly message: string }
    | null;
};

/** Runs trials one at a time; leaving the screen ends the one that runs. */
export function useTrial(): {
  readonly trial: Trial | null;
  readonly start: (entry: AgentEntry) => void;
  readonly stop: () => void;
} {
  const { connection } = useApp();
  const [trial, setTrial] = useState<Trial | null>(null);
  const ending = useRef<AbortController | null>(null);
  useEffect(() => () => ending.current?.abort(), []);

  const start = useCallback(
    (entry: AgentEntry): void => {
      ending.current?.abort();
      const controller = new AbortController();
      ending.current = controller;
      const { signal } = controller;
      setTrial({ entry, startedAt: Date.now(), stages: [], agent: null, end: null });
      const change = (next: (last: Trial) => Trial): void => {
        if (!signal.aborted) setTrial((last) => (last === null ? last : next(last)));
      };
      const run = async (): Promise<void> => {
        const client = await connection.whenLive(signal);
        for await (const item of client.agents.tryOut(entry, { signal })) change((last) => after(last, item));
      };
      run().catch((cause: unknown) =>
        change((last) => ({
          ...last,
          end: { type: 'failed', message: cause instanceof Error ? cause.message : String(cause) },
        })),
      );
    },
    [connection],
  );
  const stop = useCallback((): void => {
    ending.current?.abort();
    setTrial((last) => (last === null || last.end !== null ? last : { ...last, end: { type: 'stopped' } }));
  }, []);
  return { trial, start, stop };
}

function after(trial: Trial, item: TryItem): Trial {
  switch (item.type) {
    case 'stage':
      return { ...trial, stages: [...trial.stages.filter(({ stage }) => stage !== item.stage), item] };
    case 'agent':
      return { ...trial, agent: item };
    case 'ended':
      return { ...trial, end: { type: 'ended', ok: item.ok, ms: item.ms } };
  }
}
