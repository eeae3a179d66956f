import { useEffect, useMemo, useState } from 'react';
import type { Digest } from '../../shared/kernel/ids.ts';
import { terminalLines } from '../../shared/safe-text.ts';
import { t } from '../strings.ts';
import { Button } from './button.tsx';
import { useApp } from '../app-context.ts';
import { useRemote } from './hooks.ts';
import { Lines } from './lines.tsx';
import { Loading } from './notes.tsx';
import './artifact.css';

/** One artifact as plain text, a piece at a time. */
export function ArtifactText(props: { digest: Digest; onSize?: (size: number) => void }) {
  const { digest, onSize } = props;
  const { connection } = useApp();
  const first = useRemote(`artifact ${digest}`, (client, signal) =>
    client.goals.artifact({ digest, offset: 0 }, { signal }),
  );
  const [more, setMore] = useState<{ text: string; next: number | null } | null>(null);
  const size = first.value?.size;
  useEffect(() => {
    if (size !== undefined) onSize?.(size);
  }, [size, onSize]);

  const text = (first.value?.text ?? '') + (more?.text ?? '');
  const lines = useMemo(() => terminalLines(text), [text]);
  if (first.phase === 'failed') return <p className="artifact-note">{first.message}</p>;
  if (first.value === undefined) return <Loading what={t.artifact.reading} />;
  if (first.value === null) return <p className="artifact-note">{t.artifact.gone}</p>;
  if (lines.length === 0) return <p className="artifact-note ink-3">{t.artifact.empty}</p>;
  const next = more ? more.next : first.value.nextOffset;
  const readOn = async (): Promise<void> => {
    if (next === null) return;
    const client = await connection.whenLive(new AbortController().signal);
    const piece = await client.goals.artifact({ digest, offset: next });
    if (piece) setMore({ text: (more?.text ?? '') + piece.text, next: piece.nextOffset });
  };
  return (
    <>
      <Lines lines={lines} label={t.artifact.title} />
      {next !== null && (
        <div className="artifact-more">
          <Button small onClick={() => void readOn()}>
            {t.artifact.more}
          </Button>
        </div>
      )}
    </>
  );
}
