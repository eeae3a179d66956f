import type { ReactNode } from 'react';

/** One setting: its name, and what it is set with. */
export function Line(props: { name: ReactNode; children: ReactNode }) {
  return (
    <div className="setting">
      <span>{props.name}</span>
      <span>{props.children}</span>
    </div>
  );
}
