import { useEffect, useState } from 'react';
import type { RefObject } from 'react';

/** Width of a character of 12 px code, and what numbers and margins take on each side. */
const CHARACTER_PX = 7.25;
const SIDE_PX = 64;
/** Lines beyond this wrap in any layout; they do not decide it. */
const LONG_LINE = 100;

/** Whether two columns hold the longest changed line without wrapping it. */
export function useFits(element: RefObject<HTMLElement | null>, longest: number): boolean {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observed = element.current;
    if (!observed) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0));
    observer.observe(observed);
    return () => observer.disconnect();
  }, [element]);
  const columns = (width / 2 - SIDE_PX) / CHARACTER_PX;
  return columns >= Math.min(longest, LONG_LINE);
}
