import type { GateSpec } from '../../../../src/shared/goal/vocabulary.ts';
import type { TreeReader } from '../../../../src/main/runtime/ports.ts';

/** Through the package manager, which reads the manifest that is there. */
export const refineGates = async (_: TreeReader, gates: readonly GateSpec[]): Promise<GateSpec[]> =>
  gates.map((gate) =>
    gate.source.endsWith('scripts.test') ? { ...gate, argv: ['npm', 'run', 'test'], parser: 'none' } : gate,
  );
