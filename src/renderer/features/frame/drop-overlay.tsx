import { useEffect, useState } from 'react';
import { useApp } from '../../app-context.ts';
import { t } from '../../strings.ts';
import { Icon } from '../../ui/icon.tsx';
import { showToast } from '../../ui/toast.tsx';

type Over = { readonly name: string | null; readonly many: boolean };

/** Anywhere in the window: a folder that is dragged in lights it up, and opens the form when it is dropped. */
export function DropOverlay() {
  const { router, pathForFile } = useApp();
  const [over, setOver] = useState<Over | null>(null);
  useEffect(() => {
    let depth = 0;
    const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
    const enter = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      depth += 1;
      const items = [...(event.dataTransfer?.items ?? [])].filter((item) => item.kind === 'file');
      // While it hovers the name of what is dragged is not told everywhere; what is known is shown.
      setOver({ name: items[0]?.getAsFile()?.name || null, many: items.length > 1 });
    };
    const hover = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      // Without this the page itself would navigate to the file.
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    };
    const leave = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(null);
    };
    const drop = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(null);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 1) return showToast({ tone: 'fail', title: t.drop.many });
      const path = files[0] ? pathForFile(files[0]) : null;
      if (path === null || path === '') {
        showToast({ tone: 'plain', title: t.drop.noPath });
        router.go({ screen: 'new', path: null });
      } else {
        router.go({ screen: 'new', path });
      }
    };
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragover', hover);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragover', hover);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, [router, pathForFile]);

  if (!over) return null;
  return (
    <div className="drop" role="dialog" aria-label={t.drop.title}>
      <div className="drop-frame">
        <div className="drop-card">
          <FolderMark />
          <div>
            <h2>{over.many ? t.drop.many : over.name ? t.drop.titleIn(over.name) : t.drop.title}</h2>
            <p className="ink-2">{t.drop.hint}</p>
            <p className="small ink-3 row">
              <Icon name="shield" />
              {t.drop.nothingRuns}
            </p>
          </div>
        </div>
      </div>
    </div>
  );
}

function FolderMark() {
  return (
    <svg
      width="40"
      height="40"
      viewBox="0 0 40 40"
      fill="none"
      stroke="var(--accent)"
      strokeWidth="1.5"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path
        d="M4 11a4 4 0 0 1 4-4h7.5l4 5H32a4 4 0 0 1 4 4v13a4 4 0 0 1-4 4H8a4 4 0 0 1-4-4Z"
        fill="var(--accent-soft)"
      />
      <path d="M20 17v10M15.5 22.5 20 27l4.5-4.5" strokeLinecap="round" />
    </svg>
  );
}
