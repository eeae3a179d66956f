import { percent } from '../../shared/units.ts';
import { t } from '../strings.ts';

const AROUND = 2 * Math.PI * 6;
const HOT = 0.85;

/** The largest used share of any budget. A spent ring is full; from 85 % it warns. */
export function Ring(props: { share: number }) {
  const share = Math.min(1, Math.max(0, props.share));
  return (
    <svg
      className="ring"
      viewBox="0 0 16 16"
      role="img"
      aria-label={t.budgetUsed(percent(props.share))}
      data-hot={share >= HOT || undefined}
    >
      <circle cx="8" cy="8" r="6" />
      <circle className="ring-used" cx="8" cy="8" r="6" strokeDasharray={`${share * AROUND} 99`} />
    </svg>
  );
}

/** Solid is used, hatched is reserved for what runs. */
export function Bar(props: { used: number; reserved?: number; label: string }) {
  const used = Math.min(1, Math.max(0, props.used));
  const reserved = Math.min(1 - used, Math.max(0, props.reserved ?? 0));
  return (
    <span className="bar" role="img" aria-label={props.label} data-hot={used >= HOT || undefined}>
      <span className="bar-used" style={{ width: `${used * 100}%` }} />
      <span className="bar-reserved" style={{ width: `${reserved * 100}%` }} />
    </span>
  );
}
