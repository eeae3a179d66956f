import { useState } from 'react';
import type { TimelineEntry, TimelineIcon, TimelineSpan } from '../../../shared/timeline/model.ts';
import { duration, percent } from '../../../shared/units.ts';
import type { Activity } from '../../../shared/timeline/signals.ts';
import { t } from '../../strings.ts';
import { EvidenceLink } from '../../ui/artifact-dialog.tsx';
import { Foreign, ForeignProse } from '../../ui/foreign.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon.tsx';
import { shortTime } from '../../ui/time.ts';

const icons: Record<TimelineIcon, IconName> = {
  agent: 'agent',
  text: 'chat',
  thought: 'thought',
  command: 'terminal',
  edit: 'edit',
  read: 'eye',
  search: 'search',
  branch: 'branch',
  gate: 'gate',
  budget: 'budget',
  question: 'blocked_on_human',
  decision: 'decision',
  failure: 'cross',
  lost: 'failed_infra',
  working: 'running',
  note: 'info',
  proof: 'pass',
  lock: 'lock',
};

/** Text longer than this is shown by its beginning. */
const LONG = 900;

export function EntryRow(props: {
  entry: TimelineEntry;
  /** The head of the attempt, when another one spoke before. */
  speaker: string | null;
  current: boolean;
  /** Still growing: shown whole. */
  growing: boolean;
}) {
  const { entry, speaker } = props;
  const quoted = entry.lead === '' && (entry.icon === 'text' || entry.icon === 'thought');
  return (
    <div
      className="entry"
      data-tone={entry.tone === 'plain' ? undefined : entry.tone}
      data-head={entry.head || undefined}
      data-current={props.current || undefined}
    >
      <span className="entry-time">{shortTime(entry.at)}</span>
      <span className="entry-icon">
        <Icon name={icons[entry.icon]} />
      </span>
      <div className="entry-text">
        {speaker !== null && <span className="ink-3 small">{speaker} </span>}
        {quoted ? (
          <Words text={entry.spans[0]?.text ?? ''} thought={entry.icon === 'thought'} whole={props.growing} />
        ) : (
          <Sentence lead={entry.lead} spans={entry.spans} />
        )}
        {entry.block.length > 0 && (
          <div className="entry-block" ref={reachIfLong}>
            {entry.block.map((line, index) => (
              // Lines of one block have no identity but their place.
              <div key={index}>
                <Foreign text={line} />
              </div>
            ))}
          </div>
        )}
      </div>
      <span className="entry-aside">
        {entry.aside !== '' && <Foreign text={entry.aside} />}
        {entry.evidence.length > 0 && (
          <EvidenceLink
            digests={entry.evidence}
            label={t.timeline.evidence(entry.evidence.length)}
            title={`${entry.lead} ${entry.spans.map((span) => span.text).join('')}`.trim()}
          />
        )}
      </span>
    </div>
  );
}

/** A block that has to be scrolled is reached by keyboard; making a stop of every block would bury the rest. */
function reachIfLong(element: HTMLElement | null) {
  if (!element) return undefined;
  const check = (): void => {
    if (element.scrollHeight > element.clientHeight) element.tabIndex = 0;
    else element.removeAttribute('tabindex');
  };
  const observer = new ResizeObserver(check);
  observer.observe(element);
  return () => observer.disconnect();
}

const tones = { dim: 'ink-3', pass: 'tone-pass', fail: 'tone-fail' } as const;

function Sentence(props: { lead: string; spans: readonly TimelineSpan[] }) {
  const { lead, spans } = props;
  const joins = lead !== '' && spans[0] !== undefined && !/^[\s,.:;]/.test(spans[0].text);
  return (
    <>
      {lead !== '' && (
        <b>
          <ForeignProse text={lead} />
        </b>
      )}
      {joins && ' '}
      {spans.map((span, index) =>
        span.as === 'code' ? (
          <code key={index}>
            <Foreign text={span.text} />
          </code>
        ) : (
          <span key={index} className={span.as && tones[span.as]}>
            <ForeignProse text={span.text} />
          </span>
        ),
      )}
    </>
  );
}

function Words(props: { text: string; thought: boolean; whole: boolean }) {
  const { text } = props;
  const [open, setOpen] = useState(false);
  const cut = !open && !props.whole && text.length > LONG;
  return (
    <>
      <div className="entry-words" data-cut={cut || undefined} data-thought={props.thought || undefined}>
        <ForeignProse text={cut ? text.slice(0, LONG) : text} />
      </div>
      {(cut || open) && (
        <button type="button" className="evidence-link" onClick={() => setOpen((last) => !last)}>
          {open ? t.timeline.lessText : t.timeline.moreText}
        </button>
      )}
    </>
  );
}

/** A quiet attempt is shown as quiet from here on. */
const SILENT_MS = 60_000;

export function ActivityRow(props: { activity: Activity }) {
  const { activity } = props;
  const silent = activity.silentMs >= SILENT_MS;
  return (
    <div className="entry">
      <span className="entry-time">{shortTime(activity.at)}</span>
      <span className="entry-icon">
        <Icon name="running" turning />
      </span>
      <div className="entry-text">
        <b>{t.timeline.working}</b>{' '}
        <span className="ink-2">
          <Foreign text={activity.label} />
        </span>
        {activity.context !== null && (
          <span className="ink-3"> · {t.timeline.context(percent(activity.context))}</span>
        )}
      </div>
      <span className={silent ? 'entry-aside tone-warn' : 'entry-aside'}>
        {silent
          ? t.timeline.silent(duration(activity.silentMs))
          : activity.done !== null
            ? `${activity.done}${activity.total === null ? '' : ` / ${activity.total}`}`
            : ''}
      </span>
    </div>
  );
}
