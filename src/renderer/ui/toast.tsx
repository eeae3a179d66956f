import { Toaster, toast } from 'sonner';
import { Button } from './button.tsx';
import { Foreign } from './foreign.tsx';
import { Icon } from './icon.tsx';

type Toast = {
  readonly tone: 'plain' | 'pass' | 'fail';
  readonly title: string;
  readonly text?: string;
  readonly act?: { readonly title: string; readonly run: () => void };
};

const icons = { plain: 'info', pass: 'ready', fail: 'failed_infra' } as const;

/** One short notice at the edge of the window. A refusal, and one that offers something, stays longer: it has to be read. */
export function showToast(notice: Toast): void {
  toast.custom(
    () => (
      <div className="toast" role={notice.tone === 'fail' ? 'alert' : 'status'}>
        <Icon name={icons[notice.tone]} tone={notice.tone === 'plain' ? 'mute' : notice.tone} />
        <b className="strong">{notice.title}</b>
        {notice.act ? (
          <Button small variant="ghost" onClick={notice.act.run}>
            {notice.act.title}
          </Button>
        ) : (
          <span />
        )}
        {notice.text !== undefined && (
          <span className="toast-text">
            <Foreign text={notice.text} />
          </span>
        )}
      </div>
    ),
    { duration: notice.tone === 'fail' || notice.act ? 9_000 : 3_000 },
  );
}

export function Toasts() {
  return <Toaster position="bottom-right" offset={{ bottom: 40, right: 16 }} gap={10} visibleToasts={4} />;
}
