import type { ReactNode, Ref, UIEventHandler } from 'react';

/** A part of the page that scrolls on its own: named, and reached and scrolled by keyboard. */
export function Scroller({
  ref,
  ...props
}: {
  className: string;
  label: string;
  role?: 'region' | 'group';
  ref?: Ref<HTMLDivElement>;
  onScroll?: UIEventHandler<HTMLDivElement>;
  open?: boolean;
  children: ReactNode;
}) {
  return (
    <div
      className={props.className}
      ref={ref ?? null}
      role={props.role ?? 'region'}
      aria-label={props.label}
      data-scroller
      data-open={props.open || undefined}
      onScroll={props.onScroll}
      tabIndex={0}
    >
      {props.children}
    </div>
  );
}
