import { useMemo, useRef } from 'react';
import { histogram } from '../../../shared/timeline/rows.ts';
import type { Histogram } from '../../../shared/timeline/rows.ts';
import type { GoalData } from '../../stores/goal.ts';
import { t } from '../../strings.ts';
import type { GoalView } from '../../ui/goal-view.ts';
import { clockTime, shortTime } from '../../ui/time.ts';

const BINS = 120;
const HEIGHT = 34;
const GROUND = 24;

/** The history of effort. Dragging goes back in time: the whole goal then shows that moment. */
export function Scrubber(props: { view: GoalView }) {
  const { view } = props;
  const { data, past, travel } = view;
  const track = useRef<HTMLDivElement>(null);
  const history = useMemo(
    () => histogram(data.timeline, BINS),
    // The timeline grows in place.
    // eslint-disable-next-line react/exhaustive-deps
    [data.timeline, data.revision],
  );
  if (!history) return null;
  const span = history.to - history.from;
  const share = past ? Math.min(1, Math.max(0, (past.at - history.from) / span)) : 1;

  const travelTo = (clientX: number): void => {
    const box = track.current?.getBoundingClientRect();
    if (!box) return;
    const at = history.from + ((clientX - box.left) / box.width) * span;
    travel(at >= history.to ? null : versionAt(data, at));
  };

  return (
    <div className="scrubber">
      <span className="small ink-3 num">{shortTime(history.from)}</span>
      <div
        className="scrubber-track"
        ref={track}
        role="slider"
        tabIndex={0}
        aria-label={t.timeline.travel}
        aria-valuemin={1}
        aria-valuemax={data.version}
        aria-valuenow={past?.version ?? data.version}
        aria-valuetext={past ? clockTime(past.at, { seconds: true }) : t.timeline.live}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          travelTo(event.clientX);
        }}
        onPointerMove={(event) => event.buttons === 1 && travelTo(event.clientX)}
      >
        <Bars history={history} />
        <span className="scrubber-cursor" style={{ left: `${share * 100}%` }} />
      </div>
      <span className="small ink-2 num nowrap">
        {past ? clockTime(past.at, { seconds: true }) : `${t.timeline.live}, ${shortTime(history.to)}`}
      </span>
      <div className="scrubber-labels tiny ink-3" aria-hidden="true">
        {labels(history).map((section) => (
          <span
            key={section.at}
            className="ellipsis"
            style={{ left: `${section.at * 100}%`, maxWidth: `${section.width * 100}%` }}
          >
            {section.title}
          </span>
        ))}
      </div>
    </div>
  );
}

function Bars(props: { history: Histogram }) {
  const { bins, sections } = props.history;
  const most = Math.max(1, ...bins.map((bin) => bin.count));
  const failures = bins.filter((bin) => bin.failure).length;
  return (
    <svg
      viewBox={`0 0 ${BINS * 5} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={t.timeline.historyOf(failures)}
    >
      <path d={`M0 ${GROUND + 0.5}H${BINS * 5}`} stroke="var(--line)" />
      {bins.map((bin, index) => {
        if (bin.count === 0) return null;
        const height = 2 + (bin.count / most) ** 0.6 * (GROUND - 8);
        return (
          // A bin is its place in time.
          <g key={index} fill={bin.failure ? 'var(--fail)' : 'var(--text-3)'} opacity={bin.failure ? 1 : 0.6}>
            <rect x={index * 5} y={GROUND - height} width="3" height={height} />
            {bin.failure && <path d={`M${index * 5 - 1.5} ${GROUND - height - 6}h6l-3 4z`} />}
          </g>
        );
      })}
      {sections.slice(1).map((section) => (
        <path
          key={section.at}
          d={`M${section.at * BINS * 5} 2V${GROUND}`}
          stroke="var(--line-strong)"
          strokeDasharray="2 2"
        />
      ))}
    </svg>
  );
}

/** Names of sections wide enough to hold one. */
const labels = (history: Histogram): Histogram['sections'] =>
  history.sections.filter((section) => section.width > 0.07);

/** The version that was the newest at a time. */
function versionAt(data: GoalData, at: number): number {
  const entry = data.timeline.entries.findLast((one) => one.version !== null && one.at <= at);
  return entry?.version ?? 1;
}
