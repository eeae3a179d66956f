import { useCallback } from 'react';
import { toast } from 'sonner';
import type { Result } from '../../shared/kernel/result.ts';
import type { CommandId } from '../../shared/kernel/ids.ts';
import { useApp } from '../app-context.ts';
import type { HostClient } from '../connection.ts';
import { t } from '../strings.ts';
import { showToast } from './toast.tsx';

type Refusal = { readonly code: string; readonly message: string };

/**
 * Sends a command and says so when it is refused. Answers whether it was carried out; it is also sent again after a lost
 * connection, so the answer may take as long as that lasts.
 */
export function useAct() {
  const { pending } = useApp();
  return useCallback(
    async <O>(
      kind: string,
      subject: string,
      call: (client: HostClient, commandId: CommandId) => Promise<Result<O, Refusal>>,
    ): Promise<Result<O, Refusal>> => {
      try {
        const answer = await pending.send({ kind, subject }, call);
        if (!answer.ok) showToast({ tone: 'fail', title: t.failedTitle, text: answer.error.message });
        return answer;
      } catch (cause) {
        const message = cause instanceof Error ? cause.message : String(cause);
        showToast({ tone: 'fail', title: t.failedTitle, text: message });
        return { ok: false, error: { code: 'bridge.failed', message } };
      }
    },
    [pending],
  );
}

/** Puts text on the clipboard and says that it is there; says so when it is not. */
export async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // A page without the permission may still copy what it has selected.
    if (!copySelected(text)) {
      showToast({ tone: 'fail', title: t.notCopied });
      return;
    }
  }
  toast.dismiss();
  showToast({ tone: 'plain', title: `${t.copied}: ${what}` });
}

function copySelected(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.setAttribute('aria-hidden', 'true');
  area.style.position = 'fixed';
  area.style.opacity = '0';
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  return done;
}
