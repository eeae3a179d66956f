import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const Bounds = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int(),
  height: z.number().int(),
});
export type Bounds = z.infer<typeof Bounds>;
const WindowState = z.object({ bounds: Bounds, maximized: z.boolean() });
export type WindowState = z.infer<typeof WindowState>;

export const MIN_SIZE = { width: 720, height: 480 };
const USUAL_SIZE = { width: 1_280, height: 840 };

/** As much of a window as a person needs to see to drag it back. */
const VISIBLE = 80;

const clamp = (value: number, low: number, high: number): number =>
  Math.max(low, Math.min(value, Math.max(low, high)));

/**
 * Where the window opens: where it was, made to fit the screens there are now. `areas` are their work areas, the primary
 * one first. A window on a screen that is gone comes back in the middle of the primary one.
 */
export function placeWindow(saved: WindowState | null, areas: readonly Bounds[]): WindowState {
  const primary = areas[0] ?? { x: 0, y: 0, ...USUAL_SIZE };
  const sized = (size: { width: number; height: number }, area: Bounds) => ({
    width: clamp(size.width, Math.min(MIN_SIZE.width, area.width), area.width),
    height: clamp(size.height, Math.min(MIN_SIZE.height, area.height), area.height),
  });
  const bounds = saved?.bounds;
  const area = bounds && areas.find((one) => overlaps(bounds, one));
  if (!bounds || !area) {
    const size = sized(bounds ?? USUAL_SIZE, primary);
    return {
      bounds: {
        x: Math.round(primary.x + (primary.width - size.width) / 2),
        y: Math.round(primary.y + (primary.height - size.height) / 2),
        ...size,
      },
      maximized: saved?.maximized ?? false,
    };
  }
  const size = sized(bounds, area);
  return {
    bounds: {
      x: clamp(bounds.x, area.x, area.x + area.width - size.width),
      y: clamp(bounds.y, area.y, area.y + area.height - size.height),
      ...size,
    },
    maximized: saved.maximized,
  };
}

function overlaps(window: Bounds, area: Bounds): boolean {
  const shared = (a: number, aSize: number, b: number, bSize: number): number =>
    Math.min(a + aSize, b + bSize) - Math.max(a, b);
  return (
    shared(window.x, window.width, area.x, area.width) >= VISIBLE &&
    shared(window.y, window.height, area.y, area.height) >= VISIBLE
  );
}

export function readWindowState(path: string): WindowState | null {
  try {
    const parsed = WindowState.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null; // the first start, or a file that is not ours any more
  }
}

export function writeWindowState(path: string, state: WindowState): void {
  try {
    writeFileSync(`${path}.new`, JSON.stringify(state), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  } catch {
    // Where the window was is not worth a word to the person.
  }
}
