import type { AgentEvent, BackendError } from '../../../runtime/agent-backend.ts';
import type { Quirks } from './quirks.ts';

/** Sets the mode again where the agent may have left it without a word, as after a plan that was approved (agents.md §3.5). */
export type ModeKeeper = {
  readonly see: (event: AgentEvent) => void;
  /** `false`: the agent is in the mode that was set last. */
  readonly inDoubt: boolean;
  /** Settles once the mode is certain; with why it is not. */
  readonly settle: () => Promise<BackendError | null>;
};

export function createModeKeeper(o: {
  readonly quirks: Pick<Quirks, 'modeTools'>;
  readonly set: () => Promise<BackendError | null>;
}): ModeKeeper {
  let inDoubt = false;
  return {
    see(event) {
      // Kimi Code is in plan mode also when it says that entering it has failed.
      const over = event.type === 'tool' && (event.state === 'ok' || event.state === 'failed');
      if (over && o.quirks.modeTools.includes(event.name)) inDoubt = true;
    },
    get inDoubt() {
      return inDoubt;
    },
    async settle() {
      const error = await o.set();
      inDoubt = error !== null;
      return error;
    },
  };
}
