import type { ReactNode } from 'react';
import type { GoalStatus } from '../../shared/goal/vocabulary.ts';

/** Drawn on a 16 px grid with a 1.5 px line. Only the three statuses to be seen from across the room are filled. */
const glyphs = {
  running: (
    <>
      <circle cx="8" cy="8" r="5.75" opacity=".28" />
      <path d="M8 2.25A5.75 5.75 0 1 1 2.6 10" />
    </>
  ),
  paused: (
    <>
      <circle cx="8" cy="8" r="5.75" />
      <path d="M6.6 6v4M9.4 6v4" />
    </>
  ),
  ready: (
    <>
      <circle cx="8" cy="8" r="6.5" fill="currentColor" stroke="none" />
      <path d="m5.2 8.2 2 2 3.7-4.2" stroke="var(--surface)" strokeWidth="1.7" />
    </>
  ),
  not_ready: (
    <>
      <circle cx="8" cy="8" r="5.75" />
      <path d="m6 6 4 4M10 6l-4 4" />
    </>
  ),
  blocked_on_human: (
    <>
      <path
        d="M3.5 2h9A1.5 1.5 0 0 1 14 3.5v6a1.5 1.5 0 0 1-1.5 1.5H8.6L5 14v-3H3.5A1.5 1.5 0 0 1 2 9.5v-6A1.5 1.5 0 0 1 3.5 2Z"
        fill="currentColor"
        stroke="none"
      />
      <path
        d="M6.5 5.3A1.6 1.6 0 1 1 8.4 6.9c-.3.1-.4.3-.4.6M8 9.1v.05"
        stroke="var(--surface)"
        strokeWidth="1.4"
      />
    </>
  ),
  blocked_on_external: <path d="M5.5 2v3.5M10.5 2v3.5M3.8 5.5h8.4v2a4.2 4.2 0 0 1-8.4 0ZM8 11.7V14" />,
  needs_more_budget: (
    <>
      <path d="M3.4 12.6a6 6 0 1 1 9.2 0" />
      <path d="m8 9 3.2-2.4" />
      <circle cx="8" cy="9" r=".9" fill="currentColor" />
      <path d="M5.5 13.5h5" />
    </>
  ),
  failed_infra: (
    <>
      <path
        d="M7.13 2.5a1 1 0 0 1 1.74 0l5.5 9.8a1 1 0 0 1-.87 1.5h-11a1 1 0 0 1-.87-1.5Z"
        fill="currentColor"
        stroke="none"
      />
      <path d="M8 6.3v3M8 11.4v.05" stroke="var(--surface)" strokeWidth="1.6" />
    </>
  ),
  cancelled: (
    <>
      <circle cx="8" cy="8" r="5.75" />
      <path d="M4.2 11.8 11.8 4.2" />
    </>
  ),

  pass: <path d="m3.5 8.5 3 3 6-7" />,
  cross: <path d="m4 4 8 8M12 4l-8 8" />,
  flaky: <path d="M2.5 9.5c1.8-4 3.7-4 5.5-1.5s3.7 2.5 5.5-1.5" />,
  dash: <path d="M3.5 8h9" />,
  absent: <circle cx="8" cy="8" r="4.5" strokeDasharray="2 2.3" />,
  waiting: <circle cx="8" cy="8" r="5.25" strokeDasharray="1.5 2.6" />,

  agent: (
    <>
      <rect x="3" y="5" width="10" height="8" rx="2" />
      <path d="M8 2.5V5M6 8.5v1M10 8.5v1" />
    </>
  ),
  back: <path d="M6 4 2.5 7.5 6 11M2.5 7.5H10a3.5 3.5 0 0 1 0 7H8" />,
  branch: (
    <>
      <circle cx="4.5" cy="3.8" r="1.6" />
      <circle cx="4.5" cy="12.2" r="1.6" />
      <circle cx="11.5" cy="5.8" r="1.6" />
      <path d="M4.5 5.4v5.2M11.5 7.4c0 2.4-3 2.6-5.5 3.6" />
    </>
  ),
  budget: (
    <>
      <circle cx="8" cy="8" r="5.75" />
      <path d="M8 2.25V8l4 4" />
    </>
  ),
  chat: <path d="M3 3h10v8H8l-3 2.5V11H3Z" />,
  clock: (
    <>
      <circle cx="8" cy="8" r="5.75" />
      <path d="M8 4.8V8l2.2 1.6" />
    </>
  ),
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
      <path d="M10.5 3H4a1.5 1.5 0 0 0-1.5 1.5v6" />
    </>
  ),
  decision: <path d="M8 2v4M8 6 4 10v4M8 6l4 4v4" />,
  disk: (
    <>
      <ellipse cx="8" cy="4" rx="5" ry="2" />
      <path d="M3 4v8c0 1.1 2.2 2 5 2s5-.9 5-2V4M3 8c0 1.1 2.2 2 5 2s5-.9 5-2" />
    </>
  ),
  dots: <path d="M3.5 8h.01M8 8h.01M12.5 8h.01" strokeWidth="2" />,
  down: <path d="m4 6 4 4 4-4" />,
  right: <path d="m6 4 4 4-4 4" />,
  edit: <path d="m10.5 3 2.5 2.5L6 12.5l-3 .5.5-3Z" />,
  eye: (
    <>
      <path d="M1.5 8s2.5-4 6.5-4 6.5 4 6.5 4-2.5 4-6.5 4-6.5-4-6.5-4Z" />
      <circle cx="8" cy="8" r="1.8" />
    </>
  ),
  file: <path d="M4 2h5l3 3v9H4ZM9 2v3h3" />,
  folder: (
    <path d="M2 4.5A1.5 1.5 0 0 1 3.5 3h2.8l1.5 2h4.7A1.5 1.5 0 0 1 14 6.5v5a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 2 11.5Z" />
  ),
  gate: <path d="M3 13.5V5l5-2.5L13 5v8.5M6 13.5V8h4v5.5" />,
  gear: (
    <>
      <circle cx="8" cy="8" r="2" />
      <path d="M8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2M3.6 3.6 5 5M11 11l1.4 1.4M12.4 3.6 11 5M5 11l-1.4 1.4" />
    </>
  ),
  info: (
    <>
      <circle cx="8" cy="8" r="5.75" />
      <path d="M8 7.5v3.5M8 5.2v.05" />
    </>
  ),
  left: <path d="m10 4-4 4 4 4" />,
  lock: (
    <>
      <rect x="3.5" y="7" width="9" height="6.5" rx="1.5" />
      <path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2" />
    </>
  ),
  moon: <path d="M13 9.6A5.4 5.4 0 0 1 6.4 3 5.4 5.4 0 1 0 13 9.6Z" />,
  offline: <path d="M2 6.5a8.5 8.5 0 0 1 12 0M4.3 9a5.2 5.2 0 0 1 7.4 0M8 12v.05M2 2l12 12" />,
  out: <path d="M9 3h4v4M13 3 7 9M11 9.5V13H3V5h3.5" />,
  panel: (
    <>
      <rect x="2" y="3" width="12" height="10" rx="1.5" />
      <path d="M10 3v10" />
    </>
  ),
  pause: <path d="M5.5 4v8M10.5 4v8" />,
  play: <path d="M5 3.5v9l7-4.5Z" />,
  plus: <path d="M8 3v10M3 8h10" />,
  quote: <path d="M3 5h10M3 8h10M3 11h6" />,
  retry: <path d="M13 8a5 5 0 1 1-1.6-3.7M13 2.5v3h-3" />,
  search: (
    <>
      <circle cx="7" cy="7" r="4.25" />
      <path d="m10.3 10.3 3.2 3.2" />
    </>
  ),
  shield: <path d="M8 2 3 4v4c0 3 2 5 5 6 3-1 5-3 5-6V4Z" />,
  sun: (
    <>
      <circle cx="8" cy="8" r="2.8" />
      <path d="M8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9" />
    </>
  ),
  terminal: <path d="m3 5 3 3-3 3M8 11.5h5" />,
  thought: (
    <>
      <circle cx="8" cy="6.5" r="4" />
      <path d="M5.2 12.2v.05M3.6 14v.05" strokeWidth="1.8" />
    </>
  ),
  warn: <path d="M8 2.5 14.2 13.5H1.8ZM8 6.8v3M8 11.7v.05" />,
} satisfies Record<string, ReactNode> & Record<GoalStatus, ReactNode>;

export type IconName = keyof typeof glyphs;

/** Decoration: the word beside it, or a visually hidden one, carries the meaning. */
export function Icon(props: { name: IconName; small?: boolean; turning?: boolean; tone?: string }) {
  const classes = [
    'icon',
    props.small && 'icon-small',
    props.turning && 'icon-turning',
    props.tone && `tone-${props.tone}`,
  ];
  return (
    <svg className={classes.filter(Boolean).join(' ')} viewBox="0 0 16 16" aria-hidden="true">
      {glyphs[props.name]}
    </svg>
  );
}

/** The arrow between base and result. */
export function PairArrow() {
  return (
    <svg className="icon icon-arrow" viewBox="0 0 8 16" aria-hidden="true">
      <path d="M1 8h6M5 5.5 7.5 8 5 10.5" />
    </svg>
  );
}
