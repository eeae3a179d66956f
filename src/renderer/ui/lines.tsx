import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { TerminalLine } from '../../shared/safe-text.ts';
import { t } from '../strings.ts';
import './artifact.css';
import { Scroller } from './scroller.tsx';

const LINE_HEIGHT = 18;

/** Output as lines, drawn only where they are looked at. */
export function Lines(props: { lines: readonly TerminalLine[]; label: string }) {
  const { lines } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 20,
  });
  return (
    <Scroller className="lines" ref={scroller} label={props.label}>
      <div className="lines-inner" style={{ height: virtual.getTotalSize() + 16 }}>
        {virtual.getVirtualItems().map((item) => {
          const line = lines[item.index];
          return (
            <div className="line" key={item.key} style={{ transform: `translateY(${item.start + 8}px)` }}>
              <span className="line-number" aria-hidden="true">
                {item.index + 1}
              </span>
              <span className="line-text">
                {line?.text}
                {line && line.cut > 0 && <span className="ink-3"> {t.artifact.cut(line.cut)}</span>}
              </span>
            </div>
          );
        })}
      </div>
    </Scroller>
  );
}
