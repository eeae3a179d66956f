import type { AppInfo } from '../../shared/api/agents.ts';
import { t } from '../strings.ts';
import { servedFrom } from '../transports.ts';

/** Whether anything of omk listens on TCP: the host, or the process that served this page and only passes on to the host. */
export function listeningText(info: Pick<AppInfo, 'listening'>): string {
  const address = info.listening ?? servedFrom(window);
  return address === null ? t.footer.notListening : t.footer.listening(address);
}
