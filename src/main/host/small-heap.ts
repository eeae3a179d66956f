import { setFlagsFromString } from 'node:v8';

/**
 * A host holds little and passes on much. Left to itself, V8 answers a flood with a young space that grows to most of the
 * process; kept small, the flood is collected as it passes (docs/benchmarks.md, P6).
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
