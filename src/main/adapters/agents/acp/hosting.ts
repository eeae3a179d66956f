import type { AgentEvent, AgentHost } from '../../../runtime/agent-backend.ts';
import type { Executor } from './executor/executor.ts';
import { createHostCalls } from './host-calls.ts';
import type { HostCalls } from './host-calls.ts';
import { withoutArgs } from './map.ts';
import type { ToolBook } from './map.ts';
import { fullerOf } from './permission.ts';
import type { Quirks } from './quirks.ts';
import type { SidecarTracker } from './sidecar-tracker.ts';

/** Builds what carries out an agent's commands and writes, given who permits them. */
export type MakeExecutor = (o: {
  readonly inTurn: () => boolean;
  readonly permit: HostCalls['permit'];
  readonly onOutput: (terminalId: string) => void;
}) => Executor;

/** What omk does for the agent, and whom it asks first: the two know each other, because what was permitted comes again to be done. */
export function createHosting(o: {
  readonly host: AgentHost;
  readonly hostDeadlineMs: number;
  readonly quirks: Quirks;
  readonly book: ToolBook;
  readonly makeExecutor: MakeExecutor;
  readonly agentVersion: () => string;
  readonly tracker: () => SidecarTracker | null;
  readonly readFile: () => void;
  /** The session that may ask just now; `null` while no turn runs, or it is being ended. */
  readonly askingSession: () => string | null;
  readonly tell: (words: string) => void;
  readonly emit: (event: AgentEvent) => void;
  readonly touch: () => void;
}): { readonly hostCalls: HostCalls; readonly executor: Executor } {
  const { quirks, book, emit } = o;
  const hostCalls = createHostCalls({
    host: o.host,
    quirks,
    book,
    deadlineMs: o.hostDeadlineMs,
    askingSession: o.askingSession,
    fuller: async (permission) => {
      // The file is written within milliseconds of the request.
      for (let tries = 0; tries < 30; tries += 1) {
        const tracker = o.tracker();
        if (tracker === null) return null;
        o.readFile();
        const found = fullerOf(permission, tracker.approvals(permission.toolCallId ?? ''));
        if (found !== null) return found;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return null;
    },
    refusedLater: (tool) =>
      quirks.refusedLater?.tool === tool && quirks.refusedLater.versions.test(o.agentVersion()),
    served: (terminalId) => executor.report(terminalId),
    realPath: (path) => executor.realPath(path),
    preview: (path, content) => executor.preview(path, content),
    tell: o.tell,
    emit,
    onSettled: o.touch,
  });
  const executor = o.makeExecutor({
    inTurn: () => o.askingSession() !== null,
    permit: (request, signal) => hostCalls.permit(request, signal),
    onOutput(terminalId) {
      o.touch();
      const card = [...book.values()].findLast((one) => one.terminalId === terminalId);
      const output = executor.report(terminalId)?.output ?? '';
      if (card?.state === 'running' || card?.state === 'pending') emit({ ...withoutArgs(card), output });
    },
  });
  return { hostCalls, executor };
}
