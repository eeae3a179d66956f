import { Notification } from 'electron';
import type { AppCommand } from '../../shared/api/agents.ts';
import type { Notice } from '../host/attention.ts';

/** What a notification shows of a long sentence; systems cut it without a mark. */
const TITLE_LIMIT = 120;
const BODY_LIMIT = 240;

const short = (text: string, limit: number): string =>
  text.length > limit ? `${text.slice(0, limit - 1)}…` : text;

/** Shown notifications: one that is collected as garbage can no longer be clicked. */
const shown = new Set<Notification>();

/** Shows one notification; a click lands on its question, or on its goal. */
export function notify(notice: Notice, open: (command: AppCommand) => void): void {
  if (!Notification.isSupported()) return;
  const { goalId, questionId } = notice;
  const notification = new Notification({
    title: short(notice.title, TITLE_LIMIT),
    body: short(notice.body, BODY_LIMIT),
  });
  const forget = (): void => void shown.delete(notification);
  notification.on('click', () => {
    forget();
    open(
      questionId === null
        ? { command: 'open-goal', goalId }
        : { command: 'open-question', goalId, questionId },
    );
  });
  notification.on('close', forget);
  notification.on('failed', forget);
  shown.add(notification);
  notification.show();
}
