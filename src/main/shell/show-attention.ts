import type { AppCommand } from '../../shared/api/agents.ts';
import { openAttentionMemory } from '../host/attention-memory.ts';
import type { Summary } from '../host/attention.ts';
import type { HostLink } from '../host/host-link.ts';
import { watchAttention } from '../host/watch-attention.ts';
import { notify } from './notifications.ts';
import { createTray } from './tray.ts';

/** Shows what the host says a person should know: notifications, the tray, the badge. Gives a function that stops it. */
export function startAttention(o: {
  readonly link: HostLink;
  readonly memoryFile: string;
  readonly icons: string;
  /** Brings the window up; `null` asks nothing of its page. */
  readonly open: (command: AppCommand | null) => void;
  readonly onSummary: (summary: Summary) => void;
}): () => void {
  // A desktop without a tray, a disk without room: neither is worth more than being left out.
  const ignore = (): void => {};
  const show = createTray({ icons: o.icons, open: o.open, onProblem: ignore });
  const watch = watchAttention({
    link: o.link,
    memory: openAttentionMemory(o.memoryFile, { warn: ignore }),
    onNotice: (notice) => notify(notice, o.open),
    onSummary(summary) {
      o.onSummary(summary);
      show(summary);
    },
  });
  return watch.stop;
}
