import type { Display, Point, Rectangle } from 'electron';
import { LoudEmitter } from './absent.ts';
import { record } from './record.ts';

/** A display with the fields programs read; Electron's type has many more that describe hardware. */
function display(id: number, bounds: Rectangle): Display {
  const size = { width: bounds.width, height: bounds.height };
  const known = {
    id,
    bounds,
    size,
    workArea: bounds,
    workAreaSize: size,
    label: `Display ${id}`,
    scaleFactor: 1,
    rotation: 0,
    internal: false,
    detected: true,
    colorDepth: 24,
    displayFrequency: 60,
    touchSupport: 'unknown',
    accelerometerSupport: 'unknown',
    monochrome: false,
  };
  return known as unknown as Display;
}

function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}

class Screen extends LoudEmitter {
  static override readonly label = 'screen';

  getAllDisplays(): Display[] {
    return record.displays;
  }

  getPrimaryDisplay(): Display {
    const [primary] = record.displays;
    if (primary === undefined) throw new Error('electron double: __electronDouble.displays is empty.');
    return primary;
  }

  /** The display that shows most of `rect`, or the primary one when none shows any. */
  getDisplayMatching(rect: Rectangle): Display {
    let best = this.getPrimaryDisplay();
    for (const candidate of record.displays) {
      if (overlap(candidate.bounds, rect) > overlap(best.bounds, rect)) best = candidate;
    }
    return best;
  }

  getDisplayNearestPoint(point: Point): Display {
    return this.getDisplayMatching({ ...point, width: 1, height: 1 });
  }

  getCursorScreenPoint(): Point {
    return { x: 0, y: 0 };
  }
}

record.displays = [display(1, { x: 0, y: 0, width: 1920, height: 1080 })];
export const screen = new Screen();
