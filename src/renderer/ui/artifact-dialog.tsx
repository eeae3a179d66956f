import { Foreign } from './foreign.tsx';
import { useState } from 'react';
import type { Digest } from '../../shared/kernel/ids.ts';
import { bytes, short } from '../../shared/units.ts';
import { t } from '../strings.ts';
import { Sheet } from './floating.tsx';
import { ArtifactText } from './artifact-text.tsx';

/** Evidence, opened: one artifact, or a choice between several. */
export function ArtifactDialog(props: { digests: readonly Digest[]; title: string; onClose: () => void }) {
  const { digests } = props;
  const [chosen, setChosen] = useState<Digest | null>(digests[0] ?? null);
  const [size, setSize] = useState<number | null>(null);
  return (
    <Sheet open wide onClose={props.onClose} title={<Foreign text={props.title} />}>
      <div className="artifact">
        {digests.length > 1 && (
          <ul className="artifact-list" aria-label={t.artifact.several}>
            {digests.map((digest) => (
              <li key={digest}>
                <button
                  type="button"
                  className="artifact-choice mono"
                  aria-pressed={digest === chosen}
                  onClick={() => setChosen(digest)}
                >
                  {short(digest)}
                </button>
              </li>
            ))}
          </ul>
        )}
        <div className="artifact-body">
          <div className="artifact-facts small ink-3">
            <code className="ellipsis" title={chosen ?? undefined}>
              {chosen}
            </code>
            {size !== null && <span className="num nowrap">{bytes(size)}</span>}
          </div>
          {chosen !== null && <ArtifactText key={chosen} digest={chosen} onSize={setSize} />}
          <p className="artifact-foot small ink-3">{t.artifact.safe}</p>
        </div>
      </div>
    </Sheet>
  );
}

/** A link to evidence that opens it here. Nothing when there is none. */
export function EvidenceLink(props: { digests: readonly Digest[]; label: string; title: string }) {
  const [open, setOpen] = useState(false);
  if (props.digests.length === 0) return null;
  return (
    <>
      <button type="button" className="evidence-link" onClick={() => setOpen(true)}>
        {props.label}
      </button>
      {open && <ArtifactDialog digests={props.digests} title={props.title} onClose={() => setOpen(false)} />}
    </>
  );
}
